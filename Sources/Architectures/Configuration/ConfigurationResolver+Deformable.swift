extension ConfigurationResolver {
  /// Resolves what only Deformable DETR has.
  mutating func resolveDeformable(
    encoderHeads: Int,
    decoderHeads: Int
  ) throws(ArchitectureError) -> DetectorConfiguration.Deformable {
    let embedding = try reader.shape(.levelEmbedding)
    let levels = try table.settle(
      "levels",
      tensors: Stated(embedding.value.first ?? 0, at: embedding.place),
      file: stated.levels,
      paper: 4
    )
    let projection = try reader.shape(.inputProjection(level: 0))
    let width = projection.value.first ?? 0
    guard width % 32 == 0, width > 0 else {
      throw .unsupported(
        place: projection.place,
        found: "width \(width)",
        supported: "a multiple of 32, the groups of the norm after it"
      )
    }
    let isTwoStage = try table.settle(
      "two stages",
      tensors: Stated(reader.has(.proposalOutput), at: reader.describe("the proposal's tensors")),
      file: stated.isTwoStage,
      paper: false
    )
    return DetectorConfiguration.Deformable(
      levels: levels,
      encoderPoints: try points(.encoder, heads: encoderHeads, levels: levels),
      decoderPoints: try points(.decoder, heads: decoderHeads, levels: levels),
      refinesBoxes: try resolveRefinement(isTwoStage: isTwoStage),
      isTwoStage: isTwoStage
    )
  }

  /// Only the product of heads, levels and points is in the tensors.
  mutating func points(
    _ stack: Module.Stack,
    heads: Int,
    levels: Int
  ) throws(ArchitectureError) -> Int {
    let part: LayerPart =
      stack == .encoder ? .selfAttention(.attentionWeights) : .crossAttention(.attentionWeights)
    let file = stack == .encoder ? stated.encoderPoints : stated.decoderPoints
    guard reader.count(.layers(stack)).value > 0 else { return file?.value ?? 4 }
    let weights = try reader.shape(.layer(stack, 0, part))
    let rows = weights.value.first ?? 0
    guard levels > 0, rows > 0, rows % (heads * levels) == 0 else {
      throw .unsupported(
        place: weights.place,
        found: "\(rows) rows",
        supported: "a multiple of \(heads) heads times \(levels) levels; --heads gives the heads"
      )
    }
    return try table.settle(
      "\(stack) points",
      tensors: Stated(rows / (heads * levels), at: "\(weights.place) with \(heads) heads"),
      file: file,
      option: options.points.map { Stated($0, at: "--points") },
      paper: 4
    )
  }

  private mutating func resolveRefinement(isTwoStage: Bool) throws(ArchitectureError) -> Bool {
    let refines = try table.settle(
      "box refinement",
      tensors: reader.naming.refinesBoxes(reader),
      file: stated.refinesBoxes,
      paper: false
    )
    guard refines || !isTwoStage else {
      throw .unsupported(
        place: stated.refinesBoxes?.place ?? reader.describe("the tensors"),
        found: "two stages without box refinement",
        supported: "both together"
      )
    }
    return refines
  }
}
