import FixedPoint

/// One head of multi-scale deformable attention for a block of queries.
///
/// The weights w of a query are `softmaxRow` (Q0.15) of its `levelCount · points` logits. Its sampling
/// points lie, in pixels of their level with 16 fraction bits and wrapping in 32 bits, at
///
///     o        = offsetRescale(offset)
///     location = base + o                                  without spans
///     location = base + (o · span + 2¹⁵) >> 16             with spans
///
/// A location consists of a pixel `location >> 16` and a fraction `(location & 0xffff) >> 1` (Q0.15). With
/// `mul` for `multiplyRounding15` the weight is divided among the pixel and its neighbours to the right
/// (fraction fx) and below (fy) so that nothing of it is lost:
///
///     bottom = mul(w, fy)                  top = w − bottom
///     top right = mul(top, fx)             top left = top − top right
///     bottom right = mul(bottom, fx)       bottom left = bottom − bottom right
///
/// Where points are discrete the location's whole part is moved on by one and into the map, and its
/// fraction dropped, before that: the weight stays with one pixel.
///
/// Neighbours outside of the level's map count nothing, so that
///
///     sum[i, c] = Σ weight · value[pixel, c]                                   32 bits, wrapping
///     out[i, c] = clamp(zeroPoint + outputRescale(sum[i, c]))                  rounded in 64 bits
///
/// All pointers are those of the head's first channel, offset or logit; strides count elements.
public struct DeformableSampling {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (DeformableSampling) -> Void

  /// The map of a level among the tokens.
  public struct Level {
    public var firstToken: Int
    public var height: Int32
    public var width: Int32

    public init(firstToken: Int, height: Int32, width: Int32) {
      self.firstToken = firstToken
      self.height = height
      self.width = width
    }
  }

  /// Tokens of int8 or int16.
  public var value: UnsafeRawPointer
  public var valueElement: KernelElement
  public var valueStride: Int
  /// Channels of the head.
  public var channels: Int
  public var levels: UnsafePointer<Level>
  public var levelCount: Int
  public var points: Int
  public var queryCount: Int
  /// For each query [levels, points, x y].
  public var offsets: UnsafePointer<Int16>
  public var offsetStride: Int
  /// For each query [levels, points].
  public var logits: UnsafePointer<Int16>
  public var logitStride: Int
  /// [queries, levels, x y], pixels with 16 fraction bits, half a pixel already subtracted.
  public var bases: UnsafePointer<Int32>
  /// [queries, levels, x y], sides of the reference boxes in pixels with 16 fraction bits.
  public var spans: UnsafePointer<Int32>?
  public var offsetRescale: Rescale
  public var logitRescale: Rescale
  public var outputRescale: Rescale
  public var zeroPoint: Int32
  public var output: UnsafeMutableRawPointer
  public var outputElement: KernelElement
  public var outputStride: Int
  /// As many bytes as the table states, on a 64-byte boundary.
  public var scratch: UnsafeMutableRawPointer
  public var isDiscrete: Bool

  public init(
    value: UnsafeRawPointer,
    valueElement: KernelElement,
    valueStride: Int,
    channels: Int,
    levels: UnsafePointer<Level>,
    levelCount: Int,
    points: Int,
    queryCount: Int,
    offsets: UnsafePointer<Int16>,
    offsetStride: Int,
    logits: UnsafePointer<Int16>,
    logitStride: Int,
    bases: UnsafePointer<Int32>,
    spans: UnsafePointer<Int32>?,
    offsetRescale: Rescale,
    logitRescale: Rescale,
    outputRescale: Rescale,
    zeroPoint: Int32,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement,
    outputStride: Int,
    scratch: UnsafeMutableRawPointer,
    isDiscrete: Bool = false
  ) {
    self.value = value
    self.valueElement = valueElement
    self.valueStride = valueStride
    self.channels = channels
    self.levels = levels
    self.levelCount = levelCount
    self.points = points
    self.queryCount = queryCount
    self.offsets = offsets
    self.offsetStride = offsetStride
    self.logits = logits
    self.logitStride = logitStride
    self.bases = bases
    self.spans = spans
    self.offsetRescale = offsetRescale
    self.logitRescale = logitRescale
    self.outputRescale = outputRescale
    self.zeroPoint = zeroPoint
    self.output = output
    self.outputElement = outputElement
    self.outputStride = outputStride
    self.scratch = scratch
    self.isDiscrete = isDiscrete
  }
}
