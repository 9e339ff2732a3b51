import CheckedJSON
import FloatGraph
import Testing

@testable import Architectures

/// Small models for tests, each with the configuration file that transformers 5.x would write.
enum SmallModels {
  static let detr = DetectorConfiguration(
    family: .detr,
    backbone: ResNetConfiguration(
      block: .basic,
      stemWidth: 4,
      depths: [1, 1, 2, 1],
      widths: [4, 6, 8, 10],
      outputs: [3],
      stridesFirst: false,
      stridesFirstStage: false,
      outputStride: 32,
      readsBlueFirst: false
    ),
    width: 16,
    encoderLayers: 2,
    decoderLayers: 2,
    encoderHeads: 4,
    decoderHeads: 2,
    encoderHiddenWidth: 24,
    decoderHiddenWidth: 20,
    activation: .relu,
    normalizesBefore: false,
    normalizesEveryLayer: false,
    position: .sine,
    positionOffset: 0,
    queries: 5,
    logits: 4,
    deformable: nil
  )

  static let deformable: DetectorConfiguration = {
    var model = detr
    model.family = .deformableDETR
    model.backbone.block = .bottleneck
    model.backbone.widths = [8, 12, 16, 20]
    model.backbone.outputs = [1, 2, 3]
    model.width = 32
    model.positionOffset = 0.5
    model.logits = 3
    model.deformable = .init(
      levels: 5,
      encoderPoints: 2,
      decoderPoints: 3,
      refinesBoxes: true,
      isTwoStage: false
    )
    return model
  }()

  static let twoStage: DetectorConfiguration = {
    var model = deformable
    model.deformable!.isTwoStage = true
    return model
  }()

  /// The names that transformers writes.
  static func names(_ model: DetectorConfiguration) -> HuggingFaceNames {
    HuggingFaceNames(family: model.family, backbone: .torchvision, prefix: "")
  }

  /// A checkpoint as transformers lays it out.
  static func fixture(_ model: DetectorConfiguration) -> CheckpointFixture {
    var fixture = CheckpointFixture(model, config: config(model), naming: names(model))
    guard let deformable = model.deformable else { return fixture }
    // The decoder owns the heads that it uses itself.
    for (name, tensor) in fixture.tensors {
      let isBoxHead = name.hasPrefix("model.decoder.bbox_embed.") && !deformable.refinesBoxes
      let isClassHead = name.hasPrefix("model.decoder.class_embed.") && !deformable.isTwoStage
      if isBoxHead || isClassHead {
        fixture.tensors[name] = nil
        fixture.tensors[String(name.dropFirst("model.decoder.".count))] = tensor
      }
    }
    return fixture
  }

  /// `config.json` as transformers 5.x writes it, without what does not matter here.
  static func config(_ model: DetectorConfiguration) -> JSON {
    var labels = JSON.Object()
    let classes = model.family == .detr ? model.logits - 1 : model.logits
    for index in 0..<classes { labels["\(index)"] = .string("class \(index)") }
    let isDETR = model.family == .detr
    let config: JSON = [
      "architectures": [.string("\(isDETR ? "Detr" : "DeformableDetr")ForObjectDetection")],
      "model_type": .string(isDETR ? "detr" : "deformable_detr"),
      "num_channels": 3,
      "d_model": JSON(model.width),
      "encoder_layers": JSON(model.encoderLayers),
      "decoder_layers": JSON(model.decoderLayers),
      "encoder_attention_heads": JSON(model.encoderHeads),
      "decoder_attention_heads": JSON(model.decoderHeads),
      "encoder_ffn_dim": JSON(model.encoderHiddenWidth),
      "decoder_ffn_dim": JSON(model.decoderHiddenWidth),
      "activation_function": .string("\(model.activation)"),
      "position_embedding_type": .string(model.position.rawValue),
      "num_queries": JSON(model.queries),
      "auxiliary_loss": .bool(model.normalizesEveryLayer),
      "dilation": .bool(model.backbone.outputStride < 32),
      "id2label": .object(labels),
      "backbone_config": [
        "model_type": "timm_backbone",
        "backbone": "resnet18",
        "out_indices": .array(model.backbone.outputs.map { JSON($0 + 1) }),
        "output_stride": model.backbone.outputStride < 32
          ? JSON(model.backbone.outputStride) : .null,
      ],
    ]
    guard let deformable = model.deformable else { return config }
    return
      config
      .with("num_feature_levels", JSON(deformable.levels))
      .with("encoder_n_points", JSON(deformable.encoderPoints))
      .with("decoder_n_points", JSON(deformable.decoderPoints))
      .with("with_box_refine", .bool(deformable.refinesBoxes))
      .with("two_stage", .bool(deformable.isTwoStage))
      .with("two_stage_num_proposals", JSON(model.queries))
  }
}

extension JSON {
  /// The same object with a member replaced, or removed where the value is nil.
  func with(_ key: String, _ value: JSON?) -> JSON {
    guard case .object(var object) = self else { return self }
    object[key] = value
    return .object(object)
  }
}

extension DetectorConfiguration: CustomTestStringConvertible {
  public var testDescription: String {
    let stages = deformable.map { $0.isTwoStage ? ", two-stage" : "" } ?? ""
    return "\(family.rawValue)\(stages)"
  }
}
