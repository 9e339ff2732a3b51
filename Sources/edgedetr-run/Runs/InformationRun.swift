import EdgeDETR
import Kernels
import Messages
import ModelFile
import Runtime

/// Prints what this program can do here, and what a model expects.
struct InformationRun {
  private let options: RunOptions
  private let table: KernelTable
  private let model: MappedModel?

  init(_ options: RunOptions) throws(RunError) {
    self.options = options
    table = try RunCommand.table(options)
    model = options.operands.isEmpty ? nil : try RunCommand.model(options)
  }

  func run() throws(RunError) -> Int32 {
    var compiled: Message = ""
    for name in KernelTable.compiledNames {
      compiled += compiled.text.isEmpty ? "\(name)" : ", \(name)"
    }
    var text: Message = "edgedetr-run \(RunCommand.version), \(Self.architecture)\n"
    text += "kernels in this program: \(compiled)\n"
    text += "kernels of this processor: \(KernelTable.supportedNames)\n"
    text += "kernels to use: \(table.name)\n"
    text += "processors: \(ProcessorSet.allowed.count)\n"
    text += "threads: \(options.threads)\n"
    if let model { text += Self.text(model) }
    try StandardOutput.write(text)
    return 0
  }

  private static func text(_ model: MappedModel) -> Message {
    let information = model.model.information
    var text: Message = "model: \(model.path), \(model.model.bytes.count) bytes\n"
    let rule: Message =
      switch information.sizeRule {
      case .edges(let shortest, let longest):
        "shortest edge \(shortest), longest at most \(longest)"
      case .fixed(let height, let width): "always \(height)x\(width)"
      case .unchanged: "the picture's own"
      }
    text += "input size: \(rule)\n"
    text += "classes: \(model.labels.joined(separator: ", "))\n"
    if let test = information.selfTest {
      text +=
        "self-test: a picture of \(test.width)x\(test.height), \(test.detections) detections\n"
    } else {
      text += "self-test: none\n"
    }
    return text
  }

  private static var architecture: StaticString {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "aarch64"
    #elseif arch(arm)
      "armv7"
    #else
      "other"
    #endif
  }
}
