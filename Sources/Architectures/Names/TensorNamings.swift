import Checkpoints

/// The namings that are known, and how to tell them apart.
enum TensorNamings {
  /// Finds the naming of a file by tensors that only it has.
  ///
  /// - Parameter tensors: the file.
  /// - Returns: the naming and the family.
  /// - Throws: ``ArchitectureError`` for families that are known but not supported, and for names
  ///   that are not known at all.
  static func recognise(
    _ tensors: TensorMap
  ) throws(ArchitectureError) -> (any TensorNaming, Family) {
    let names = tensors.names
    let file = tensors.files.first ?? tensors.path
    if let (family, tensor) = unsupportedFamily(names) {
      throw .unsupportedFamily(name: family, place: "\(file): tensor '\(tensor)'")
    }
    let isDeformable = names.contains { $0.hasSuffix(".sampling_offsets.weight") }
    let family: Family = isDeformable ? .deformableDETR : .detr
    if let prefix = prefix(of: HuggingFaceNames.backbonePrefix, in: names) {
      let own = prefix + HuggingFaceNames.backbonePrefix + "embedder."
      let naming = HuggingFaceNames(
        family: family,
        backbone: names.contains { $0.hasPrefix(own) } ? .huggingFace : .torchvision,
        prefix: prefix
      )
      return (naming, family)
    }
    if let prefix = prefix(of: OfficialNames.backbonePrefix, in: names) {
      return (OfficialNames(family: family, prefix: prefix), family)
    }
    if let prefix = prefix(of: "bbox_head.", in: names),
      names.contains(where: { $0.hasPrefix("\(prefix)backbone.layer1.") }),
      names.contains(where: { $0.hasPrefix("\(prefix)decoder.layers.") })
    {
      var levels = 0
      while tensors["\(prefix)neck.convs.\(levels).conv.weight"] != nil { levels += 1 }
      return (MMDetectionNames(family: family, backboneLevels: levels, prefix: prefix), family)
    }
    throw .unknownNames(file: file, first: Array(names.prefix(3)), count: names.count)
  }

  /// What stands before a part of a name in the first tensor that holds it: nothing, or whole
  /// components such as `module.`.
  private static func prefix(of part: String, in names: [String]) -> String? {
    for name in names {
      guard let range = name.firstRange(of: part) else { continue }
      let prefix = name[..<range.lowerBound]
      if prefix.isEmpty || prefix.last == "." { return String(prefix) }
    }
    return nil
  }

  /// Parts of names that only one family has.
  private static let signatures: KeyValuePairs<String, String> = [
    "mask_head.": "DETR panoptic segmentation",
    "sa_qcontent_proj.": "Conditional DETR",
    "ca_qpos_sine_proj.": "Conditional DETR",
    "self_attn_query_content_proj.": "DAB-DETR",
    "refpoint_embed.": "DAB-DETR",
    "label_enc.": "DN-DETR or DINO",
    "transformer.tgt_embed.": "DINO",
    "dn_query_generator.": "DINO",
    ".point3.": "SMCA-DETR",
    "encoder.fpn_blocks.": "RT-DETR",
    "encoder.pan_blocks.": "RT-DETR",
    "denoising_class_embed.": "RT-DETR",
    "detection_tokens": "YOLOS",
    "det_token": "YOLOS",
  ]

  private static func unsupportedFamily(_ names: [String]) -> (family: String, tensor: String)? {
    // SAM-DETR has the parts of Conditional DETR and its own network of salient points.
    if let tensor = names.first(where: { $0.contains(".point2.6.") }) {
      return ("SAM-DETR", tensor)
    }
    for (part, family) in signatures {
      if let tensor = names.first(where: { $0.contains(part) }) { return (family, tensor) }
    }
    return nil
  }
}
