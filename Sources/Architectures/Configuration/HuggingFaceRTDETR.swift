import CheckedJSON
import FloatGraph

extension HuggingFaceConfiguration {
  /// What `activation_function` and its like may be.
  static let activations: KeyValuePairs<String, FloatOperation.Activation> = [
    "relu": .relu, "gelu": .gelu, "silu": .silu, "swish": .silu,
  ]

  /// Reads what the file says about an RT-DETR or RT-DETRv2 beside what all families have.
  ///
  /// - Parameters:
  ///   - config: the root of `config.json`.
  ///   - stated: takes what is stated.
  /// - Throws: ``ArchitectureError`` for values that are not supported.
  static func readHybrid(
    _ config: JSON.Located,
    into stated: inout StatedConfiguration
  ) throws(ArchitectureError) {
    stated.normalizesBefore = try config.flag("normalize_before")
    stated.levels = try config.count("num_feature_levels")
    stated.decoderPoints = try config.count("decoder_n_points")
    var hybrid = StatedHybrid()
    hybrid.encoderWidth = try config.count("encoder_hidden_dim")
    hybrid.attendedScales = try config.counts("encode_proj_layers", minimum: 0)
    hybrid.evaluationSize = try config.stated("eval_size") { _ throws(JSONError) in true }
    hybrid.temperature = try config.positive("positional_encoding_temperature")
    hybrid.encoderActivation = try config.choice("encoder_activation_function", of: activations)
    hybrid.decoderActivation = try config.choice("decoder_activation_function", of: activations)
    hybrid.learnsQueries = try config.flag("learn_initial_query")
    hybrid.batchNormEpsilon = try config.positive("batch_norm_eps")
    hybrid.layerNormEpsilon = try config.positive("layer_norm_eps")
    if stated.family?.value == .rtDETRv2 {
      let levels = try config.count("decoder_n_levels")
      if let levels, let other = stated.levels, levels.value != other.value {
        throw .contradiction(
          place: levels.place,
          found: "\(levels.value)",
          other: other.place,
          expected: "\(other.value)"
        )
      }
      stated.levels = stated.levels ?? levels
      hybrid.offsetScale = try config.positive("decoder_offset_scale")
      hybrid.isDiscrete = try config.choice(
        "decoder_method",
        of: ["default": false, "discrete": true]
      )
    }
    stated.hybrid = hybrid
    if let refines = try config.flag("with_box_refine"), !refines.value {
      throw .unsupported(place: refines.place, found: "false", supported: "true")
    }
  }
}
