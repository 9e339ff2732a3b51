import CheckedJSON
import Checkpoints
import Foundation
import Testing

@Suite("The reference cases through the command line", .enabled(if: Shared.exists, "no ../shared"))
struct GoldenCommandTests {
  /// Families whose cases are run; RT-DETR and the official repositories' have tests of their own.
  static let architectures = [
    "DETR", "Deformable DETR", "Table Transformer", "Conditional DETR", "DAB-DETR",
  ]

  /// Every case of these families; what is a case is decided by its own description.
  static let cases: [String] = {
    let folder = Shared.path("golden")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().filter { name in
      guard
        let architecture = try? JSON.open(path: "\(folder)/\(name)/case.json")["architecture"]
          .string
      else { return false }
      let isDetector = architectures.contains(architecture)
      // Files that only PyTorch's own format holds belong to the readers of that format.
      let hasSafetensors =
        (try? FileManager.default.contentsOfDirectory(
          atPath: "\(folder)/\(name)"
        ))?.contains { $0.hasPrefix("model") } ?? false
      return isDetector && hasSafetensors
    }
  }()

  @Test("float gives the reference's logits, boxes and memory", arguments: cases)
  func float(name: String) throws {
    let scratch = try ScratchFolder()
    let folder = Shared.path("golden/\(name)")
    let dump = scratch.path("dump.safetensors")
    let run = try EdgedetrProcess(
      "float",
      folder,
      "--input-tensor",
      "\(folder)/input.safetensors",
      "--dump",
      dump
    )
    #expect(run.exitCode == 0, "\(run.errors)")
    let found = try TensorMap.open(path: dump)
    let expected = try TensorMap.open(path: "\(folder)/expected.safetensors")
    let noise = try JSON.open(path: "\(folder)/case.json")["fp32_noise"]
    for output in ["logits", "boxes", "memory"] {
      let reference = try expected.tensor(named: output)
      let valid = expected["memory_valid"].map { $0.floats().map { $0 != 0 } }
      let difference = relativeDifference(
        try found.tensor(named: output).floats(),
        reference.floats(),
        rows: output == "memory" ? valid : nil
      )
      let tolerance = min(5 * (try noise[output].double), 1e-3)
      #expect(difference <= tolerance, "\(name) \(output): \(difference) > \(tolerance)")
    }
  }

  /// ‖a − b‖ / ‖b‖ over the rows that count.
  private func relativeDifference(_ a: [Float], _ b: [Float], rows: [Bool]?) -> Double {
    guard a.count == b.count else { return .infinity }
    let columns = rows.map { b.count / $0.count } ?? 1
    var difference = 0.0
    var norm = 0.0
    for index in b.indices where rows?[index / columns] ?? true {
      difference += pow(Double(a[index]) - Double(b[index]), 2)
      norm += pow(Double(b[index]), 2)
    }
    return (difference / norm).squareRoot()
  }
}
