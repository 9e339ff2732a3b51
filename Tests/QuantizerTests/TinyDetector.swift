import FloatGraph

/// A detector with one of nearly everything, small enough to be read: two levels, one encoder and
/// one decoder layer, random but seeded weights.
enum TinyDetector {
  static let width = 16
  static let heads = 2
  static let points = 2
  static let queries = 5
  static let classes = 3

  static func graph(seed: UInt64 = 1) -> FloatGraph {
    var builder = Builder(seed: seed)
    return builder.build()
  }

  /// A picture of seeded noise, normalised.
  static func picture(height: Int, width: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<height * width * 3).map { _ in Float.random(in: -2...2, using: &generator) }
  }

  private struct Builder {
    typealias ValueID = FloatGraph.ValueID
    var generator: SeededGenerator
    var graph = FloatGraph(
      preprocessing: Preprocessing(
        size: .unchanged,
        rescale: 1 / 255.0,
        mean: [0.485, 0.456, 0.406],
        standardDeviation: [0.229, 0.224, 0.225]
      ),
      classes: .sigmoid(limit: 10),
      labels: ["a", "b", "c"]
    )

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func numbers(_ count: Int, _ magnitude: Float) -> [Float] {
      (0..<count).map { _ in Float.random(in: -magnitude...magnitude, using: &generator) }
    }

    mutating func weights(
      _ outputs: Int,
      _ inputs: Int,
      kernel: Int = 1
    ) -> FloatOperation.Weights {
      let taps = inputs * kernel * kernel
      return FloatOperation.Weights(
        outputs: outputs,
        inputs: inputs,
        values: numbers(outputs * taps, 1.7 / Float(taps).squareRoot()),
        bias: numbers(outputs, 0.2)
      )
    }

    mutating func convolution(
      _ input: ValueID,
      _ outputs: Int,
      kernel: Int,
      stride: Int = 1,
      _ activation: FloatOperation.Activation,
      _ name: String
    ) -> ValueID {
      let its = weights(outputs, graph[input].channels, kernel: kernel)
      return graph.append(
        .convolution(its, .init(kernel: kernel, stride: stride, padding: kernel / 2), activation),
        inputs: [input],
        name: name
      )
    }

    mutating func linear(
      _ input: ValueID,
      _ outputs: Int,
      _ name: String,
      _ activation: FloatOperation.Activation = .none
    ) -> ValueID {
      graph.append(
        .linear(weights(outputs, graph[input].channels), activation),
        inputs: [input],
        name: name
      )
    }

    mutating func norm(_ channels: Int) -> FloatOperation.Normalization {
      .init(
        gain: numbers(channels, 0.5).map { $0 + 1 },
        bias: numbers(channels, 0.3),
        epsilon: 1e-5
      )
    }

    mutating func layerNorm(_ input: ValueID, _ name: String) -> ValueID {
      graph.append(.layerNorm(norm(graph[input].channels)), inputs: [input], name: name)
    }

    mutating func add(
      _ a: ValueID,
      _ b: ValueID,
      _ name: String,
      _ activation: FloatOperation.Activation = .none
    ) -> ValueID {
      graph.append(.add(activation), inputs: [a, b], name: name)
    }

    mutating func build() -> FloatGraph {
      let d = TinyDetector.width
      let stem = convolution(graph.picture, 8, kernel: 7, stride: 2, .relu, "stem")
      let pool = graph.append(
        .maxPool(.init(kernel: 3, stride: 2, padding: 1)),
        inputs: [stem],
        name: "pool"
      )
      let first = convolution(pool, 8, kernel: 3, .relu, "block.conv1")
      let second = convolution(first, 8, kernel: 3, .none, "block.conv2")
      let block = add(second, pool, "block", .relu)
      var maps: [ValueID] = []
      for (level, source) in [block, block].enumerated() {
        let projected = convolution(
          source,
          d,
          kernel: level == 0 ? 1 : 3,
          stride: level + 1,
          .none,
          "input_proj.\(level)"
        )
        maps.append(
          graph.append(
            .groupNorm(norm(d), groups: 4),
            inputs: [projected],
            name: "input_norm.\(level)"
          )
        )
      }
      let codes = maps.enumerated().map { level, map in
        graph.append(
          .positionCode(
            .init(
              kind: .sine(
                features: d / 2,
                temperature: 10000,
                scale: 2 * Double.pi,
                offset: 0.5
              ),
              level: numbers(d, 0.5)
            )
          ),
          inputs: [map],
          name: "position.\(level)"
        )
      }
      let tokens = graph.append(.concatenateRows, inputs: maps, name: "tokens")
      let position = graph.append(.concatenateRows, inputs: codes, name: "position")
      let encoded = encoderLayer(tokens, position, maps)
      graph.memory = encoded
      decode(encoded, maps)
      return graph
    }

    mutating func deformable(
      query: ValueID,
      value: ValueID,
      references: ValueID?,
      maps: [ValueID],
      _ name: String
    ) -> ValueID {
      let d = TinyDetector.width
      let samples = TinyDetector.heads * maps.count * TinyDetector.points
      let values = linear(value, d, "\(name).value_proj")
      let masked = graph.append(
        .maskPadding(levels: maps),
        inputs: [values],
        name: "\(name).value"
      )
      let offsets = linear(query, samples * 2, "\(name).sampling_offsets")
      let logits = linear(query, samples, "\(name).attention_weights")
      let sampled = graph.append(
        .deformableAttention(
          .init(heads: TinyDetector.heads, points: TinyDetector.points, levels: maps)
        ),
        inputs: [masked, offsets, logits] + (references.map { [$0] } ?? []),
        name: "\(name).sampled"
      )
      return linear(sampled, d, "\(name).output_proj")
    }

    mutating func feedForward(_ input: ValueID, _ name: String) -> ValueID {
      let hidden = linear(input, 32, "\(name).fc1", .relu)
      let output = linear(hidden, TinyDetector.width, "\(name).fc2")
      return layerNorm(add(output, input, "\(name).ffn"), "\(name).norm2")
    }

    mutating func encoderLayer(
      _ tokens: ValueID,
      _ position: ValueID,
      _ maps: [ValueID]
    ) -> ValueID {
      let query = add(tokens, position, "encoder.query")
      let attended = deformable(
        query: query,
        value: tokens,
        references: nil,
        maps: maps,
        "encoder.attn"
      )
      let normed = layerNorm(add(attended, tokens, "encoder.sum"), "encoder.norm1")
      return feedForward(normed, "encoder")
    }

    mutating func decode(_ memory: ValueID, _ maps: [ValueID]) {
      let d = TinyDetector.width
      let count = TinyDetector.queries
      let queryPosition = graph.append(
        .constant(.init(rows: count, columns: d, values: numbers(count * d, 1))),
        inputs: [],
        name: "query_position"
      )
      let target = graph.append(
        .constant(.init(rows: count, columns: d, values: numbers(count * d, 1))),
        inputs: [],
        name: "target"
      )
      let references = graph.append(
        .sigmoid,
        inputs: [linear(queryPosition, 2, "reference_points")],
        name: "references"
      )
      let query = add(target, queryPosition, "decoder.query")
      let attended = graph.append(
        .attention(.init(heads: TinyDetector.heads, keyGrid: nil)),
        inputs: [
          linear(query, d, "decoder.q"), linear(query, d, "decoder.k"),
          linear(target, d, "decoder.v"),
        ],
        name: "decoder.attention"
      )
      let sum = add(linear(attended, d, "decoder.out"), target, "decoder.sum")
      let normed = layerNorm(sum, "decoder.norm")
      let crossQuery = add(normed, queryPosition, "decoder.cross_query")
      let cross = deformable(
        query: crossQuery,
        value: memory,
        references: references,
        maps: maps,
        "decoder.cross"
      )
      let crossed = layerNorm(add(cross, normed, "decoder.cross_sum"), "decoder.cross_norm")
      let output = feedForward(crossed, "decoder")
      graph.logits = linear(output, TinyDetector.classes, "class_embed")
      let delta = linear(linear(output, d, "box.0", .relu), 4, "box.1")
      graph.boxes = graph.append(.refineBoxes, inputs: [delta, references], name: "boxes")
    }
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, seeded, the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
