import FloatGraph

/// Deformable DETR with a ResNet-50 at full size and random weights, to measure and to plan with.
struct SeededDetector {
  typealias ValueID = FloatGraph.ValueID
  typealias Window = FloatOperation.Window

  private(set) var graph = FloatGraph(
    preprocessing: Preprocessing(
      size: .unchanged,
      rescale: 1 / 255,
      mean: [0, 0, 0],
      standardDeviation: [1, 1, 1]
    ),
    classes: .sigmoid(limit: 100),
    labels: []
  )
  private var numbers = SeededNumbers(seed: 1)
  private let width: Int
  private let heads = 8
  private let points = 4

  /// Builds the graph.
  ///
  /// - Parameters:
  ///   - base: the channels of the stem; 64 in ResNet-50.
  ///   - width: the model's width; 256 in the paper.
  ///   - queries: the number of queries.
  ///   - layers: the layers of encoder and decoder each.
  init(base: Int = 64, width: Int = 256, queries: Int = 300, layers: Int = 6) {
    self.width = width
    let maps = appendBackbone(base: base)
    var levels: [ValueID] = []
    for map in maps {
      levels.append(appendNeck(map, Window(kernel: 1)))
    }
    levels.append(appendNeck(maps[2], Window(kernel: 3, stride: 2, padding: 1)))
    let positions = levels.enumerated().map { index, level in
      let code = FloatOperation.PositionCode(
        kind: .sine(features: width / 2, temperature: 10000, scale: 2 * .pi, offset: 0.5),
        level: numbers.floats(width)
      )
      return graph.append(.positionCode(code), inputs: [level], name: "position.\(index)")
    }
    var tokens = graph.append(.concatenateRows, inputs: levels, name: "tokens")
    let position = graph.append(.concatenateRows, inputs: positions, name: "positions")
    for layer in 0..<layers {
      tokens = appendEncoderLayer(tokens, position, levels, "encoder.\(layer)")
    }
    graph.memory = tokens
    appendDecoder(tokens, levels, queries: queries, layers: layers)
  }

  private mutating func weights(_ outputs: Int, _ inputs: Int, _ taps: Int = 1)
    -> FloatOperation.Weights
  {
    let bound = (3 / Float(inputs * taps)).squareRoot()
    return FloatOperation.Weights(
      outputs: outputs,
      inputs: inputs,
      values: numbers.floats(outputs * inputs * taps, in: -bound...bound),
      bias: numbers.floats(outputs, in: -0.1...0.1)
    )
  }

  private mutating func convolution(
    _ input: ValueID,
    _ outputs: Int,
    _ window: Window,
    _ activation: FloatOperation.Activation,
    _ name: String
  ) -> ValueID {
    let weights = weights(outputs, graph[input].channels, window.kernel * window.kernel)
    return graph.append(
      .convolution(weights, window, activation),
      inputs: [input],
      name: name
    )
  }

  private mutating func linear(
    _ input: ValueID,
    _ outputs: Int,
    _ name: String,
    _ activation: FloatOperation.Activation = .none
  ) -> ValueID {
    let weights = weights(outputs, graph[input].channels)
    return graph.append(.linear(weights, activation), inputs: [input], name: name)
  }

  private mutating func normalization(_ channels: Int) -> FloatOperation.Normalization {
    FloatOperation.Normalization(
      gain: numbers.floats(channels, in: 0.5...1.5),
      bias: numbers.floats(channels),
      epsilon: 1e-5
    )
  }

  private mutating func add(_ left: ValueID, _ right: ValueID, _ name: String) -> ValueID {
    graph.append(.add(.none), inputs: [left, right], name: name)
  }

  private mutating func layerNorm(_ input: ValueID, _ name: String) -> ValueID {
    graph.append(.layerNorm(normalization(width)), inputs: [input], name: name)
  }

  private mutating func appendBackbone(base: Int) -> [ValueID] {
    var map = convolution(
      graph.picture,
      base,
      Window(kernel: 7, stride: 2, padding: 3),
      .relu,
      "stem"
    )
    map = graph.append(
      .maxPool(Window(kernel: 3, stride: 2, padding: 1)),
      inputs: [map],
      name: "pool"
    )
    var maps: [ValueID] = []
    for (stage, blocks) in [3, 4, 6, 3].enumerated() {
      let channels = base << stage
      for block in 0..<blocks {
        let name = "stage\(stage).\(block)"
        let stride = block == 0 && stage > 0 ? 2 : 1
        var branch = convolution(map, channels, Window(kernel: 1), .relu, name + ".1")
        branch = convolution(
          branch,
          channels,
          Window(kernel: 3, stride: stride, padding: 1),
          .relu,
          name + ".2"
        )
        branch = convolution(branch, 4 * channels, Window(kernel: 1), .none, name + ".3")
        let shortcut =
          block == 0
          ? convolution(map, 4 * channels, Window(kernel: 1, stride: stride), .none, name + ".0")
          : map
        map = graph.append(.add(.relu), inputs: [branch, shortcut], name: name)
      }
      if stage > 0 { maps.append(map) }
    }
    return maps
  }

  private mutating func appendNeck(_ map: ValueID, _ window: Window) -> ValueID {
    let name = "neck.\(graph.values.count)"
    let projected = convolution(map, width, window, .none, name)
    return graph.append(
      .groupNorm(normalization(width), groups: 32),
      inputs: [projected],
      name: name + ".norm"
    )
  }

  private mutating func appendDeformableAttention(
    _ query: ValueID,
    _ tokens: ValueID,
    _ levels: [ValueID],
    reference: ValueID?,
    _ name: String
  ) -> ValueID {
    let samples = heads * levels.count * points
    let projected = linear(tokens, width, name + ".value")
    let value = graph.append(
      .maskPadding(levels: levels),
      inputs: [projected],
      name: name + ".masked"
    )
    let offsets = linear(query, samples * 2, name + ".offsets")
    let logits = linear(query, samples, name + ".weights")
    let attention = FloatOperation.DeformableAttention(
      heads: heads,
      points: points,
      levels: levels
    )
    let sampled = graph.append(
      .deformableAttention(attention),
      inputs: [value, offsets, logits] + (reference.map { [$0] } ?? []),
      name: name + ".sampled"
    )
    return linear(sampled, width, name + ".output")
  }

  private mutating func appendFeedForward(_ tokens: ValueID, _ name: String) -> ValueID {
    let hidden = linear(tokens, 4 * width, name + ".fc1", .relu)
    let output = linear(hidden, width, name + ".fc2")
    let sum = add(tokens, output, name + ".fc.sum")
    return layerNorm(sum, name + ".fc.norm")
  }

  private mutating func appendEncoderLayer(
    _ tokens: ValueID,
    _ position: ValueID,
    _ levels: [ValueID],
    _ name: String
  ) -> ValueID {
    let query = add(tokens, position, name + ".query")
    let attended = appendDeformableAttention(
      query,
      tokens,
      levels,
      reference: nil,
      name + ".attention"
    )
    let sum = add(tokens, attended, name + ".sum")
    let normalized = layerNorm(sum, name + ".norm")
    return appendFeedForward(normalized, name)
  }

  private mutating func appendDecoder(
    _ memory: ValueID,
    _ levels: [ValueID],
    queries: Int,
    layers: Int
  ) {
    let position = graph.append(
      .constant(
        FloatOperation.Matrix(
          rows: queries,
          columns: width,
          values: numbers.floats(queries * width)
        )
      ),
      inputs: [],
      name: "query.position"
    )
    let points = linear(position, 2, "reference.logits")
    let reference = graph.append(.sigmoid, inputs: [points], name: "reference")
    var target = graph.append(
      .constant(
        FloatOperation.Matrix(
          rows: queries,
          columns: width,
          values: numbers.floats(queries * width)
        )
      ),
      inputs: [],
      name: "query"
    )
    for layer in 0..<layers {
      let name = "decoder.\(layer)"
      let query = add(target, position, name + ".self.query")
      let attention = graph.append(
        .attention(FloatOperation.Attention(heads: heads, keyGrid: nil)),
        inputs: [
          linear(query, width, name + ".q"), linear(query, width, name + ".k"),
          linear(target, width, name + ".v"),
        ],
        name: name + ".self"
      )
      let attended = linear(attention, width, name + ".self.output")
      let sum = add(target, attended, name + ".self.sum")
      target = layerNorm(sum, name + ".self.norm")
      let cross = add(target, position, name + ".cross.query")
      let sampled = appendDeformableAttention(
        cross,
        memory,
        levels,
        reference: reference,
        name + ".cross"
      )
      let crossSum = add(target, sampled, name + ".cross.sum")
      target = layerNorm(crossSum, name + ".cross.norm")
      target = appendFeedForward(target, name)
    }
    graph.logits = linear(target, 91, "class")
    let hidden = linear(target, width, "box.0", .relu)
    let deltas = linear(hidden, 4, "box.1")
    graph.boxes = graph.append(.refineBoxes, inputs: [deltas, reference], name: "boxes")
  }
}
