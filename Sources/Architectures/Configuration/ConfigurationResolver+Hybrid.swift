import FloatGraph

extension ConfigurationResolver {
  /// Resolves an RT-DETR.
  ///
  /// - Returns: a configuration whose numbers fit together.
  /// - Throws: ``ArchitectureError``.
  mutating func resolveHybrid() throws(ArchitectureError) -> DetectorConfiguration {
    _ = try table.settle(
      "family",
      tensors: Stated(family, at: reader.describe("the tensors")),
      file: stated.family,
      paper: family
    )
    let backbone = try resolveBackbone()
    let projection = try reader.shape(.inputProjection(level: 0))
    let encoderWidth = try table.settle(
      "encoder width",
      tensors: Stated(projection.value.first ?? 0, at: projection.place),
      file: stated.hybrid.encoderWidth,
      paper: 256
    )
    let decoderProjection = try reader.shape(.hybrid(.decoderProjection(level: 0)))
    let width = try table.settle(
      "decoder width",
      tensors: Stated(decoderProjection.value.first ?? 0, at: decoderProjection.place),
      file: stated.width,
      paper: 256
    )
    let encoderLayers = try layers(.encoder, file: stated.encoderLayers)
    let decoderLayers = try layers(.decoder, file: stated.decoderLayers)
    let encoderHeads = try heads("encoder heads", file: stated.encoderHeads, width: encoderWidth)
    let decoderHeads = try heads("decoder heads", file: stated.decoderHeads, width: width)
    let hybrid = try resolveHybridParts(
      encoderWidth: encoderWidth,
      encoderLayers: encoderLayers,
      decoderHeads: decoderHeads,
      maps: backbone.outputs.count
    )
    return DetectorConfiguration(
      family: family,
      backbone: backbone,
      width: width,
      encoderLayers: encoderLayers,
      decoderLayers: decoderLayers,
      encoderHeads: encoderHeads,
      decoderHeads: decoderHeads,
      encoderHiddenWidth: try hidden(
        .encoder,
        layers: encoderLayers,
        file: stated.encoderHiddenWidth
      ),
      decoderHiddenWidth: try hidden(
        .decoder,
        layers: decoderLayers,
        file: stated.decoderHiddenWidth
      ),
      activation: hybrid.decoderActivation,
      normalizesBefore: try table.settle(
        "pre-norm in the encoder",
        file: stated.normalizesBefore,
        paper: false
      ),
      normalizesEveryLayer: false,
      position: .sine,
      positionOffset: 0,
      queries: try resolveQueries(isTwoStage: true),
      logits: try resolveLogits(decoderLayers: decoderLayers),
      hybrid: hybrid
    )
  }

  private mutating func resolveHybridParts(
    encoderWidth: Int,
    encoderLayers: Int,
    decoderHeads: Int,
    maps: Int
  ) throws(ArchitectureError) -> DetectorConfiguration.Hybrid {
    guard encoderWidth % 4 == 0 else {
      throw .unsupported(
        place: try reader.shape(.inputProjection(level: 0)).place,
        found: "width \(encoderWidth)",
        supported: "a multiple of 4"
      )
    }
    var scales = 0
    while reader.has(.hybrid(.layer(scale: scales, 0, .expansion))) { scales += 1 }
    let attended = try table.settle(
      "attended scales",
      file: stated.hybrid.attendedScales,
      paper: [maps - 1]
    )
    guard encoderLayers == 0 || attended.count == scales, attended.allSatisfy({ $0 < maps }) else {
      throw .contradiction(
        place: stated.hybrid.attendedScales?.place ?? "the paper",
        found: attended.map(String.init).joined(separator: ", "),
        other: reader.describe("the encoder's layers"),
        expected: "\(scales) of \(maps) scales"
      )
    }
    var found = 0
    while reader.has(.hybrid(.decoderProjection(level: found))) { found += 1 }
    let levels = try table.settle(
      "levels",
      tensors: Stated(found, at: reader.describe("the decoder's projections")),
      file: stated.levels,
      paper: 3
    )
    guard levels >= maps else {
      throw .unsupported(
        place: reader.describe("the decoder's projections"),
        found: "\(levels) levels of \(maps) maps",
        supported: "at least one for each map"
      )
    }
    return DetectorConfiguration.Hybrid(
      encoderWidth: encoderWidth,
      attendedScales: encoderLayers == 0 ? [] : attended,
      hasPositions: try !table.settle(
        "encoder without positions",
        file: stated.hybrid.evaluationSize,
        paper: false
      ),
      temperature: stated.hybrid.temperature?.value ?? 10000,
      activation: try table.settle("activation", file: stated.activation, paper: .silu),
      encoderActivation: try table.settle(
        "encoder activation",
        file: stated.hybrid.encoderActivation,
        option: options.activation.map { Stated($0, at: "--activation") },
        paper: .gelu
      ),
      decoderActivation: try table.settle(
        "decoder activation",
        file: stated.hybrid.decoderActivation,
        paper: .relu
      ),
      levels: levels,
      points: try points(.decoder, heads: decoderHeads, levels: levels),
      offsetScale: try table.settle(
        "offset scale",
        file: stated.hybrid.offsetScale,
        paper: 0.5
      ),
      isDiscrete: try table.settle(
        "discrete sampling",
        file: stated.hybrid.isDiscrete,
        paper: false
      ),
      learnsQueries: try table.settle(
        "learned queries",
        tensors: Stated(reader.has(.queryEmbedding), at: reader.describe("the tensors")),
        file: stated.hybrid.learnsQueries,
        paper: false
      ),
      batchNormEpsilon: stated.hybrid.batchNormEpsilon?.value ?? 1e-5,
      layerNormEpsilon: stated.hybrid.layerNormEpsilon?.value ?? 1e-5
    )
  }
}
