import CheckedJSON
import FloatGraph

/// Reads the configuration and the class names that mmdetection 3 saves in `meta`.
enum MMDetectionConfiguration {
  /// Reads what stands beside the weights: the configuration as text in `cfg`, and the names of the
  /// classes in `dataset_meta`.
  ///
  /// - Parameters:
  ///   - meta: the `meta` of a checkpoint.
  ///   - family: the family that the tensors show.
  /// - Returns: what is stated.
  /// - Throws: ``ArchitectureError`` for other detectors and for values that are not supported.
  static func stated(
    meta: JSON.Located,
    family: Family
  ) throws(ArchitectureError) -> StatedConfiguration {
    let text = try meta.text("cfg")
    let config = JSON.Located(
      PythonConfiguration.parse(text?.value ?? ""),
      source: text?.place ?? meta.source
    )
    var stated = try stated(in: config, family: family)
    for key in ["classes", "CLASSES"] {
      let names = try meta["dataset_meta"].stated(key) { place throws(JSONError) in
        try place.strings
      }
      if let names {
        stated.labels = names.value
        stated.classes = stated.classes ?? Stated(names.value.count, at: names.place)
      }
    }
    return stated
  }

  /// Reads what the configuration says.
  ///
  /// - Parameters:
  ///   - config: the assignments, as ``PythonConfiguration`` reads them.
  ///   - family: the family that the tensors show.
  /// - Returns: what is stated.
  /// - Throws: ``ArchitectureError`` for other detectors and for values that are not supported.
  static func stated(
    in config: JSON.Located,
    family: Family
  ) throws(ArchitectureError) -> StatedConfiguration {
    var stated = StatedConfiguration()
    let model = config["model"]
    if let type = try model.text("type") {
      switch type.value {
      case "DETR": stated.family = Stated(.detr, at: type.place)
      case "DeformableDETR": stated.family = Stated(.deformableDETR, at: type.place)
      default:
        throw .unsupportedFamily(name: onOneLine(type.value, limit: 60), place: type.place)
      }
    }
    stated.queries = try model.count("num_queries")
    stated.classes = try model["bbox_head"].count("num_classes")
    if family == .deformableDETR {
      stated.levels = try model.count("num_feature_levels")
      stated.refinesBoxes = try model.flag("with_box_refine")
      stated.isTwoStage = try model.flag("as_two_stage")
    }
    try readTransformer(model, into: &stated)
    try readPositions(model["positional_encoding"], into: &stated)
    stated.backbone = try backbone(model["backbone"])
    try readPreprocessing(config, into: &stated)
    return stated
  }

  private static func readTransformer(
    _ model: JSON.Located,
    into stated: inout StatedConfiguration
  ) throws(ArchitectureError) {
    let encoder = model["encoder"]
    let decoder = model["decoder"]
    stated.encoderLayers = try encoder.count("num_layers", minimum: 0)
    stated.decoderLayers = try decoder.count("num_layers")
    let encoderAttention = encoder["layer_cfg"]["self_attn_cfg"]
    let decoderAttention = decoder["layer_cfg"]["cross_attn_cfg"]
    stated.encoderHeads = try encoderAttention.count("num_heads")
    stated.decoderHeads = try decoder["layer_cfg"]["self_attn_cfg"].count("num_heads")
    stated.encoderPoints = try encoderAttention.count("num_points")
    stated.decoderPoints = try decoderAttention.count("num_points")
    stated.width = try encoderAttention.count("embed_dims")
    let encoderHidden = encoder["layer_cfg"]["ffn_cfg"]
    let decoderHidden = decoder["layer_cfg"]["ffn_cfg"]
    stated.encoderHiddenWidth = try encoderHidden.count("feedforward_channels")
    stated.decoderHiddenWidth = try decoderHidden.count("feedforward_channels")
    stated.activation = try encoderHidden["act_cfg"].choice(
      "type",
      of: ["ReLU": .relu, "GELU": .gelu]
    )
  }

  private static func readPositions(
    _ positions: JSON.Located,
    into stated: inout StatedConfiguration
  ) throws(ArchitectureError) {
    if let normalize = try positions.flag("normalize"), !normalize.value {
      throw .unsupported(place: normalize.place, found: "False", supported: "True")
    }
    guard positions.exists else { return }
    let offset = try positions.stated("offset") { place throws(JSONError) in try place.double }
    let place = "\(positions.source): '\(positions.path)'"
    stated.positionOffset = Stated(-(offset?.value ?? 0), at: offset?.place ?? place)
  }

  /// mmdetection's ResNet is torchvision's for `style='pytorch'` and plain stride and dilation.
  private static func backbone(
    _ backbone: JSON.Located
  ) throws(ArchitectureError) -> StatedBackbone {
    var stated = StatedBackbone()
    if let type = try backbone.text("type"), type.value != "ResNet" {
      throw .unsupported(
        place: type.place,
        found: onOneLine(type.value, limit: 60),
        supported: "ResNet"
      )
    }
    if let style = try backbone.choice("style", of: ["pytorch": false, "caffe": true]) {
      stated.stridesFirst = style
    }
    if let outputs = try backbone.counts("out_indices", minimum: 0) { stated.outputs = outputs }
    for (key, plain) in [("strides", [1, 2, 2, 2]), ("dilations", [1, 1, 1, 1])] {
      if let values = try backbone.counts(key), values.value != plain {
        throw .unsupported(
          place: values.place,
          found: "\(values.value)",
          supported: "\(plain)"
        )
      }
    }
    for key in ["deep_stem", "avg_down"] {
      if let flag = try backbone.flag(key), flag.value {
        throw .unsupported(place: flag.place, found: "True", supported: "False")
      }
    }
    return stated
  }

  /// Mean and deviation are in 0…255; the channels are those of the network, that is blue, green, red
  /// unless `bgr_to_rgb` is set.
  private static func readPreprocessing(
    _ config: JSON.Located,
    into stated: inout StatedConfiguration
  ) throws(ArchitectureError) {
    let preprocessor = config["model"]["data_preprocessor"]
    guard let mean = try preprocessor.channels("mean", mustBePositive: false),
      let deviation = try preprocessor.channels("std", mustBePositive: true)
    else { return }
    let isRGB = try preprocessor.flag("bgr_to_rgb")?.value ?? false
    let place = "\(preprocessor.source): '\(preprocessor.path).bgr_to_rgb'"
    stated.backbone.readsBlueFirst = Stated(!isRGB, at: place)
    let pipeline = config["test_pipeline"]
    stated.inputSize = try testSize(config).map {
      Stated($0, at: "\(pipeline.source): '\(pipeline.path)'")
    }
    let preprocessing = Preprocessing(
      size: stated.inputSize?.value ?? Preprocessing.detr.size,
      rescale: 1,
      mean: isRGB ? mean : mean.reversed(),
      standardDeviation: isRGB ? deviation : deviation.reversed()
    )
    stated.preprocessing = Stated(
      preprocessing,
      at: "\(preprocessor.source): '\(preprocessor.path)'"
    )
  }

  /// `scale` of the `Resize` step: the longest and the shortest edge in either order.
  private static func testSize(
    _ config: JSON.Located
  ) throws(ArchitectureError) -> Preprocessing.Size? {
    guard let pipeline = config["test_pipeline"].optional else { return nil }
    let steps: [JSON.Located]
    do { steps = try pipeline.elements } catch { throw .configuration(error) }
    for step in steps where try step.text("type")?.value == "Resize" {
      guard let scale = try step.counts("scale"), scale.value.count == 2 else { return nil }
      let (first, second) = (scale.value[0], scale.value[1])
      if try step.flag("keep_ratio")?.value ?? false {
        return .edges(shortest: min(first, second), longest: max(first, second))
      }
      return .fixed(height: second, width: first)
    }
    return nil
  }
}
