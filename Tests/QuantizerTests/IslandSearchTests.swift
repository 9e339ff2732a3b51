import FloatGraph
import ModelFile
import Testing

@testable import Quantizer

@Suite("The search for int16 islands")
struct IslandSearchTests {
  private static func search(_ options: QuantizerOptions = QuantizerOptions()) throws
    -> IslandSearch
  {
    let graph = TinyDetector.graph()
    return try IslandSearch(
      graph: graph,
      calibration: QuantizerTests.calibrated(graph, threads: 1),
      options: options
    )
  }

  /// A measure without a runtime: a file is as far from the first one as it has 8-bit products that the
  /// first has not.
  private static func byteProducts(_ file: [UInt8]) throws -> Int {
    try QuantizerTests.aligned(file) { bytes in
      let model = try Model(validating: bytes)
      return model.operations.reduce(0) { count, operation in
        guard case .convolution(let it) = operation else { return count }
        return count + (model[it.input].element == .uint8 ? 1 : 0)
      }
    }
  }

  @Test("one candidate at a time goes back to 8 bits")
  func oneAtATime() throws {
    var search = try Self.search()
    var reference: Int?
    var differences: [Int] = []
    try search.measure { file in
      let count = try Self.byteProducts(file)
      if let reference { differences.append(count - reference) }
      reference = reference ?? count
      return Double(differences.last ?? 0)
    }
    // The stem reads the picture, which has 8 bits.
    #expect(reference == 1)
    #expect(differences == search.candidates.map(\.products.count))
    let names = search.candidates.map(\.name)
    #expect(names.contains("pool") && names.contains("tokens"))
    #expect(!names.contains("picture"))
  }

  @Test("islands are the best for their cost and stay within it")
  func budget() throws {
    var search = try Self.search()
    var calls = 0
    try search.measure { _ in
      calls += 1
      return calls == 3 ? 0 : Double(calls)
    }
    let free = search.candidates[1]
    #expect(free.error == 0)
    let islands = search.islands(costing: 0.2)
    let cost = islands.reduce(0) { $0 + $1.multiplyAdds }
    #expect(!islands.isEmpty)
    #expect(Double(cost) <= 0.2 * Double(search.multiplyAdds))
    #expect(!islands.map(\.value).contains(free.value))
    let gains = search.ranked.map { $0.error / Double($0.multiplyAdds) }
    #expect(zip(gains, gains.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(search.islands(costing: 0).isEmpty)
    #expect(search.islands(costing: 100).count == search.candidates.count - 1)
  }

  @Test("the same file as quantizing anew, whatever was quantized before")
  func cache() throws {
    let search = try Self.search()
    let first = try search.quantized(islands: []).file
    let wide = try search.quantized(islands: search.all).file
    #expect(wide != first)
    #expect(try search.quantized(islands: []).file == first)
    let graph = TinyDetector.graph()
    let calibration = try QuantizerTests.calibrated(graph, threads: 1)
    #expect(try Quantizer.quantize(graph, calibration: calibration).file == first)
  }

  @Test("islands by hand are no candidates")
  func byHand() throws {
    var options = QuantizerOptions()
    options.islands = ["block.conv1"]
    let names = try Self.search(options).candidates.flatMap(\.products)
    #expect(!names.contains("block.conv1"))
    #expect(names.contains("block.conv2"))
  }
}
