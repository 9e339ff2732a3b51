import CheckedJSON

/// SAM-DETR: "Accelerating DETR Convergence via Semantic-Aligned Matching", Zhang et al., 2022, under
/// the names of its repository, with or without SMCA.
///
/// The defaults are those of the published models of one scale that were trained for 50 epochs, R50.
public struct SyntheticSAMDETR: SyntheticFamily {
  /// The backbone, whose last map is read.
  public var backbone = SyntheticResNet.resNet50.named(.official)
  /// Whether Gaussians modulate cross-attention.
  public var isModulated = false
  /// The width of the transformer.
  public var width = 256
  /// Heads of every attention, and salient points of a query.
  public var heads = 8
  /// Layers of the encoder.
  public var encoderLayers = 6
  /// Layers of the decoder.
  public var decoderLayers = 6
  /// The width inside the feed-forward parts.
  public var hiddenWidth = 2048
  /// The widths inside of the network that finds salient points.
  public var pointWidths = (first: 256, second: 512)
  /// Boxes that the detector gives.
  public var queries = 300
  /// Classes.
  public var classes = 91
  /// The shorter and the longer edge that pictures are resized to.
  public var edges = (shortest: 800, longest: 1333)

  /// Bins along each side of a box.
  private static let bins = 7

  /// Describes the published model without SMCA.
  public init() {}

  /// A detector of a few ten thousand weights, for tests.
  public static let tiny: SyntheticSAMDETR = {
    var family = SyntheticSAMDETR()
    family.backbone = .tiny.named(.official)
    family.width = 32
    family.heads = 8
    family.encoderLayers = 2
    family.decoderLayers = 2
    family.hiddenWidth = 64
    family.pointWidths = (32, 48)
    family.queries = 60
    family.classes = 30
    family.edges = (shortest: 96, longest: 160)
    return family
  }()

  public func check() throws(SyntheticCheckpointError) {
    try backbone.check()
    try requirePositive(
      [
        ("heads", heads), ("encoder layers", encoderLayers), ("decoder layers", decoderLayers),
        ("hidden width", hiddenWidth), ("queries", queries), ("classes", classes),
      ]
    )
    try requireWidth(width, divisor: heads, reason: "one part a head")
    try requireWidth(width, divisor: 4, reason: "sines and cosines of two coordinates")
  }

  public func compose(_ plan: inout CheckpointPlan) {
    let maps = plan.addResNet(backbone, pictures: plan.fittingPictures())
    var memory = plan.addLinear(
      "input_proj.0.0",
      outputs: width,
      from: ActivationStatistics(maps[3]),
      deviation: 1,
      biasDeviation: 0.2,
      kernel: 1
    )
    let positions = SineCode.statistics(over: [0...1, 0...1], features: width / 2)
    plan.addOfficialEncoder(
      layers: encoderLayers,
      hidden: hiddenWidth,
      positions: positions,
      &memory
    )
    // Centres lie anywhere, sides are about a quarter of the picture's.
    plan.add("query_embed.weight", [queries, 4]) { random, count in
      random.normals(count, deviation: 1).enumerated().map { index, number in
        index % 4 < 2 ? 1.3 * number : 0.7 * number - 1.1
      }
    }
    var tokens = ActivationStatistics(channels: width, variance: 0)
    for index in 0..<decoderLayers {
      let name = "transformer.decoder.layers.\(index)"
      addSelfAttention(name, positions: positions, &tokens, to: &plan)
      addSalientPoints(name, from: memory, to: &plan)
      addCrossAttention(name, memory: memory, positions: positions, &tokens, to: &plan)
      plan.addFeedForward(name, norm: "norm3", hidden: hiddenWidth, official: &tokens)
      plan.addSigmoidClassHead("class_embed.\(index)", from: tokens, classes: classes)
      plan.addBoxHead(
        "bbox_embed.\(index)",
        from: tokens,
        deviation: 0.4,
        mean: [0, 0, 0, 0]
      )
      // The decoder owns the box heads too.
      for tensor in plan.tensors where tensor.name.hasPrefix("bbox_embed.\(index).") {
        plan.add("transformer.decoder.\(tensor.name)", tensor.shape) { _, _ in tensor.numbers() }
      }
    }
  }

  private func addSelfAttention(
    _ name: String,
    positions: ActivationStatistics,
    _ tokens: inout ActivationStatistics,
    to plan: inout CheckpointPlan
  ) {
    let deviation: Float = 0.85
    for part in ["q", "k"] {
      let relative = part == "k"
      plan.addLinear(
        "\(name).sa_\(part)content_proj",
        outputs: width,
        from: tokens,
        deviation: deviation,
        relative: relative ? "\(name).sa_qcontent_proj" : nil
      )
      plan.addLinear(
        "\(name).sa_\(part)pos_proj",
        outputs: width,
        from: positions,
        deviation: deviation,
        relative: relative ? "\(name).sa_qpos_proj" : nil
      )
    }
    var read = plan.addLinear("\(name).sa_v_proj", outputs: width, from: tokens, deviation: 1)
    read.variance *= 0.3
    tokens =
      tokens
      + plan.addLinear("\(name).self_attn.out_proj", outputs: width, from: read, deviation: 0.3)
    plan.addNorm("\(name).norm1", &tokens)
  }

  private func addSalientPoints(
    _ name: String,
    from memory: ActivationStatistics,
    to plan: inout CheckpointPlan
  ) {
    let reduced = plan.addLinear(
      "\(name).point1.0",
      outputs: width / 4,
      from: memory,
      deviation: 1,
      kernel: 1
    ).rectified
    let bins = Self.bins * Self.bins
    var value = ActivationStatistics(
      mean: reduced.mean.flatMap { [Float](repeating: $0, count: bins) },
      variance: reduced.variance
    )
    let widths = [pointWidths.first, pointWidths.second, pointWidths.second]
    for (layer, outputs) in zip([0, 2, 4], widths) {
      value =
        plan.addLinear(
          "\(name).point2.\(layer)",
          outputs: outputs,
          from: value,
          // The bins of a box are alike: their sum varies more than that of strangers.
          deviation: layer == 0 ? 0.5 : 1
        ).rectified
    }
    let points = [Float](repeating: 0, count: 2 * heads)
    let scales = [Float](repeating: 1, count: 2 * heads)
    plan.addLinear(
      "\(name).point2.6",
      outputs: isModulated ? 4 * heads : 2 * heads,
      from: value,
      deviation: 0.5,
      bias: isModulated ? points + scales : points
    )
  }

  private func addCrossAttention(
    _ name: String,
    memory: ActivationStatistics,
    positions: ActivationStatistics,
    _ tokens: inout ActivationStatistics,
    to plan: inout CheckpointPlan
  ) {
    plan.addLinear("\(name).attn1", outputs: heads * width, from: tokens, deviation: 1)
    plan.addLinear("\(name).attn2", outputs: heads * width, from: tokens, deviation: 1)
    // A gate lets half of it through on average.
    func gated(_ input: ActivationStatistics) -> ActivationStatistics {
      ActivationStatistics(mean: input.mean.map { $0 / 2 }, variance: input.variance * 0.3)
    }
    let deviation: Float = 1.2
    plan.addLinear(
      "\(name).ca_qcontent_proj",
      outputs: width,
      from: gated(memory),
      deviation: deviation
    )
    plan.addLinear(
      "\(name).ca_kcontent_proj",
      outputs: width,
      from: memory,
      deviation: deviation,
      relative: "\(name).ca_qcontent_proj"
    )
    for (part, input) in [("q", gated(positions)), ("k", positions)] {
      let hidden = plan.addLinear(
        "\(name).ca_\(part)pos_sine_proj.layers.0",
        outputs: width,
        from: input,
        deviation: 1,
        relative: part == "k" ? "\(name).ca_qpos_sine_proj.layers.0" : nil
      ).rectified
      plan.addLinear(
        "\(name).ca_\(part)pos_sine_proj.layers.1",
        outputs: width,
        from: hidden,
        deviation: deviation,
        relative: part == "k" ? "\(name).ca_qpos_sine_proj.layers.1" : nil
      )
    }
    var read = plan.addLinear("\(name).ca_v_proj", outputs: width, from: memory, deviation: 1)
    read.variance *= 0.3
    tokens =
      tokens
      + plan.addLinear("\(name).cross_attn.out_proj", outputs: width, from: read, deviation: 3)
    plan.addNorm("\(name).norm2", &tokens)
  }

  public var hasConfiguration: Bool { false }

  public var configuration: JSON.Object { JSON.Object() }

  public var preprocessing: JSON.Object {
    HuggingFaceConfiguration.preprocessing(class: "DeformableDetrImageProcessor", edges: edges)
  }
}
