import CheckedJSON
import FloatGraph

/// Reads `config.json` as transformers 4.x and 5.x write it.
///
/// 4.x has `use_timm_backbone`, `backbone` and `dilation`, 5.x has `backbone_config` whose
/// `model_type` is `timm_backbone` or `resnet`; either may hold the other's keys as null.
enum HuggingFaceConfiguration {
  /// Reads what the file says about a DETR or Deformable DETR.
  ///
  /// - Parameter config: the root of `config.json`.
  /// - Returns: what is stated.
  /// - Throws: ``ArchitectureError`` for other families and for values that are not supported.
  static func stated(in config: JSON.Located) throws(ArchitectureError) -> StatedConfiguration {
    var stated = StatedConfiguration()
    stated.family = try HuggingFaceFamilies.family(of: config)
    let isDAB = stated.family?.value == .dabDETR
    stated.width = try config.count(isDAB ? "hidden_size" : "d_model")
    stated.encoderLayers = try config.count("encoder_layers", minimum: 0)
    stated.decoderLayers = try config.count("decoder_layers")
    stated.encoderHeads = try config.count("encoder_attention_heads")
    stated.decoderHeads = try config.count("decoder_attention_heads")
    stated.encoderHiddenWidth = try config.count("encoder_ffn_dim")
    stated.decoderHiddenWidth = try config.count("decoder_ffn_dim")
    if isDAB {
      try readAnchorBoxes(config, into: &stated)
    } else {
      stated.activation = try config.choice(
        "activation_function",
        of: activations
      )
      stated.position = try config.choice(
        "position_embedding_type",
        of: ["sine": .sine, "learned": .learned]
      )
    }
    stated.queries = try config.count("num_queries")
    if stated.family?.value == .deformableDETR {
      stated.proposals = try config.count("two_stage_num_proposals")
      stated.levels = try config.count("num_feature_levels")
      stated.encoderPoints = try config.count("encoder_n_points")
      stated.decoderPoints = try config.count("decoder_n_points")
      stated.refinesBoxes = try config.flag("with_box_refine")
      stated.isTwoStage = try config.flag("two_stage")
    } else if stated.family?.value == .rtDETR || stated.family?.value == .rtDETRv2 {
      try readHybrid(config, into: &stated)
    } else if !isDAB {
      stated.normalizesEveryLayer = try config.flag("auxiliary_loss")
    }
    try requireThreeChannels(config)
    stated.backbone = try backbone(config)
    try readLabels(config, into: &stated)
    return stated
  }

  private static func requireThreeChannels(_ config: JSON.Located) throws(ArchitectureError) {
    if let channels = try config.count("num_channels"), channels.value != 3 {
      throw .unsupported(place: channels.place, found: "\(channels.value)", supported: "3")
    }
  }

  /// `id2label` maps the text of each number from 0 on to a name; its size is the number of classes.
  /// Numbers beyond that are of classes that the model cannot find.
  private static func readLabels(
    _ config: JSON.Located,
    into stated: inout StatedConfiguration
  ) throws(ArchitectureError) {
    let names = try config.stated("id2label") { place throws(JSONError) in
      let members = try place.members
      var names = [String](repeating: "", count: members.count)
      for (key, value) in members {
        guard let index = Int(key) else { throw place.notAllowed(expected: "numbers as keys") }
        let name = try value.string
        if names.indices.contains(index) { names[index] = name }
      }
      return names
    }
    if let names {
      stated.labels = names.value
      stated.classes = Stated(names.value.count, at: names.place)
    } else {
      stated.classes = try config.count("num_labels")
    }
  }
}
