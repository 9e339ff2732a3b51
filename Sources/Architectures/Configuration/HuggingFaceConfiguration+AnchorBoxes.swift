import CheckedJSON

extension HuggingFaceConfiguration {
  /// Reads what only DAB-DETR's configuration has.
  ///
  /// `random_refpoints_xy` only says how training began.
  static func readAnchorBoxes(
    _ config: JSON.Located,
    into stated: inout StatedConfiguration
  ) throws(ArchitectureError) {
    if let coordinates = try config.count("query_dim"), coordinates.value != 4 {
      throw .unsupported(place: coordinates.place, found: "\(coordinates.value)", supported: "4")
    }
    if let activation = try config.text("activation_function") {
      stated.anchors.learnsSlopes = Stated(activation.value == "prelu", at: activation.place)
      if activation.value != "prelu" {
        stated.activation = try config.choice(
          "activation_function",
          of: ["relu": .relu, "gelu": .gelu]
        )
      }
    }
    stated.anchors.keepsQueryPositions = try config.flag("keep_query_pos")
    stated.anchors.patterns = try config.count("num_patterns", minimum: 0)
    stated.anchors.normalizesMemory = try config.flag("normalize_before")
    stated.anchors.rowTemperature = try config.positive("temperature_height")
    stated.anchors.columnTemperature = try config.positive("temperature_width")
    stated.anchors.positionScale = try config.positive("sine_position_embedding_scale")
  }
}
