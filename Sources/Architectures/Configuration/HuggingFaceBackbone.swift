import CheckedJSON

extension HuggingFaceConfiguration {
  /// Reads the backbone: timm's by its name, or transformers' own ResNet.
  ///
  /// A `backbone_config` outranks `backbone` and `dilation`, as it does in transformers.
  static func backbone(_ config: JSON.Located) throws(ArchitectureError) -> StatedBackbone {
    if let own = config["backbone_config"].optional {
      switch try own.text("model_type")?.value {
      case "resnet"?, "rt_detr_resnet"?: return try resNet(own)
      case "timm_backbone"?:
        try requirePlainResNet(try own.text("backbone"))
        var stated = try timm(own)
        let plain = Stated(32, at: "\(own.source): '\(own.path)' without 'output_stride'")
        stated.outputStride = try own.count("output_stride") ?? plain
        return stated
      case let other:
        throw .unsupported(
          place: "\(own.source): '\(own.path).model_type'",
          found: other.map { "\"\(onOneLine($0, limit: 60))\"" } ?? "nothing",
          supported: "\"resnet\" or \"timm_backbone\""
        )
      }
    }
    var stated = StatedBackbone()
    if let isTimm = try config.flag("use_timm_backbone"), !isTimm.value {
      // `backbone` is the name of a repository then, which says nothing about the shape; only timm's
      // backbones can be dilated.
      stated.outputStride = Stated(32, at: isTimm.place)
      return stated
    }
    try requirePlainResNet(try config.text("backbone"))
    if let arguments = config["backbone_kwargs"].optional {
      stated = try timm(arguments)
      stated.outputStride = try arguments.count("output_stride")
    }
    if stated.outputStride == nil, let dilation = try config.flag("dilation") {
      stated.outputStride = Stated(dilation.value ? 16 : 32, at: dilation.place)
    }
    return stated
  }

  /// `out_indices` counts the stem as 0 in both libraries; negative ones count from the end.
  private static func timm(_ backbone: JSON.Located) throws(ArchitectureError) -> StatedBackbone {
    var stated = StatedBackbone()
    stated.outputs = try backbone.stated("out_indices") { place throws(JSONError) in
      try place.ints.map { index throws(JSONError) in
        guard index != 0, index.magnitude <= JSON.Located.largestCount.magnitude else {
          throw place.notAllowed(expected: "indices of stages")
        }
        return index > 0 ? index - 1 : index
      }
    }
    return stated
  }

  private static func resNet(_ backbone: JSON.Located) throws(ArchitectureError) -> StatedBackbone {
    var stated = try timm(backbone)
    stated.outputStride = Stated(32, at: "\(backbone.source): '\(backbone.path)'")
    stated.block = try backbone.choice(
      "layer_type",
      of: ["basic": .basic, "bottleneck": .bottleneck]
    )
    stated.stemWidth = try backbone.count("embedding_size")
    stated.depths = try backbone.counts("depths")
    stated.widths = try backbone.counts("hidden_sizes")
    stated.stridesFirst = try backbone.flag("downsample_in_bottleneck")
    stated.stridesFirstStage = try backbone.flag("downsample_in_first_stage")
    if let activation = try backbone.text("hidden_act"), activation.value != "relu" {
      throw .unsupported(
        place: activation.place,
        found: "\"\(onOneLine(activation.value, limit: 60))\"",
        supported: "\"relu\""
      )
    }
    return stated
  }

  /// Accepts `resnet18` … `resnet152` and `wide_resnet50_2`, with the tag of pretrained weights that
  /// timm appends after a dot; variants such as `resnet50d` differ where no tensor shows it.
  private static func requirePlainResNet(_ name: Stated<String>?) throws(ArchitectureError) {
    guard let name else { return }
    var plain = name.value.prefix { $0 != "." }
    if plain.hasPrefix("timm/") { plain = plain.dropFirst(5) }
    if plain.hasPrefix("wide_") {
      plain = plain.dropFirst(5)
      if plain.hasSuffix("_2") { plain = plain.dropLast(2) }
    }
    let depth = plain.dropFirst(6)
    guard plain.hasPrefix("resnet"), !depth.isEmpty, depth.allSatisfy(\.isNumber) else {
      throw .unsupported(
        place: name.place,
        found: "\"\(onOneLine(name.value, limit: 60))\"",
        supported: "a ResNet such as \"resnet50\""
      )
    }
  }
}
