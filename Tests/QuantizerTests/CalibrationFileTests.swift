import Checkpoints
import FloatGraph
import Foundation
import Testing

@testable import Quantizer

@Suite("Calibration statistics as a file")
struct CalibrationFileTests {
  private static let origin = CalibrationOrigin(
    checkpoint: "sha256:1",
    preprocessing: "as it is",
    photographs: "sha256:2"
  )

  private static func withFile<Result>(
    _ bytes: [UInt8],
    _ body: (String) throws -> Result
  ) throws -> Result {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("statistics-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try body(path)
  }

  private static func read(
    _ bytes: [UInt8],
    _ graph: FloatGraph,
    origin: CalibrationOrigin = origin
  ) throws -> Calibration {
    try withFile(bytes) { try CalibrationFile.read(path: $0, graph: graph, origin: origin) }
  }

  @Test("read again they give the same model, byte for byte, and the same file")
  func roundTrip() throws {
    let graph = TinyDetector.graph()
    let calibration = try QuantizerTests.calibrated(graph, threads: 1)
    let file = CalibrationFile.encoded(calibration, origin: Self.origin)
    let again = try Self.read(file, graph)
    #expect(again.statistics == calibration.statistics)
    #expect(again.samples == calibration.samples)
    #expect(again.largestInput == InputSize(height: 40, width: 56))
    #expect(CalibrationFile.encoded(again, origin: Self.origin) == file)
    let models = try [calibration, again].map {
      try Quantizer.quantize(graph, calibration: $0).file
    }
    #expect(models[0] == models[1])
  }

  @Test("their size does not grow with the number of photographs")
  func size() throws {
    let graph = TinyDetector.graph()
    // Five queries a picture fill the samples after 52 pictures.
    let sizes = try [10, 60, 90].map { pictures in
      CalibrationFile.encoded(
        try QuantizerTests.calibrated(graph, threads: 1, pictures: pictures),
        origin: Self.origin
      ).count
    }
    #expect(sizes[1] == sizes[2])
    #expect(sizes[0] <= sizes[1])
    // No more than the histograms, and 256 rows of each product.
    let products = graph.nodes.reduce(0) { $0 + $1.operation.sampleWidth }
    let bound = graph.values.count * (4096 * 4 + 100) + products * 256 * 4 + 40_000
    #expect(sizes[2] <= bound)
  }

  @Test("statistics of something else are refused by name")
  func origin() throws {
    let graph = TinyDetector.graph()
    let file = CalibrationFile.encoded(
      try QuantizerTests.calibrated(graph, threads: 1),
      origin: Self.origin
    )
    for fact in ["checkpoint", "preprocessing", "photographs"] {
      var other = Self.origin
      if fact == "checkpoint" { other.checkpoint = "sha256:3" }
      if fact == "preprocessing" { other.preprocessing = "smaller" }
      if fact == "photographs" { other.photographs = "sha256:4" }
      let error = try #require(throws: CalibrationFileError.self) {
        _ = try Self.read(file, graph, origin: other)
      }
      #expect("\(error)".contains("of another \(fact): expected"))
      #expect(!"\(error)".contains("\n"))
    }
  }

  @Test("another graph's statistics, other files and other versions are refused")
  func kinds() throws {
    let graph = TinyDetector.graph()
    let calibration = try QuantizerTests.calibrated(graph, threads: 1)
    var larger = graph
    larger.append(.sigmoid, inputs: [graph.boxes!], name: "more")
    let file = CalibrationFile.encoded(calibration, origin: Self.origin)
    #expect(throws: CalibrationFileError.self) { _ = try Self.read(file, larger) }
    #expect(throws: CalibrationFileError.self) { _ = try Self.read([], graph) }
    let plain = SafetensorsWriter().encoded()
    let error = try #require(throws: CalibrationFileError.self) { _ = try Self.read(plain, graph) }
    #expect("\(error)".contains("expected calibration statistics"))
    let text = Array("\"version\":\"1\"".utf8)
    let place = try #require(
      file.indices.first { file[$0...].starts(with: text) }
    )
    var newer = file
    newer[place + text.count - 2] = UInt8(ascii: "7")
    let refusal = try #require(throws: CalibrationFileError.self) {
      _ = try Self.read(newer, graph)
    }
    #expect("\(refusal)".contains("version 1, found '7'"))
  }

  @Test("numbers that no calibration gives are refused")
  func meaning() throws {
    let graph = TinyDetector.graph()
    let good = try QuantizerTests.calibrated(graph, threads: 1)
    let value = graph.memory!.index
    let key = try #require(good.samples.keys.min())
    let damages: [(inout Calibration) -> Void] = [
      { $0.photographs = 0 },
      { $0.largestInput = InputSize(height: -3, width: 40) },
      { $0.statistics[value].minimum = .nan },
      { $0.statistics[value].maximum = -1e9 },
      { $0.statistics[value].limit = 0 },
      { $0.statistics[value].limit = .infinity },
      { $0.statistics[value].count += 1 },
      { $0.statistics[value].count = -1 },
      { $0.statistics[value].histogram[7] = -5 },
      { $0.statistics[value].histogram[7] = Int.max / 2 },
      { $0.statistics[value].averageMinimum = .infinity },
      { $0.statistics[value].channelSums[0] = .nan },
      { $0.statistics[value].channelSums.removeLast() },
      {
        var numbers = $0.samples[key]!.numbers
        numbers[0] = .infinity
        $0.samples[key] = ProductSamples(
          width: $0.samples[key]!.width,
          numbers: numbers,
          offered: $0.samples[key]!.offered
        )
      },
      {
        $0.samples[key] = ProductSamples(
          width: $0.samples[key]!.width,
          numbers: $0.samples[key]!.numbers,
          offered: 3
        )
      },
      { $0.samples[key] = nil },
      { $0.samples[99_999] = ProductSamples(width: 3) },
    ]
    for (index, damage) in damages.enumerated() {
      var bad = good
      damage(&bad)
      let file = CalibrationFile.encoded(bad, origin: Self.origin)
      #expect(throws: CalibrationFileError.self, "damage \(index)") {
        _ = try Self.read(file, graph)
      }
    }
  }

  @Test("every damaged byte of the head, and cuts anywhere, are refused or read, never a trap")
  func mutations() throws {
    let graph = TinyDetector.graph()
    let file = CalibrationFile.encoded(
      try QuantizerTests.calibrated(graph, threads: 1),
      origin: Self.origin
    )
    var random = SeededGenerator(seed: 3)
    for _ in 0..<80 {
      var bytes = file
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place =
          Bool.random(using: &random)
          ? Int.random(in: 0..<6000, using: &random)
          : Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
      if Int.random(in: 0..<8, using: &random) == 0 {
        bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
      }
      guard let calibration = try? Self.read(bytes, graph) else { continue }
      // What is read can be used; a number may be another one.
      _ = try? Quantizer.quantize(graph, calibration: calibration)
    }
  }
}
