/// One level of the feature pyramid that multi-scale deformable attention samples.
public struct SampledLevel: Equatable, Sendable {
  /// The height of the map, in pixels.
  public var height: Int
  /// The width of the map, in pixels.
  public var width: Int
  /// The row of `value` that holds the map's first pixel.
  public var start: Int

  /// Makes the record; the parameters are the fields.
  public init(height: Int, width: Int, start: Int) {
    self.height = height
    self.width = width
    self.start = start
  }
}

/// The operands of multi-scale deformable attention between its linear layers.
///
/// For every query and head, `levels · points` places are sampled bilinearly from the value maps and
/// summed with weights that are the softmax of the logits over levels and points together. Pixel
/// centres lie at integers, so a location ℓ in 0…1 means the pixel `ℓ · size − 0.5`; what lies outside
/// of a map counts as 0 (`grid_sample`, zero padding, corners not aligned). With reference points
/// `(x, y)` the location is `reference + offset / size`; with reference boxes `(x, y, w, h)` it is
/// `(x, y) + offset / points · (w, h) · 0.5`. Source: Deformable DETR (Zhu et al. 2021), section 4.1, and
/// the function `ms_deform_attn_core_pytorch` of its authors.
public struct DeformableSampling {
  /// The value maps, level after level, row by row; `headWidth` elements per token and head.
  public var value: UnsafePointer<Float>
  /// The distance of two tokens, in elements: all heads of a token stand together, or …
  public var tokenStride: Int
  /// … all tokens of a head do, which is faster to sample: the distance of two heads, in elements.
  public var headStride: Int
  /// The number of heads.
  public var heads: Int
  /// The number of channels of a head.
  public var headWidth: Int
  /// `levelCount` levels.
  public var levels: UnsafePointer<SampledLevel>
  /// The number of levels.
  public var levelCount: Int
  /// The number of points that a head samples per level.
  public var points: Int
  /// `[queries, levels, coordinates]`: the reference of each query, per level.
  public var references: UnsafePointer<Float>
  /// 2 for points `(x, y)`, 4 for boxes `(x, y, w, h)`.
  public var coordinates: Int
  /// `[queries, heads, levels, points, 2]`: x and y of every offset.
  public var offsets: UnsafePointer<Float>
  /// The distance of two queries in `offsets`, in elements.
  public var offsetStride: Int
  /// `[queries, heads, levels · points]`: the attention before its softmax.
  public var logits: UnsafePointer<Float>
  /// The distance of two queries in `logits`, in elements.
  public var logitStride: Int
  /// `[queries, heads · headWidth]`, contiguous.
  public var output: UnsafeMutablePointer<Float>
  /// Whether a location ℓ means the one pixel `⌊ℓ · size + ½⌋`, the nearest inside of the map, instead of
  /// four (RT-DETRv2's method `discrete`).
  public var isDiscrete: Bool

  /// Makes the record; the parameters are the fields.
  ///
  /// The elements of all tokens must be fewer than 2³¹.
  public init(
    value: UnsafePointer<Float>,
    tokenStride: Int,
    headStride: Int,
    heads: Int,
    headWidth: Int,
    levels: UnsafePointer<SampledLevel>,
    levelCount: Int,
    points: Int,
    references: UnsafePointer<Float>,
    coordinates: Int,
    offsets: UnsafePointer<Float>,
    offsetStride: Int,
    logits: UnsafePointer<Float>,
    logitStride: Int,
    output: UnsafeMutablePointer<Float>,
    isDiscrete: Bool = false
  ) {
    self.value = value
    self.tokenStride = tokenStride
    self.headStride = headStride
    self.heads = heads
    self.headWidth = headWidth
    self.levels = levels
    self.levelCount = levelCount
    self.points = points
    self.references = references
    self.coordinates = coordinates
    self.offsets = offsets
    self.offsetStride = offsetStride
    self.logits = logits
    self.logitStride = logitStride
    self.output = output
    self.isDiscrete = isDiscrete
  }

  /// The number of floats that a thread needs as scratch memory.
  ///
  /// Seven constants of every sample of a head, its softmaxed weights, then place and weight of its four corners for a
  /// block of queries; every part has room for a last whole vector.
  var scratchCount: Int {
    let samples = paddedToVectors(levelCount * points)
    return 8 * samples + sampledQueriesPerBlock * heads * 8 * samples
  }
}
