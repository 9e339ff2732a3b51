import Architectures
import CheckedJSON
import Checkpoints
import Foundation
import ModelFile
import Runtime
import Simulation
import SyntheticCheckpoints
import Testing

/// Whole detectors; random models of every operation stand among the tests of the runtime.
@Suite("The simulation of quantized detectors")
struct SimulationTests {
  static let architectures = [
    "detr-tiny", "deformable-detr-tiny", "deformable-detr-tiny-two-stage", "smca-detr-tiny",
    "sam-detr-tiny", "sam-detr-smca-tiny",
  ]

  private static func detector(
    _ architecture: String,
    _ size: PictureSize
  ) throws -> QuantizedDetector {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("edgedetr-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SyntheticCheckpoint.write(
      architecture: architecture,
      seed: 1,
      storage: .float32,
      to: folder
    )
    return try QuantizedDetector(LoadedDetector(path: folder).graph, size)
  }

  @Test(
    "integers stay within the stated tolerance, operation by operation",
    arguments: architectures,
    [
      PictureSize(height: 64, width: 96),
      PictureSize(height: 90, width: 70, validHeight: 71, validWidth: 70),
    ]
  )
  func operations(architecture: String, size: PictureSize) throws {
    try expectWithinTolerance(try Self.detector(architecture, size))
  }

  @Test(
    "RT-DETR's too, whose sides are multiples of 32",
    arguments: ["rtdetr-tiny", "rtdetrv2-tiny"],
    [PictureSize(height: 64, width: 96), PictureSize(height: 96, width: 64)]
  )
  func hybridOperations(architecture: String, size: PictureSize) throws {
    try expectWithinTolerance(try Self.detector(architecture, size))
  }

  @Test("feed-forward layers with GELU", arguments: ["detr-tiny", "deformable-detr-tiny"])
  func activations(architecture: String) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("edgedetr-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SyntheticCheckpoint.write(architecture: architecture, seed: 1, to: folder)
    let config = "\(folder)/config.json"
    let text = try String(contentsOfFile: config, encoding: .utf8)
    let changed = text.replacingOccurrences(
      of: "\"activation_function\": \"relu\"",
      with: "\"activation_function\": \"gelu\""
    )
    try #require(changed != text)
    try changed.write(toFile: config, atomically: true, encoding: .utf8)
    let detector = try QuantizedDetector(
      LoadedDetector(path: folder).graph,
      PictureSize(height: 64, width: 96)
    )
    let tables = detector.model.operations.count {
      if case .tableLookup = $0 { return true }
      return false
    }
    // One for each layer of encoder and decoder.
    #expect(tables == 4)
    try expectWithinTolerance(detector)
  }

  @Test("the same integers for 1, 2 and 3 threads, and outputs kept as asked")
  func threads() throws {
    let detector = try Self.detector(
      "deformable-detr-tiny-two-stage",
      PictureSize(height: 64, width: 96)
    )
    defer { withExtendedLifetime(detector) {} }
    let model = detector.model
    let memory = try #require(model.information.memory)
    var results: Set<[[Int32]]> = []
    for threads in [1, 2, 3] {
      let simulation = try ModelSimulation(
        model: model,
        size: detector.size,
        threads: threads
      )
      let values = simulation.run(picture: detector.picture, keep: [memory])
      let outputs = [model.information.logits, model.information.boxes]
      #expect(Set(values.keys) == Set(outputs + [memory]))
      results.insert((outputs + [memory]).map { values[$0] ?? [] })
    }
    #expect(results.count == 1)
  }

  @Test(
    "the reference cases, quantized on random pictures of their size",
    .enabled(if: Shared.exists, "no ../shared"),
    arguments: Shared.cases
  )
  func goldenCases(name: String) throws {
    let folder = Shared.path("golden/\(name)")
    let input = try TensorMap.open(path: "\(folder)/input.safetensors")
    let shape = try input.tensor(named: "pixel_values").shape
    let (height, width) = (shape[2], shape[3])
    let mask = input["pixel_mask"]?.floats() ?? [Float](repeating: 1, count: height * width)
    let size = PictureSize(
      height: height,
      width: width,
      validHeight: (0..<height).filter { mask[$0 * width] == 1 }.count,
      validWidth: (0..<width).filter { mask[$0] == 1 }.count
    )
    let single = "\(folder)/checkpoint.pth"
    let isSingle = FileManager.default.fileExists(atPath: single)
    let graph = try LoadedDetector(
      path: isSingle ? single : folder,
      options: Shared.untoldOptions[name] ?? DetectorOptions()
    ).graph
    try expectWithinTolerance(try QuantizedDetector(graph, size))
  }

  @Test("there are reference cases of all families", .enabled(if: Shared.exists, "no ../shared"))
  func caseCount() {
    #expect(Shared.cases.filter { $0.hasPrefix("detr") }.count >= 8)
    #expect(Shared.cases.filter { $0.hasPrefix("deformable") }.count >= 13)
    #expect(Shared.cases.filter { $0.hasPrefix("rtdetr") }.count >= 2)
    #expect(Shared.cases.filter { $0.hasPrefix("smca") || $0.hasPrefix("sam") }.count >= 3)
  }

  /// Every operation reads the session's integers, so that no error is carried on.
  private func expectWithinTolerance(
    _ detector: QuantizedDetector,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    defer { withExtendedLifetime(detector) {} }
    let session = try detector.finishedSession()
    let simulation = try ModelSimulation(
      model: detector.model,
      size: detector.size,
      threads: 2
    )
    let picture = detector.picture.map { Int32($0) }
    func integers(_ value: ValueIndex) -> [Int32] {
      session.integers(of: value) ?? (value == Model.picture ? picture : [])
    }
    for (index, operation) in detector.model.operations.enumerated() {
      let found = integers(operation.output)
      let expected = simulation.output(of: operation, inputs: integers)
      try #require(found.count == expected.count, "operation \(index)")
      let tolerance = simulation.tolerance(of: operation, inputs: integers)
      let excess = found.indices.filter {
        abs(Double(found[$0]) - Double(expected[$0])) > tolerance[$0]
      }
      #expect(
        excess.isEmpty,
        """
        operation \(index), \(excess.count) of \(found.count) elements; \
        \(excess.first.map { "\($0): \(found[$0]), simulated \(expected[$0])" } ?? "") \
        within \(excess.first.map { tolerance[$0] } ?? 0) in \(operation)
        """,
        sourceLocation: sourceLocation
      )
    }
  }
}

/// The folder of data beside the package; tests that need it are skipped where it is absent.
enum Shared {
  static let folder: URL = {
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/",
      !FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path)
    {
      folder.deleteLastPathComponent()
    }
    return folder.deletingLastPathComponent().appendingPathComponent("shared")
  }()

  static let exists = FileManager.default.fileExists(atPath: folder.path)

  static func path(_ relative: String) -> String {
    folder.appendingPathComponent(relative).path
  }

  /// Every case of the supported families, of all containers and namings.
  static let cases: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path("golden"))) ?? []
    return names.sorted().filter { name in
      let folder = path("golden/\(name)")
      guard
        let architecture = try? JSON.open(path: "\(folder)/case.json")["architecture"].string
      else { return false }
      return ["DETR", "Deformable DETR", "RT-DETR", "RT-DETRv2"].contains(architecture)
        || architecture.hasPrefix("SMCA") || architecture.hasPrefix("SAM")
    }
  }()

  /// What some cases' files do not tell.
  static let untoldOptions = [
    "detr-official-dc5": DetectorOptions(heads: 4, dilation: true),
    "deformable-official-twostage": DetectorOptions(heads: 4, queries: 14),
  ]
}
