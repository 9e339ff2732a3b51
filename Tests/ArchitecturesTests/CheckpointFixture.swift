import CheckedJSON
import Foundation

@testable import Architectures

/// A small checkpoint with random weights, made in the test, that can be spoiled before it is written.
struct CheckpointFixture {
  struct Tensor {
    var shape: [Int]
    var values: [Float]
    var type = "F32"
  }

  /// Tensors by the names of the file.
  var tensors: [String: Tensor]
  /// `config.json`; null writes none.
  var config: JSON
  /// `preprocessor_config.json`; null writes none.
  var preprocessor: JSON = .null

  /// Draws weights for a configuration.
  ///
  /// - Parameters:
  ///   - configuration: the model.
  ///   - config: its `config.json`.
  ///   - seed: the weights of an array depend on this and on its module only, not on the naming.
  ///   - naming: the names in the file; a tensor that stands for several arrays is put together.
  ///   - writesCopies: whether tied tensors are written under all of their names.
  init(
    _ configuration: DetectorConfiguration,
    config: JSON,
    seed: UInt64 = 1,
    naming: any TensorNaming,
    writesCopies: Bool = false
  ) {
    self.config = config
    tensors = [:]
    var parts: [String: [Int: Tensor]] = [:]
    for (name, shape) in configuration.arrays {
      guard let sources = naming.sources(of: name).first else { continue }
      var generator = SplitMix(seed: seed, name: "\(name)")
      let fanIn = shape.dropFirst().reduce(1, *)
      let values = (0..<shape.reduce(1, *)).map { _ -> Float in
        let x = generator.signed()
        return switch name.parameter {
        case .normVariance: 1 + 0.5 * x
        case .normGain: 1 + 0.3 * x
        case .weight where shape.count == 1: 1 + 0.3 * x
        case .weight: x * (3 / Float(fanIn)).squareRoot()
        case .bias, .normBias, .normMean: 0.3 * x
        }
      }
      for source in writesCopies ? sources[...] : sources.prefix(1) {
        parts[source.tensor, default: [:]][source.part] = Tensor(shape: shape, values: values)
      }
    }
    for (name, list) in parts {
      let ordered = list.sorted { $0.key < $1.key }.map(\.value)
      var shape = ordered[0].shape
      if ordered.count > 1 { shape[0] *= ordered.count }
      tensors[name] = Tensor(shape: shape, values: ordered.flatMap(\.values))
    }
  }

  /// Writes the files into a new folder, which a closure may use and which is removed afterwards.
  func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try safetensors().write(to: url.appendingPathComponent("model.safetensors"))
    for (name, json) in [("config.json", config), ("preprocessor_config.json", preprocessor)] {
      if case .null = json { continue }
      try Data(json.encoded()).write(to: url.appendingPathComponent(name))
    }
    return try body(url.path)
  }

  private func safetensors() throws -> Data {
    var header = JSON.Object()
    var data = Data()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let start = data.count
      for value in tensor.values {
        if tensor.type == "I64" {
          withUnsafeBytes(of: Int64(value).littleEndian) { data.append(contentsOf: $0) }
        } else {
          withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
      }
      header[name] = [
        "dtype": .string(tensor.type),
        "shape": .array(tensor.shape.map { JSON($0) }),
        "data_offsets": [JSON(start), JSON(data.count)],
      ]
    }
    let text = try JSON.object(header).encoded()
    var file = Data()
    withUnsafeBytes(of: UInt64(text.count).littleEndian) { file.append(contentsOf: $0) }
    return file + Data(text) + data
  }
}

extension DetectorConfiguration {
  /// Every array that the model has, with its shape.
  var arrays: [(name: WeightName, shape: [Int])] {
    var arrays: [(name: WeightName, shape: [Int])] = []
    func convolution(_ module: Module, _ outputs: Int, _ inputs: Int, _ kernel: Int) {
      arrays.append((WeightName(module, .weight), [outputs, inputs, kernel, kernel]))
      for parameter in [Parameter.normGain, .normBias, .normMean, .normVariance] {
        arrays.append((WeightName(module, parameter), [outputs]))
      }
    }
    func linear(_ module: Module, _ outputs: Int, _ inputs: Int) {
      arrays.append((WeightName(module, .weight), [outputs, inputs]))
      arrays.append((WeightName(module, .bias), [outputs]))
    }
    func norm(_ module: Module, _ channels: Int) {
      arrays.append((WeightName(module, .weight), [channels]))
      arrays.append((WeightName(module, .bias), [channels]))
    }

    convolution(.stem, backbone.stemWidth, 3, 7)
    var inputs = backbone.stemWidth
    for (stage, width) in backbone.widths.enumerated() {
      for block in 0..<backbone.depths[stage] {
        func part(_ index: Int) -> Module { .convolution(stage: stage, block: block, index: index) }
        switch backbone.block {
        case .basic:
          convolution(part(0), width, inputs, 3)
          convolution(part(1), width, width, 3)
        case .bottleneck:
          convolution(part(0), width / 4, inputs, 1)
          convolution(part(1), width / 4, width / 4, 3)
          convolution(part(2), width, width / 4, 1)
        }
        if block == 0, inputs != width || stage > 0 {
          convolution(.shortcut(stage: stage, block: block), width, inputs, 1)
        }
        inputs = width
      }
    }

    for level in 0..<(deformable?.levels ?? 1) {
      let isExtra = level >= backbone.outputs.count
      let source = isExtra ? backbone.outputs.last! : backbone.outputs[level]
      let channels = level > backbone.outputs.count ? width : backbone.widths[source]
      let kernel = isExtra ? 3 : 1
      let module = Module.inputProjection(level: level)
      arrays.append((WeightName(module, .weight), [width, channels, kernel, kernel]))
      arrays.append((WeightName(module, .bias), [width]))
      if deformable != nil { norm(.inputNorm(level: level), width) }
    }
    if position == .learned {
      arrays.append((WeightName(.learnedRows, .weight), [50, width / 2]))
      arrays.append((WeightName(.learnedColumns, .weight), [50, width / 2]))
    }

    func attention(_ part: (AttentionPart) -> Module) {
      for map in [AttentionPart.query, .key, .value, .output] { linear(part(map), width, width) }
    }
    func deformableAttention(_ part: (AttentionPart) -> Module, heads: Int, points: Int) {
      let samples = heads * points * deformable!.levels
      linear(part(.samplingOffsets), 2 * samples, width)
      linear(part(.attentionWeights), samples, width)
      linear(part(.deformableValue), width, width)
      linear(part(.deformableOutput), width, width)
    }
    for (stack, count) in [(Module.Stack.encoder, encoderLayers), (.decoder, decoderLayers)] {
      for index in 0..<count {
        let selfPart = { Module.layer(stack, index, .selfAttention($0)) }
        let crossPart = { Module.layer(stack, index, .crossAttention($0)) }
        if stack == .encoder, let deformable {
          deformableAttention(selfPart, heads: encoderHeads, points: deformable.encoderPoints)
        } else {
          attention(selfPart)
        }
        norm(.layer(stack, index, .selfAttentionNorm), width)
        if stack == .decoder {
          if let deformable {
            deformableAttention(crossPart, heads: decoderHeads, points: deformable.decoderPoints)
          } else {
            attention(crossPart)
          }
          norm(.layer(stack, index, .crossAttentionNorm), width)
        }
        let hidden = stack == .encoder ? encoderHiddenWidth : decoderHiddenWidth
        linear(.layer(stack, index, .expansion), hidden, width)
        linear(.layer(stack, index, .contraction), width, hidden)
        norm(.layer(stack, index, .feedForwardNorm), width)
      }
    }
    if normalizesBefore { norm(.finalNorm(.encoder), width) }

    var heads = 1
    if let deformable {
      arrays.append((WeightName(.levelEmbedding, .weight), [deformable.levels, width]))
      if deformable.isTwoStage {
        linear(.proposalOutput, width, width)
        norm(.proposalOutputNorm, width)
        linear(.proposalPosition, 2 * width, 2 * width)
        norm(.proposalPositionNorm, 2 * width)
      } else {
        arrays.append((WeightName(.queryEmbedding, .weight), [queries, 2 * width]))
        linear(.referencePoints, 2, width)
      }
      heads = decoderLayers + (deformable.isTwoStage ? 1 : 0)
    } else {
      norm(.finalNorm(.decoder), width)
      arrays.append((WeightName(.queryEmbedding, .weight), [queries, width]))
    }
    for head in 0..<heads {
      linear(.classHead(head), logits, width)
      for map in 0..<3 { linear(.boxHead(head, linear: map), map == 2 ? 4 : width, width) }
    }
    return arrays
  }
}

/// Steele, Lea and Flood's generator, seeded by a number and a text.
private struct SplitMix {
  private var state: UInt64

  init(seed: UInt64, name: String) {
    state = name.utf8.reduce(seed &+ 0x9E37_79B9) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// A number in −1…1.
  mutating func signed() -> Float {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Float((z ^ (z >> 31)) >> 40) / Float(1 << 23) - 1
  }
}
