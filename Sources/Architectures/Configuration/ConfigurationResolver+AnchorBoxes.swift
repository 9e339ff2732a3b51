extension ConfigurationResolver {
  /// Resolves what only DAB-DETR has.
  mutating func resolveAnchorBoxes() throws(ArchitectureError) -> DetectorConfiguration.AnchorBoxes
  {
    let statedBoxes = stated.anchors
    let queries = try reader.shape(.queryEmbedding)
    guard queries.value.last == 4 else {
      throw .unsupported(
        place: queries.place,
        found: "shape \(queries.value)",
        supported: "four coordinates a query"
      )
    }
    // In a decoder of one layer nothing but the file can tell.
    let isDeep = reader.count(.layers(.decoder)).value > 1
    let position = Module.layer(.decoder, 1, .crossAttention(.queryPosition))
    let keeps = try table.settle(
      "query positions in every layer",
      tensors: isDeep
        ? Stated(reader.has(position), at: reader.describe("the decoder's tensors")) : nil,
      file: statedBoxes.keepsQueryPositions,
      paper: false
    )
    let hasPatterns = reader.has(.patterns)
    let patterns = hasPatterns ? try reader.shape(.patterns) : nil
    let patternCount = try table.settle(
      "patterns",
      tensors: Stated(
        patterns?.value.first ?? 0,
        at: patterns?.place ?? reader.describe("the tensors")
      ),
      file: statedBoxes.patterns,
      paper: 0
    )
    let normalizes = try table.settle(
      "norm after the encoder",
      tensors: Stated(
        reader.has(.finalNorm(.encoder)),
        at: reader.describe("the encoder's last norm")
      ),
      file: statedBoxes.normalizesMemory,
      paper: false
    )
    let learns = try table.settle(
      "learned slopes of the activation",
      tensors: Stated(
        reader.has(.layer(.decoder, 0, .activationSlope)),
        at: reader.describe("the decoder's activations")
      ),
      file: statedBoxes.learnsSlopes,
      paper: true
    )
    return DetectorConfiguration.AnchorBoxes(
      keepsQueryPositions: keeps,
      patterns: patternCount,
      normalizesMemory: normalizes,
      learnsSlopes: learns,
      rowTemperature: try table.settle(
        "temperature of rows",
        file: statedBoxes.rowTemperature,
        paper: 20
      ),
      columnTemperature: try table.settle(
        "temperature of columns",
        file: statedBoxes.columnTemperature,
        paper: 20
      ),
      positionScale: try table.settle(
        "angle of the last pixel",
        file: statedBoxes.positionScale,
        paper: 2 * Double.pi
      )
    )
  }
}
