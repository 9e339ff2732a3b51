import EdgeDETR
import Kernels
import Messages
import ModelFile

/// `edgedetr-run`: the command of a board. Detects in pictures or in raw frames from standard input and
/// prints one JSON line for each.
enum RunCommand {
  static let version: StaticString = "0.1.0"

  static func run(_ words: ArraySlice<Word>) -> Int32 {
    // Who reads the results may go; the write that fails then tells it.
    ignorePipeSignal()
    do throws(RunError) {
      let options = try RunOptions(words)
      switch options.task {
      case .help:
        try StandardOutput.write(RunOptions.help)
        return 0
      case .information: return try InformationRun(options).run()
      case .selfTest: return try SelfTestRun(options).run()
      case .pictures: return try PictureRun(options).run()
      case .frames: return try FrameRun(options).run()
      }
    } catch {
      switch error {
      case .usage(let text):
        Diagnostics.error("\(text); see edgedetr-run --help")
        return 2
      case .input(let text):
        Diagnostics.error(text)
        return 3
      case .outputClosed: return 0
      }
    }
  }

  /// Opens the model of the command line.
  static func model(_ options: RunOptions) throws(RunError) -> MappedModel {
    guard let path = options.operands.first else { throw .usage("a model is missing") }
    do throws(MappedModelError) { return try MappedModel(path: path.start) } catch {
      throw .input("\(error.description)")
    }
  }

  /// The kernels of the command line.
  static func table(_ options: RunOptions) throws(RunError) -> KernelTable {
    guard let name = options.kernels else { return .best }
    do throws(DetectorError) { return try KernelTable.chosen(name.bytes) } catch {
      throw .usage(
        "--isa: this processor runs \(KernelTable.supportedNames); found '\(name.text)'"
      )
    }
  }
}

/// Why the command ends early.
enum RunError: Error {
  /// The command line is wrong: exit code 2.
  case usage(Message)
  /// An input or an output cannot be used: exit code 3.
  case input(Message)
  /// Nobody reads the results any more: done, without a word.
  case outputClosed
}
