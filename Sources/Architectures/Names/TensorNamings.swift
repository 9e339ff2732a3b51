import Checkpoints

/// The namings that are known, and how to tell them apart.
enum TensorNamings {
  /// More tensors than any detector has; files with more are refused before their names are searched.
  static let maximumTensors = 1 << 16

  /// Finds the naming of a file by components of names that only it has.
  ///
  /// - Parameter tensors: the file.
  /// - Returns: the naming and the family.
  /// - Throws: ``ArchitectureError`` for families that are known but not supported, and for names
  ///   that are not known at all.
  static func recognise(
    _ tensors: TensorMap
  ) throws(ArchitectureError) -> (any TensorNaming, Family) {
    let file = tensors.files.first ?? tensors.path
    guard tensors.count <= maximumTensors else {
      let allowed = "at most \(maximumTensors)"
      throw .unsupported(place: file, found: "\(tensors.count) tensors", supported: allowed)
    }
    let marks = firstTensors(in: tensors.names)
    if let mark = marks["encoder_input_proj"], marks["fpn_blocks"] != nil,
      let prefix = prefix(of: "model.encoder_input_proj.", in: mark)
    {
      let family: Family = marks["n_points_scale"] == nil ? .rtDETR : .rtDETRv2
      return (RTDETRNames(prefix: prefix), family)
    }
    if let found = try modulated(marks, file: file) { return found }
    for (component, family) in unsupportedFamilies {
      if let tensor = marks[component] {
        throw .unsupportedFamily(name: family, place: "\(file): tensor '\(tensor)'")
      }
    }
    let family: Family = marks["sampling_offsets"] == nil ? .detr : .deformableDETR
    if let mark = marks["conv_encoder"] {
      for backbone in HuggingFaceNames.backbonePrefixes {
        guard let prefix = prefix(of: backbone, in: mark) else { continue }
        let naming = HuggingFaceNames(
          family: family,
          backbone: marks["embedder"] == nil ? .torchvision : .huggingFace,
          backbonePrefix: backbone,
          prefix: prefix
        )
        return (naming, family)
      }
    }
    if let mark = marks["body"], let prefix = prefix(of: OfficialNames.backbonePrefix, in: mark) {
      return (OfficialNames(family: family, prefix: prefix), family)
    }
    if let mark = marks["bbox_head"], let prefix = prefix(of: "bbox_head.", in: mark),
      marks["neck"] != nil, marks["decoder"] != nil
    {
      var levels = 0
      while tensors.contains("\(prefix)neck.convs.\(levels).conv.weight") { levels += 1 }
      return (MMDetectionNames(family: family, backboneLevels: levels, prefix: prefix), family)
    }
    throw .unknownNames(file: file, first: Array(tensors.names.prefix(3)), count: tensors.count)
  }

  /// What stands before a part of a name: nothing, or whole components such as `module.`.
  private static func prefix(of part: String, in name: String) -> String? {
    guard let range = name.firstRange(of: part) else { return nil }
    let prefix = name[..<range.lowerBound]
    return prefix.isEmpty || prefix.last == "." ? String(prefix) : nil
  }

  /// Components of names that only one family has, the most telling first.
  private static let unsupportedFamilies: KeyValuePairs<Substring, String> = [
    "mask_head": "DETR panoptic segmentation",
    "dn_query_generator": "DINO",
    "tgt_embed": "DINO",
    "label_enc": "DN-DETR or DINO",
    "refpoint_embed": "DAB-DETR",
    "self_attn_query_content_proj": "DAB-DETR",
    "sa_qcontent_proj": "Conditional DETR",
    "query_scale": "Conditional DETR or DAB-DETR",
    "denoising_class_embed": "RT-DETR under its authors' names",
    "fpn_blocks": "RT-DETR under its authors' names",
    "pan_blocks": "RT-DETR under its authors' names",
    "detection_tokens": "YOLOS",
    "det_token": "YOLOS",
  ]

  /// Components that tell the supported namings and families.
  private static let marks: [Substring] = [
    "sampling_offsets", "conv_encoder", "embedder", "body", "bbox_head", "neck", "decoder",
    "attn1",
    "encoder_input_proj", "n_points_scale",
    "point2", "norm4", "level_embed",
  ]

  /// SAM-DETR and SMCA-DETR, whose components are common alone.
  private static func modulated(
    _ marks: [Substring: String],
    file: String
  ) throws(ArchitectureError) -> (any TensorNaming, Family)? {
    guard marks["point2"] != nil, let mark = marks["body"],
      let prefix = prefix(of: OfficialNames.backbonePrefix, in: mark)
    else { return nil }
    if marks["attn1"] != nil, marks["sa_qcontent_proj"] != nil {
      if let tensor = marks["level_embed"] {
        throw .unsupportedFamily(
          name: "SAM-DETR with several levels",
          place: "\(file): tensor '\(tensor)'"
        )
      }
      return (OfficialNames(family: .samDETR, prefix: prefix), .samDETR)
    }
    guard marks["norm4"] != nil else { return nil }
    if let tensor = marks["level_embed"] ?? marks["sampling_offsets"] {
      throw .unsupportedFamily(
        name: "SMCA-DETR with several levels",
        place: "\(file): tensor '\(tensor)'"
      )
    }
    return (OfficialNames(family: .smcaDETR, prefix: prefix), .smcaDETR)
  }

  /// The first tensor with each of the components that matter.
  private static func firstTensors(in names: [String]) -> [Substring: String] {
    let wanted = Set(marks + unsupportedFamilies.map(\.key))
    var first: [Substring: String] = [:]
    for name in names {
      for bytes in name.utf8.split(separator: UInt8(ascii: ".")) {
        let component = Substring(bytes)
        if wanted.contains(component), first[component] == nil { first[component] = name }
      }
    }
    return first
  }
}
