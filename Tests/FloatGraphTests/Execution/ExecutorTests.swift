import FloatGraph
import FloatKernels
import Testing

/// Whole runs of a small detector: what must not change the results.
struct ExecutorTests {
  static let graph = SeededDetector(base: 8, width: 64, queries: 20, layers: 2).graph
  static let size = InputSize(height: 96, width: 120, validHeight: 80, validWidth: 100)

  static func picture(_ size: InputSize) -> [Float] {
    var numbers = SeededNumbers(seed: 3)
    return numbers.floats(size.height * size.width * 3)
  }

  static func bits(_ result: FloatExecutor.Result) -> [[UInt32]] {
    [graph.logits!, graph.boxes!, graph.memory!].map { result[$0].map(\.bitPattern) }
  }

  @Test(
    "the bits are the same for every number of threads, and in a second run",
    arguments: FloatKernelTable.available
  )
  func threads(table: FloatKernelTable) throws {
    let picture = Self.picture(Self.size)
    var reference: [[UInt32]]?
    for threads in threadCounts {
      let executor = FloatExecutor(graph: Self.graph, threads: threads, table: table)
      for _ in 0..<2 {
        let bits = Self.bits(try executor.run(picture: picture, size: Self.size))
        #expect(bits.allSatisfy { !$0.isEmpty })
        #expect(bits == reference ?? bits, "\(threads) threads")
        reference = bits
      }
    }
  }

  @Test("an observer sees every value once and changes nothing")
  func observer() throws {
    let executor = FloatExecutor(graph: Self.graph, threads: 2)
    let picture = Self.picture(Self.size)
    let plain = try executor.run(picture: picture, size: Self.size)
    var seen: [FloatGraph.ValueID: [Float]] = [:]
    let observed = try executor.run(picture: picture, size: Self.size) { value, shape, numbers in
      #expect(seen[value] == nil)
      #expect(shape.count == numbers.count)
      seen[value] = Array(numbers)
    }
    #expect(Self.bits(observed) == Self.bits(plain))
    #expect(seen.count == Self.graph.values.count - 1)
    #expect(seen[Self.graph.logits!] == plain[Self.graph.logits!])
    let everything = Set(Self.graph.values.indices.map(FloatGraph.ValueID.init))
    let kept = try executor.run(picture: picture, size: Self.size, keep: everything)
    for (value, numbers) in seen {
      #expect(
        kept[value].map(\.bitPattern) == numbers.map(\.bitPattern),
        "\(Self.graph[value].name)"
      )
    }
  }

  @Test("sizes can change from picture to picture")
  func sizes() throws {
    let executor = FloatExecutor(graph: Self.graph, threads: 2)
    let sizes = [
      Self.size, InputSize(height: 33, width: 47), InputSize(height: 160, width: 90), Self.size,
    ]
    for size in sizes {
      let picture = Self.picture(size)
      let reused = try executor.run(picture: picture, size: size)
      let fresh = try FloatExecutor(graph: Self.graph, threads: 1).run(
        picture: picture,
        size: size
      )
      #expect(Self.bits(reused) == Self.bits(fresh))
    }
  }

  @Test("the instruction sets agree to rounding")
  func tables() throws {
    let picture = Self.picture(Self.size)
    let results = try FloatKernelTable.available.map { table in
      try FloatExecutor(graph: Self.graph, threads: 2, table: table)
        .run(picture: picture, size: Self.size)
    }
    for result in results {
      for value in [Self.graph.logits!, Self.graph.boxes!] {
        let reference = results[0][value]
        let difference = zip(result[value], reference).reduce(0) {
          $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
        }
        let norm = reference.reduce(0) { $0 + Double($1) * Double($1) }
        #expect((difference / norm).squareRoot() < 2e-5)
      }
    }
  }

  @Test("padding changes nothing that is not padding")
  func padding() throws {
    // One level of whole pixels: the padded picture has the same tokens and more.
    var graph = FloatGraph(
      preprocessing: Self.graph.preprocessing,
      classes: .sigmoid(limit: 1),
      labels: []
    )
    let code = FloatOperation.PositionCode(
      kind: .sine(features: 6, temperature: 20, scale: 6.28, offset: 0),
      level: []
    )
    let position = graph.append(.positionCode(code), inputs: [graph.picture], name: "position")
    var numbers = SeededNumbers(seed: 5)
    let projection = FloatOperation.Weights(
      outputs: 12,
      inputs: 3,
      values: numbers.floats(36),
      bias: []
    )
    let value = graph.append(
      .linear(projection, .none),
      inputs: [graph.picture],
      name: "value"
    )
    let attention = FloatOperation.Attention(heads: 2, keyGrid: graph.picture)
    graph.memory = graph.append(
      .attention(attention),
      inputs: [position, position, value],
      name: "attention"
    )
    let executor = FloatExecutor(graph: graph, threads: 1)
    let small = InputSize(height: 4, width: 5)
    let picture = Self.picture(small)
    let expected = try executor.run(picture: picture, size: small)[graph.memory!]
    let large = InputSize(height: 6, width: 9, validHeight: 4, validWidth: 5)
    var padded = [Float](repeating: 77, count: large.height * large.width * 3)
    for y in 0..<4 {
      for x in 0..<15 { padded[y * 27 + x] = picture[y * 15 + x] }
    }
    let result = try executor.run(picture: padded, size: large)[graph.memory!]
    for y in 0..<4 {
      for x in 0..<60 {
        #expect(abs(result[y * 9 * 12 + x] - expected[y * 5 * 12 + x]) < 1e-6)
      }
    }
  }
}
