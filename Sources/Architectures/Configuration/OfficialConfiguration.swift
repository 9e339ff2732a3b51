import CheckedJSON
import FloatGraph

/// Reads the arguments that the official repositories of DETR and Deformable DETR save beside the
/// weights.
enum OfficialConfiguration {
  /// Reads what the arguments say.
  ///
  /// - Parameters:
  ///   - arguments: the `args` of a training checkpoint.
  ///   - family: the family that the tensors show.
  /// - Returns: what is stated.
  /// - Throws: ``ArchitectureError`` for values that are not supported.
  static func stated(
    in arguments: JSON.Located,
    family: Family
  ) throws(ArchitectureError) -> StatedConfiguration {
    var stated = StatedConfiguration()
    if let masks = try arguments.flag("masks"), masks.value {
      throw .unsupportedFamily(name: "\(family.rawValue) with a mask head", place: masks.place)
    }
    stated.width = try arguments.count("hidden_dim")
    stated.encoderLayers = try arguments.count("enc_layers", minimum: 0)
    stated.decoderLayers = try arguments.count("dec_layers")
    stated.encoderHeads = try arguments.count("nheads")
    stated.decoderHeads = stated.encoderHeads
    stated.encoderHiddenWidth = try arguments.count("dim_feedforward")
    stated.decoderHiddenWidth = stated.encoderHiddenWidth
    stated.position = try arguments.choice(
      "position_embedding",
      of: ["sine": .sine, "v2": .sine, "learned": .learned, "v3": .learned]
    )
    stated.queries = try arguments.count("num_queries")
    if let dilation = try arguments.flag("dilation") {
      stated.backbone.outputStride = Stated(dilation.value ? 16 : 32, at: dilation.place)
    }
    switch family {
    case .detr:
      stated.normalizesBefore = try arguments.flag("pre_norm")
    case .deformableDETR:
      stated.levels = try arguments.count("num_feature_levels")
      stated.encoderPoints = try arguments.count("enc_n_points")
      stated.decoderPoints = try arguments.count("dec_n_points")
      stated.refinesBoxes = try arguments.flag("with_box_refine")
      stated.isTwoStage = try arguments.flag("two_stage")
    case .rtDETR, .rtDETRv2: break  // No such files: their families are told by other names.
    case .smcaDETR:
      if let preNorm = try arguments.flag("pre_norm"), preNorm.value {
        throw .unsupported(place: preNorm.place, found: "true", supported: "false")
      }
      stated.gaussianScales = try arguments.choice(
        "dynamic_scale",
        of: ["type1": 0, "type2": 1, "type3": 2, "type4": 3]
      )
      stated.smooth = try arguments.number("smooth")
    case .samDETR:
      if let levels = try arguments.flag("multiscale"), levels.value {
        throw .unsupported(place: levels.place, found: "true", supported: "false")
      }
      stated.isModulated = try arguments.flag("smca")
    }
    return stated
  }
}
