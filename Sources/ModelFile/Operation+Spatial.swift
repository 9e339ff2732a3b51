import FixedPoint

/// Scaled dot-product attention over the pixels of a map, as ``Attention`` but for
///
/// - the keys, which all heads may share: query [queries · heads, c], key [pixels, c];
/// - a Gaussian around a point for every query and head, whose logarithm is added to the scores.
///
///     score[i, j] = Σ query[i, c] · key[j, c]
///     p[i, ·]     = softmax(scoreRescale(score[i, ·]))                           without a Gaussian
///     p[i, ·]     = softmax(limitedOctaves(score[i, ·]) − g[i, ·])               with one
///
/// With `f = scaleRescale(|scale|)` (Q.20, limited to 0…2³¹ − 1; without scales `unitFactor`), the
/// centre and a pixel in Q.16 pixels, `gaussianOctaves`, `limitedDistance` and `distanceProduct` of
/// `FixedPoint`:
///
///     centre = ⌊reference · extent⌉ + offsetRescale(offset)
///     (dx, dy) = limitedDistance(centre, (x, y) + half a pixel where `isHalfPixel`)
///     g = gaussianOctaves(dx, fx) + gaussianOctaves(dy, fy)
///         + gaussianOctaves(distanceProduct(dx, dy), fxy)               the last with three scales
///
/// References are Q1.30 parts of the valid pixels of the map, or of those of the picture divided by
/// `pictureDivisor`. One scale serves both axes.
public struct SpatialAttention: Sendable {
  public var query: ValueIndex
  public var key: ValueIndex
  public var value: ValueIndex
  public var output: ValueIndex
  public var heads: Int
  public var sharesKeys: Bool
  /// The map that the keys are pixels of.
  public var map: ValueIndex
  public var scoreRescale: Rescale
  public var outputRescale: Rescale
  public var gaussian: Gaussian?

  public struct Gaussian: Sendable {
    /// int32, Q1.30 [queries, 2 or 2 · heads].
    public var references: ValueIndex
    /// int16 [queries, heads · ``scaleCount``].
    public var scales: ValueIndex?
    /// int16 [queries, 2 · heads].
    public var offsets: ValueIndex?
    /// 0…3; 0 without ``scales``.
    public var scaleCount: Int
    /// 0 where references are parts of the map.
    public var pictureDivisor: Int
    /// Whether pixels are at their middles, half a pixel from their first corner.
    public var isHalfPixel: Bool
    /// Q.20.
    public var unitFactor: Int32
    /// To Q.20.
    public var scaleRescale: Rescale
    /// To pixels with 16 fraction bits.
    public var offsetRescale: Rescale

    public init(
      references: ValueIndex,
      scales: ValueIndex?,
      offsets: ValueIndex?,
      scaleCount: Int,
      pictureDivisor: Int,
      isHalfPixel: Bool,
      unitFactor: Int32,
      scaleRescale: Rescale,
      offsetRescale: Rescale
    ) {
      self.references = references
      self.scales = scales
      self.offsets = offsets
      self.scaleCount = scaleCount
      self.pictureDivisor = pictureDivisor
      self.isHalfPixel = isHalfPixel
      self.unitFactor = unitFactor
      self.scaleRescale = scaleRescale
      self.offsetRescale = offsetRescale
    }
  }

  public init(
    query: ValueIndex,
    key: ValueIndex,
    value: ValueIndex,
    output: ValueIndex,
    heads: Int,
    sharesKeys: Bool,
    map: ValueIndex,
    scoreRescale: Rescale,
    outputRescale: Rescale,
    gaussian: Gaussian?
  ) {
    self.query = query
    self.key = key
    self.value = value
    self.output = output
    self.heads = heads
    self.sharesKeys = sharesKeys
    self.map = map
    self.scoreRescale = scoreRescale
    self.outputRescale = outputRescale
    self.gaussian = gaussian
  }
}

/// A linear map of position codes alone, for every pixel of maps.
///
///     out[o] = clamp(z + ⌊(bias[o] + position[y][o] + position[x][o]) · multiplier[o]⌉shift)
///
/// `position` is a projected table as in ``Convolution``; the sum wraps in 32 bits.
public struct PositionSum: Sendable {
  public var position: ValueIndex
  public var output: ValueIndex
  /// The maps whose pixels are the rows of the output, in the order of the table.
  public var levels: [ValueIndex]
  /// int32 [outputs].
  public var bias: Blob
  /// int32 [outputs], 0…2³¹−1.
  public var multipliers: Blob
  public var shift: Int32
  public var lowest: Int32
  public var highest: Int32

  public init(
    position: ValueIndex,
    output: ValueIndex,
    levels: [ValueIndex],
    bias: Blob,
    multipliers: Blob,
    shift: Int32,
    lowest: Int32,
    highest: Int32
  ) {
    self.position = position
    self.output = output
    self.levels = levels
    self.bias = bias
    self.multipliers = multipliers
    self.shift = shift
    self.lowest = lowest
    self.highest = highest
  }
}

/// RoIAlign with a bias and ReLU: bins of boxes, [boxes, bins · bins · channels].
///
/// Boxes are int32, Q1.30 parts of the valid pixels of the map. `RegionAxis` in `Kernels` says which
/// pixels of a row or column a bin takes with which weights (Q.15), `RegionSum` how they are summed;
/// the least number is the output's zero point. map: int16 with zero point 0.
public struct RegionPooling: Sendable {
  public var map: ValueIndex
  public var boxes: ValueIndex
  public var output: ValueIndex
  /// 1…64.
  public var bins: Int
  /// int32 [channels], in units of 2⁻¹⁵ of the map's step.
  public var bias: Blob
  public var rescale: Rescale

  public init(
    map: ValueIndex,
    boxes: ValueIndex,
    output: ValueIndex,
    bins: Int,
    bias: Blob,
    rescale: Rescale
  ) {
    self.map = map
    self.boxes = boxes
    self.output = output
    self.bins = bins
    self.bias = bias
    self.rescale = rescale
  }
}

/// Bilinear samples among the bins of RoIAlign: [boxes, points · channels].
///
/// A bilinear sample of bins is again a sum over a rectangle, whose weights are products of a row's
/// and a column's: `RegionAxis` mixes two bins along each axis. Places are int32, Q1.30 parts of the
/// box [boxes, 2 · points].
public struct RegionSampling: Sendable {
  public var map: ValueIndex
  public var boxes: ValueIndex
  public var places: ValueIndex
  public var output: ValueIndex
  /// 1…64.
  public var bins: Int
  public var rescale: Rescale

  public init(
    map: ValueIndex,
    boxes: ValueIndex,
    places: ValueIndex,
    output: ValueIndex,
    bins: Int,
    rescale: Rescale
  ) {
    self.map = map
    self.boxes = boxes
    self.places = places
    self.output = output
    self.bins = bins
    self.rescale = rescale
  }
}

/// Points in Q1.30 of the picture from boxes [n, 4] and places inside of them [n, 2 · points], x and
/// y in turns: `centre + ⌊side · (2 · place − 2³⁰)⌉31`, limited to 32 bits.
public struct PointsInBoxes: Sendable {
  public var boxes: ValueIndex
  public var places: ValueIndex
  public var output: ValueIndex

  public init(boxes: ValueIndex, places: ValueIndex, output: ValueIndex) {
    self.boxes = boxes
    self.places = places
    self.output = output
  }
}

/// Numbers times the sigmoid of gates, each row as several rows.
///
/// The arithmetic is `GatedRows` in `Kernels`. input and gates: int16 [n, rows · channels] with zero
/// point 0; output: [n · rows, channels].
public struct SigmoidGate: Sendable {
  public var input: ValueIndex
  public var gates: ValueIndex
  public var output: ValueIndex
  public var rows: Int
  /// int32 [257], Q.15.
  public var table: Blob
  public var rescale: Rescale

  public init(
    input: ValueIndex,
    gates: ValueIndex,
    output: ValueIndex,
    rows: Int,
    table: Blob,
    rescale: Rescale
  ) {
    self.input = input
    self.gates = gates
    self.output = output
    self.rows = rows
    self.table = table
    self.rescale = rescale
  }
}

extension WordWriter {
  mutating func gaussian(_ gaussian: SpatialAttention.Gaussian?) {
    let none = Rescale(multiplier: 0, shift: 1)
    optionalValue(gaussian?.references)
    optionalValue(gaussian?.scales)
    optionalValue(gaussian?.offsets)
    number(gaussian?.scaleCount ?? 0)
    number(gaussian?.pictureDivisor ?? 0)
    number(gaussian?.isHalfPixel == true ? 1 : 0)
    word(gaussian?.unitFactor ?? 0)
    rescale(gaussian?.scaleRescale ?? none)
    rescale(gaussian?.offsetRescale ?? none)
  }
}

extension WordReader {
  mutating func gaussian() throws(ModelError) -> SpatialAttention.Gaussian? {
    let references = try optionalValue()
    let gaussian = SpatialAttention.Gaussian(
      references: references ?? Model.picture,
      scales: try optionalValue(),
      offsets: try optionalValue(),
      scaleCount: try number(0...3),
      pictureDivisor: try number(0...65536),
      isHalfPixel: try number(0...1) == 1,
      unitFactor: Int32(try number(0...Int32.max)),
      scaleRescale: try rescale(),
      offsetRescale: try rescale()
    )
    return references == nil ? nil : gaussian
  }
}
