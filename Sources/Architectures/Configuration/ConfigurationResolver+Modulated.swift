import FloatGraph

/// What only SMCA-DETR and SAM-DETR have.
extension ConfigurationResolver {
  /// Resolves the Gaussians of SMCA-DETR: their kind from the rows of `point3`.
  mutating func resolveSMCA(heads: Int) throws(ArchitectureError) -> DetectorConfiguration.SMCA {
    let points = try reader.shape(.layerPart(.decoder, 0, "point2"))
    guard points.value.first == 2 * heads else {
      throw .unsupported(
        place: points.place,
        found: "\(points.value.first ?? 0) rows",
        supported: "two for each of the \(heads) heads; --heads gives the heads"
      )
    }
    let module = Module.layerPart(.decoder, 0, "point3")
    var found = Stated(0, at: points.place)
    if reader.has(module) {
      let shape = try reader.shape(module)
      let rows = shape.value.first ?? 0
      guard rows % heads == 0, 1...3 ~= rows / heads else {
        throw .unsupported(
          place: shape.place,
          found: "\(rows) rows",
          supported: "one, two or three for each of the \(heads) heads"
        )
      }
      found = Stated(rows / heads, at: shape.place)
    }
    let scales = try table.settle(
      "scales of a Gaussian",
      tensors: found,
      file: stated.gaussianScales,
      paper: 2
    )
    let option = options.smooth.map { Stated($0, at: "--smooth") }
    if let smooth = stated.smooth ?? option, !(1e-3...1e6 ~= smooth.value) {
      throw .unsupported(
        place: smooth.place,
        found: "\(smooth.value)",
        supported: "a number from 0.001 to 1000000"
      )
    }
    let smooth = try table.settle("smooth", file: stated.smooth, option: option, paper: 8)
    return DetectorConfiguration.SMCA(scales: scales, smooth: smooth)
  }

  /// Resolves the salient points of SAM-DETR from the network that finds them.
  mutating func resolveSAM(heads: Int) throws(ArchitectureError) -> DetectorConfiguration.SAM {
    let reduced = try reader.shape(.layerPart(.decoder, 0, "point1.0"))
    let hidden = try reader.shape(.layerPart(.decoder, 0, "point2.0"))
    let (channels, columns) = (reduced.value.first ?? 0, hidden.value.last ?? 0)
    let bins = (1...64).first { $0 * $0 * channels == columns }
    guard let bins else {
      throw .unsupported(
        place: hidden.place,
        found: "\(columns) columns",
        supported: "a square number of bins of \(channels) channels"
      )
    }
    let points = try reader.shape(.layerPart(.decoder, 0, "point2.6"))
    let rows = points.value.first ?? 0
    guard rows == 2 * heads || rows == 4 * heads else {
      throw .unsupported(
        place: points.place,
        found: "\(rows) rows",
        supported: "two or four for each of the \(heads) heads; --heads gives the heads"
      )
    }
    let isModulated = try table.settle(
      "SMCA",
      tensors: Stated(rows == 4 * heads, at: "\(points.place) with \(heads) heads"),
      file: stated.isModulated,
      paper: false
    )
    let norm = reader.has(.inputNorm(level: 0))
    let projection = try reader.shape(.inputProjection(level: 0))
    if norm, (projection.value.first ?? 0) % 32 != 0 {
      throw .unsupported(
        place: projection.place,
        found: "width \(projection.value.first ?? 0)",
        supported: "a multiple of 32, the groups of the norm after it"
      )
    }
    let normalizesInput = try table.settle(
      "group norm after the projection",
      tensors: Stated(norm, at: reader.describe("the projection's tensors")),
      paper: false
    )
    return DetectorConfiguration.SAM(
      isModulated: isModulated,
      normalizesInput: normalizesInput,
      bins: bins
    )
  }
}
