import FloatGraph
import Foundation
import Testing

/// Single operations of the executor against their definitions; the heavy ones have tests of their
/// own beside the kernels.
struct OperationTests {
  typealias ValueID = FloatGraph.ValueID

  static func emptyGraph() -> FloatGraph {
    FloatGraph(
      preprocessing: Preprocessing(
        size: .unchanged,
        rescale: 1,
        mean: [0, 0, 0],
        standardDeviation: [1, 1, 1]
      ),
      classes: .sigmoid(limit: 1),
      labels: []
    )
  }

  static func constant(
    _ graph: inout FloatGraph,
    rows: Int,
    columns: Int,
    _ values: [Float]
  ) -> ValueID {
    graph.append(
      .constant(FloatOperation.Matrix(rows: rows, columns: columns, values: values)),
      inputs: [],
      name: "constant.\(graph.values.count)"
    )
  }

  static func run(
    _ graph: FloatGraph,
    _ value: ValueID,
    size: InputSize = InputSize(height: 2, width: 2)
  ) throws -> [Float] {
    let picture = [Float](repeating: 0.5, count: size.height * size.width * 3)
    return try FloatExecutor(graph: graph, threads: 2)
      .run(picture: picture, size: size, keep: [value])[value]
  }

  @Test("rows are concatenated in order and columns sliced")
  func layout() throws {
    var graph = Self.emptyGraph()
    let first = Self.constant(&graph, rows: 1, columns: 3, [1, 2, 3])
    let second = Self.constant(&graph, rows: 2, columns: 3, [4, 5, 6, 7, 8, 9])
    let all = graph.append(.concatenateRows, inputs: [first, second, first], name: "all")
    let slice = graph.append(.sliceColumns(1..<3), inputs: [all], name: "slice")
    #expect(try Self.run(graph, all) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3])
    #expect(try Self.run(graph, slice) == [2, 3, 5, 6, 8, 9, 2, 3])
  }

  @Test("the best rows come highest first, ties by their index, and can be gathered")
  func topRows() throws {
    var graph = Self.emptyGraph()
    let scores = Self.constant(
      &graph,
      rows: 6,
      columns: 2,
      [0, 1, 9, 3, 0, 7, 8, 3, 7, 7, -.infinity, .nan]
    )
    let top = graph.append(.topRows(count: 5, column: 1), inputs: [scores], name: "top")
    let rows = graph.append(.gatherRows, inputs: [scores, top], name: "rows")
    #expect(try Self.run(graph, top) == [2, 4, 1, 3, 0])
    #expect(try Self.run(graph, rows) == [0, 7, 7, 7, 9, 3, 8, 3, 0, 1])
  }

  @Test("boxes are refined from points and from boxes, at the ends of the range too")
  func refineBoxes() throws {
    let deltas: [Float] = [0.5, -0.25, 1, -1, 0, 0, 0, 0]
    for coordinates in [2, 4] {
      let references: [Float] =
        coordinates == 2 ? [0.2, 0.7, 0, 1.5] : [0.2, 0.7, 0.1, 0.9, 0, 1, -0.5, 0.5]
      var graph = Self.emptyGraph()
      let delta = Self.constant(&graph, rows: 2, columns: 4, deltas)
      let reference = Self.constant(&graph, rows: 2, columns: coordinates, references)
      let boxes = graph.append(.refineBoxes, inputs: [delta, reference], name: "boxes")
      let result = try Self.run(graph, boxes)
      for index in 0..<8 {
        var logit = Double(deltas[index])
        if index % 4 < coordinates {
          let x = Double(references[index / 4 * coordinates + index % 4])
          let clamped = min(max(x, 0), 1)
          logit += log(max(clamped, 1e-5)) - log(max(1 - clamped, 1e-5))
        }
        #expect(abs(Double(result[index]) - 1 / (1 + exp(-logit))) < 1e-7)
      }
    }
  }

  @Test("the sine embedding of boxes interleaves sines and cosines")
  func boxSine() throws {
    var graph = Self.emptyGraph()
    let box = Self.constant(&graph, rows: 1, columns: 2, [0.375, 0.875])
    let sine = graph.append(
      .boxSine(features: 4, temperature: 100),
      inputs: [box],
      name: "sine"
    )
    // Frequencies: 100^0 and 100^(2/4) = 10.
    var expected: [Double] = []
    for angle in [0.75 * Double.pi, 1.75 * Double.pi] {
      expected += [sin(angle), cos(angle), sin(angle / 10), cos(angle / 10)]
    }
    let result = try Self.run(graph, sine)
    #expect(zip(result, expected).allSatisfy { abs(Double($0) - $1) < 1e-7 })
  }

  @Test("the sine position code counts valid pixels, y before x, and adds the level")
  func sinePositions() throws {
    var graph = Self.emptyGraph()
    let level: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    let code = FloatOperation.PositionCode(
      kind: .sine(features: 4, temperature: 16, scale: 3, offset: 0.5),
      level: level
    )
    let position = graph.append(.positionCode(code), inputs: [graph.picture], name: "position")
    let size = InputSize(height: 4, width: 3, validHeight: 3, validWidth: 2)
    let result = try Self.run(graph, position, size: size)
    for y in 0..<4 {
      for x in 0..<3 {
        let (lastY, lastX) = (x < 2 ? 3.0 : 0, y < 3 ? 2.0 : 0)
        let angleY = (min(Double(y + 1), lastY) - 0.5) / (lastY + 1e-6) * 3
        let angleX = (min(Double(x + 1), lastX) - 0.5) / (lastX + 1e-6) * 3
        let expected = [
          sin(angleY), cos(angleY), sin(angleY / 4), cos(angleY / 4), sin(angleX), cos(angleX),
          sin(angleX / 4), cos(angleX / 4),
        ]
        for channel in 0..<8 {
          let value = Double(result[(y * 3 + x) * 8 + channel]) - Double(level[channel])
          #expect(abs(value - expected[channel]) < 1e-6, "pixel \(y), \(x), channel \(channel)")
        }
      }
    }
  }

  @Test("the learned position code is the column's vector, then the row's")
  func learnedPositions() throws {
    var graph = Self.emptyGraph()
    let columns = FloatOperation.Matrix(rows: 3, columns: 1, values: [10, 20, 30])
    let rows = FloatOperation.Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4])
    let code = FloatOperation.PositionCode(kind: .learned(columns: columns, rows: rows), level: [])
    let position = graph.append(.positionCode(code), inputs: [graph.picture], name: "position")
    let result = try Self.run(graph, position, size: InputSize(height: 2, width: 3))
    #expect(result == [10, 1, 2, 20, 1, 2, 30, 1, 2, 10, 3, 4, 20, 3, 4, 30, 3, 4])
    #expect(throws: ShapeError.self) {
      try Self.run(graph, position, size: InputSize(height: 3, width: 3))
    }
  }

  @Test("padding and hopeless proposals are zeroed, and have no anchor")
  func masks() throws {
    var graph = Self.emptyGraph()
    let window = FloatOperation.Window(kernel: 1, stride: 4)
    let pooled = graph.append(.maxPool(window), inputs: [graph.picture], name: "pooled")
    let levels = [graph.picture, pooled]
    let tokens = graph.append(.concatenateRows, inputs: levels, name: "tokens")
    let masked = graph.append(.maskPadding(levels: levels), inputs: [tokens], name: "masked")
    let proposals = graph.append(
      .maskProposals(levels: levels),
      inputs: [tokens],
      name: "proposals"
    )
    let anchors = graph.append(.anchorLogits(levels: levels), inputs: [], name: "anchors")
    // The first centre of 50 and more columns lies at or below 0.01.
    let size = InputSize(height: 8, width: 60, validHeight: 6, validWidth: 55)
    let maskedRows = try Self.run(graph, masked, size: size)
    let proposalRows = try Self.run(graph, proposals, size: size)
    let logits = try Self.run(graph, anchors, size: size)
    var row = 0
    for (level, map) in [(8, 60, 6, 55), (2, 15, 2, 14)].enumerated() {
      let (height, width, validHeight, validWidth) = map
      for y in 0..<height {
        for x in 0..<width {
          let isValid = y < validHeight && x < validWidth
          let centerX = (Double(x) + 0.5) / Double(validWidth)
          let centerY = (Double(y) + 0.5) / Double(validHeight)
          let side = level == 0 ? 0.05 : 0.1
          let isProposal =
            isValid && [centerX, centerY].allSatisfy { $0 > 0.01 && $0 < 0.99 }
          #expect(maskedRows[row * 3..<row * 3 + 3].allSatisfy { $0 == (isValid ? 0.5 : 0) })
          #expect(proposalRows[row * 3..<row * 3 + 3].allSatisfy { $0 == (isProposal ? 0.5 : 0) })
          for (index, p) in [centerX, centerY, side, side].enumerated() {
            let logit = logits[row * 4 + index]
            if isProposal {
              #expect(abs(Double(logit) - (log(p) - log(1 - p))) < 1e-6)
            } else {
              #expect(logit == .infinity)
            }
          }
          row += 1
        }
      }
    }
  }

  @Test("deformable attention looks where tokens and references are, in the valid part")
  func references() throws {
    // Values that grow by 1 a column and by 100 a row: a sample tells its place. One head, one point.
    let size = InputSize(height: 8, width: 8, validHeight: 8, validWidth: 6)
    var graph = Self.emptyGraph()
    let map = (0..<64).map { Float($0 % 8 + $0 / 8 * 100) }
    let value = Self.constant(&graph, rows: 64, columns: 1, map)
    let zeros = [Float](repeating: 0, count: 128)
    let offsets = Self.constant(&graph, rows: 64, columns: 2, zeros)
    let logits = Self.constant(&graph, rows: 64, columns: 1, Array(zeros[..<64]))
    let attention = FloatOperation.DeformableAttention(
      heads: 1,
      points: 1,
      levels: [graph.picture]
    )
    let own = graph.append(
      .deformableAttention(attention),
      inputs: [value, offsets, logits],
      name: "own"
    )
    let ownResult = try Self.run(graph, own, size: size)
    for row in 0..<64 { #expect(abs(ownResult[row] - map[row]) < 1e-3) }

    // References count in the valid part: 0.5 is column 0.5 · 6 − 0.5 = 2.5, row 3.5.
    let two = Self.constant(&graph, rows: 2, columns: 2, [0.5, 0.5, 0.25, 0.25])
    let pairs = Self.constant(&graph, rows: 2, columns: 2, [0, 0, 1, 2])
    let logit = Self.constant(&graph, rows: 2, columns: 1, [0, 0])
    let points = graph.append(
      .deformableAttention(attention),
      inputs: [value, pairs, logit, two],
      name: "points"
    )
    let pointResult = try Self.run(graph, points, size: size)
    #expect(abs(pointResult[0] - 352.5) < 1e-3)
    // Column 0.25 · 6 − 0.5 + 1 = 2, row 0.25 · 8 − 0.5 + 2 = 3.5.
    #expect(abs(pointResult[1] - 352) < 1e-3)

    let boxes = Self.constant(&graph, rows: 1, columns: 4, [0.5, 0.5, 0.5, 0.25])
    let pair = Self.constant(&graph, rows: 1, columns: 2, [1, -1])
    let single = Self.constant(&graph, rows: 1, columns: 1, [0])
    let box = graph.append(
      .deformableAttention(attention),
      inputs: [value, pair, single, boxes],
      name: "box"
    )
    // Half a box to the right: 2.5 + 0.5 · 6 / 2 = 4; half a box up: 3.5 − 0.25 · 8 / 2 = 2.5.
    #expect(abs(try Self.run(graph, box, size: size)[0] - 254) < 1e-3)
  }

  @Test("activations follow products and sums, merged or not")
  func activations() throws {
    var graph = Self.emptyGraph()
    let input = Self.constant(&graph, rows: 2, columns: 2, [1, -2, 3, 0.5])
    let identity = FloatOperation.Weights(
      outputs: 2,
      inputs: 2,
      values: [1, 0, 0, 1],
      bias: [0.25, -1]
    )
    let plain = graph.append(.linear(identity, .none), inputs: [input], name: "plain")
    let gelu = graph.append(.linear(identity, .gelu), inputs: [input], name: "gelu")
    let relu = graph.append(.add(.relu), inputs: [plain, input], name: "relu")
    let sum = graph.append(.add(.gelu), inputs: [input, input], name: "sum")
    func exact(_ x: Double) -> Double { x * 0.5 * erfc(-x / 2.0.squareRoot()) }
    let linear = [1.25, -3, 3.25, -0.5]
    for (value, expected) in [
      (plain, linear), (gelu, linear.map(exact)), (relu, [2.25, 0, 6.25, 0]),
      (sum, [2, -4, 6, 1].map(exact)),
    ] {
      let result = try Self.run(graph, value)
      #expect(zip(result, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 })
    }
  }

  @Test("multiply-adds are counted from the shapes")
  func cost() throws {
    var graph = Self.emptyGraph()
    let weights = FloatOperation.Weights(
      outputs: 5,
      inputs: 3,
      values: [Float](repeating: 0, count: 135),
      bias: []
    )
    let map = graph.append(
      .convolution(weights, FloatOperation.Window(kernel: 3, stride: 2, padding: 1), .relu),
      inputs: [graph.picture],
      name: "map"
    )
    graph.append(
      .attention(FloatOperation.Attention(heads: 1, keyGrid: nil)),
      inputs: [map, map, map],
      name: "attention"
    )
    let shapes = try graph.shapes(for: InputSize(height: 7, width: 9))
    #expect(graph.multiplyAddCount(shapes: shapes) == 20 * 5 * 27 + 20 * 20 * 10)
  }
}
