import FloatGraph
import ModelFile
import Testing

@testable import Quantizer

@Suite("From a float graph to a model file")
struct QuantizerTests {
  static func calibrated(
    _ graph: FloatGraph,
    threads: Int,
    pictures: Int = 3
  ) throws -> Calibration {
    let executor = FloatExecutor(graph: graph, threads: threads)
    var calibration = Calibration(graph: graph)
    for seed in 0..<pictures {
      try calibration.add(
        picture: TinyDetector.picture(height: 40, width: 56, seed: UInt64(seed)),
        size: InputSize(height: 40, width: 56),
        executor: executor
      )
    }
    return calibration
  }

  /// The bytes of a file at the alignment that a mapping has.
  static func aligned<Result>(
    _ file: [UInt8],
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count, alignment: 64)
    defer { copy.deallocate() }
    copy.copyBytes(from: file)
    return try body(UnsafeRawBufferPointer(copy))
  }

  @Test("the file passes its own validation and names what it holds")
  func validates() throws {
    let graph = TinyDetector.graph()
    let result = try Quantizer.quantize(
      graph,
      calibration: Self.calibrated(graph, threads: 1),
      provenance: [("source", "a test")]
    )
    try Self.aligned(result.file) { bytes in
      let model = try Model(validating: bytes)
      try model.verifyData()
      #expect(model.information.classDecoding == .sigmoid(limit: 10))
      let labels = model.information.labels.map { String(decoding: model.text($0), as: UTF8.self) }
      #expect(labels == ["a", "b", "c"])
      #expect(result.values[graph.memory!] == model.information.memory)
    }
  }

  @Test("the same bytes for 1, 2, 3 and 7 threads and for a second run")
  func deterministic() throws {
    let graph = TinyDetector.graph()
    let files = try [1, 2, 3, 7, 1].map { threads in
      try Quantizer.quantize(
        graph,
        calibration: Self.calibrated(graph, threads: threads)
      ).file
    }
    #expect(Set(files).count == 1)
  }

  @Test("sums melt into the products before them and positions into tables")
  func fuses() throws {
    let graph = TinyDetector.graph()
    let result = try Quantizer.quantize(
      graph,
      calibration: Self.calibrated(graph, threads: 1)
    )
    try Self.aligned(result.file) { bytes in
      let model = try Model(validating: bytes)
      var residuals = 0
      var positions = 0
      var tables = 0
      for operation in model.operations {
        if case .convolution(let it) = operation {
          residuals += it.residual == nil ? 0 : 1
          positions += it.position == nil ? 0 : 1
        }
        if case .positionTable = operation { tables += 1 }
      }
      // The block, two sums of the encoder layer, three of the decoder layer.
      #expect(residuals == 6)
      // Sampling offsets and attention weights of the encoder layer share one table.
      #expect(positions == 2)
      #expect(tables == 1)
    }
  }

  @Test("without photographs, or with numbers that are not finite, nothing is quantized")
  func refuses() throws {
    let graph = TinyDetector.graph()
    #expect(throws: QuantizationError.self) {
      _ = try Quantizer.quantize(graph, calibration: Calibration(graph: graph))
    }
    var broken = graph
    broken.append(
      .convolution(
        .init(outputs: 1, inputs: 3, values: [1, 1, 1], bias: [.infinity]),
        .init(kernel: 1),
        .none
      ),
      inputs: [broken.picture],
      name: "broken"
    )
    let calibration = try Self.calibrated(broken, threads: 1)
    #expect(throws: QuantizationError.self) {
      _ = try Quantizer.quantize(broken, calibration: calibration)
    }
  }
}
