import CheckedJSON

/// Which family a `config.json` belongs to, and the names of those that are not supported.
enum HuggingFaceFamilies {
  /// Values of `model_type` in transformers and what their models are called.
  static let unsupported = [
    "d_fine": "D-FINE",
    "deta": "DETA",
    "grounding-dino": "Grounding DINO",
    "lw_detr": "LW-DETR",
    "mask2former": "Mask2Former",
    "maskformer": "MaskFormer",
    "oneformer": "OneFormer",
    "owlvit": "OWL-ViT",
    "rf_detr": "RF-DETR",
    "yolos": "YOLOS",
  ]

  /// Reads the family from `model_type`, or from the model class where that is absent.
  ///
  /// - Parameter config: the root of `config.json`.
  /// - Returns: a supported family, or nil where the file does not say.
  /// - Throws: ``ArchitectureError/unsupportedFamily(name:place:)``.
  static func family(of config: JSON.Located) throws(ArchitectureError) -> Stated<Family>? {
    let classes = try config.stated("architectures") { place throws(JSONError) in
      try place.strings
    }
    if let type = try config.text("model_type") {
      switch type.value {
      case "detr": return Stated(.detr, at: type.place)
      case "deformable_detr": return Stated(.deformableDETR, at: type.place)
      case "table-transformer": return Stated(.tableTransformer, at: type.place)
      case "conditional_detr": return Stated(.conditionalDETR, at: type.place)
      case "dab-detr": return Stated(.dabDETR, at: type.place)
      case "rt_detr": return Stated(.rtDETR, at: type.place)
      case "rt_detr_v2": return Stated(.rtDETRv2, at: type.place)
      default:
        let name = unsupported[type.value] ?? "the family '\(onOneLine(type.value, limit: 60))'"
        throw .unsupportedFamily(name: name, place: type.place)
      }
    }
    guard let classes, let first = classes.value.first else { return nil }
    if first.hasPrefix("Detr") { return Stated(.detr, at: classes.place) }
    if first.hasPrefix("DeformableDetr") { return Stated(.deformableDETR, at: classes.place) }
    if first.hasPrefix("TableTransformer") { return Stated(.tableTransformer, at: classes.place) }
    if first.hasPrefix("ConditionalDetr") { return Stated(.conditionalDETR, at: classes.place) }
    if first.hasPrefix("DabDetr") { return Stated(.dabDETR, at: classes.place) }
    if first.hasPrefix("RTDetrV2") { return Stated(.rtDETRv2, at: classes.place) }
    if first.hasPrefix("RTDetrFor") { return Stated(.rtDETR, at: classes.place) }
    throw .unsupportedFamily(
      name: "the class '\(onOneLine(first, limit: 60))'",
      place: classes.place
    )
  }
}
