import CheckedJSON

/// SMCA-DETR: "Fast Convergence of DETR with Spatially Modulated Co-Attention", Gao et al., 2021, under
/// the names of its repository.
///
/// The defaults are those of the published model of one scale, R50, with Gaussians of two widths
/// (`--num_queries 300 --dynamic_scale type3`).
public struct SyntheticSMCADETR: SyntheticFamily {
  /// The backbone, whose last map is read.
  public var backbone = SyntheticResNet.resNet50.named(.official)
  /// The width of the transformer.
  public var width = 256
  /// Heads of every attention.
  public var heads = 8
  /// Layers of the encoder.
  public var encoderLayers = 6
  /// Layers of the decoder.
  public var decoderLayers = 6
  /// The width inside the feed-forward parts.
  public var hiddenWidth = 2048
  /// Boxes that the detector gives.
  public var queries = 300
  /// Classes; the class head has one row more.
  public var classes = 91
  /// Widths of a head's Gaussian that are predicted: 0…3.
  public var scales = 2
  /// The shorter and the longer edge that pictures are resized to.
  public var edges = (shortest: 800, longest: 1333)

  /// Describes the published model.
  public init() {}

  /// A detector of a few ten thousand weights, for tests.
  public static let tiny: SyntheticSMCADETR = {
    var family = SyntheticSMCADETR()
    family.backbone = .tiny.named(.official)
    family.width = 32
    family.encoderLayers = 2
    family.decoderLayers = 2
    family.hiddenWidth = 64
    family.queries = 20
    family.classes = 10
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
      "input_proj",
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
    plan.add("query_embed.weight", [queries, width]) { $0.normals($1, deviation: 1.5) }
    let queryPositions = ActivationStatistics(channels: width, variance: 2.25)
    var tokens = ActivationStatistics(channels: width, variance: 0)
    for index in 0..<decoderLayers {
      let name = "transformer.decoder.layers.\(index)"
      addGaussians(index, from: tokens + queryPositions, to: &plan)
      plan.addJointAttention(
        "\(name).self_attn",
        norm: "\(name).norm1",
        queries: tokens + queryPositions,
        keys: tokens + queryPositions,
        values: tokens,
        isAkin: true,
        scoreDeviation: 1.5,
        branchDeviation: 0.3,
        &tokens
      )
      plan.addJointAttention(
        "\(name).multihead_attn",
        norm: "\(name).norm2",
        queries: tokens + queryPositions,
        keys: memory + positions,
        values: memory,
        isAkin: false,
        scoreDeviation: 3,
        branchDeviation: 1,
        &tokens
      )
      plan.addFeedForward(name, norm: "norm3", hidden: hiddenWidth, official: &tokens)
    }
    plan.addNorm("transformer.decoder.norm", &tokens)
    plan.addSigmoidClassHead("class_embed", from: tokens, classes: classes + 1)
    plan.addBoxHead("bbox_embed", from: tokens, deviation: 0.8, mean: [0, 0, -1.5, -1.5])
  }

  /// Adds what a layer's Gaussians are predicted with: points anywhere in the picture, offsets of a
  /// few pixels of the map, widths around one.
  private func addGaussians(
    _ index: Int,
    from input: ActivationStatistics,
    to plan: inout CheckpointPlan
  ) {
    let name = "transformer.decoder.layers.\(index)"
    var spatial = input
    plan.addNorm("\(name).norm4", &spatial)
    if index == 0 {
      var activations = spatial
      for layer in 0..<2 {
        activations =
          plan.addLinear(
            "\(name).point1.layers.\(layer)",
            outputs: width,
            from: activations,
            deviation: 1
          ).rectified
      }
      plan.addLinear("\(name).point1.layers.2", outputs: 2, from: activations, deviation: 1.2)
    }
    plan.addLinear("\(name).point2", outputs: 2 * heads, from: spatial, deviation: 2)
    guard scales > 0 else { return }
    plan.addLinear(
      "\(name).point3",
      outputs: scales * heads,
      from: spatial,
      deviation: 0.3,
      bias: [Float](repeating: 1, count: scales * heads)
    )
  }

  public var hasConfiguration: Bool { false }

  public var configuration: JSON.Object { JSON.Object() }

  public var preprocessing: JSON.Object {
    HuggingFaceConfiguration.preprocessing(class: "DetrImageProcessor", edges: edges)
  }
}
