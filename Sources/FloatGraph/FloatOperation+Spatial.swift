extension FloatOperation {
  /// Scaled dot-product attention whose keys are the pixels of a map.
  ///
  /// Inputs: query [n, heads · c], key [m, heads · c] and value [m, d]; where all heads share the
  /// keys, query [n · heads, c], the heads of a query one after the other, and key [m, c]. With a
  /// Gaussian three more, see there. The result is [n, d]. Keys in the map's padding do not exist.
  public struct SpatialAttention: Sendable {
    public let heads: Int
    public let map: FloatGraph.ValueID
    public let sharesKeys: Bool
    public let gaussian: Gaussian?

    public init(
      heads: Int,
      map: FloatGraph.ValueID,
      sharesKeys: Bool,
      gaussian: Gaussian?
    ) {
      self.heads = heads
      self.map = map
      self.sharesKeys = sharesKeys
      self.gaussian = gaussian
    }
  }

  /// A Gaussian around a centre for every query and head, as a logarithm added to the scores.
  ///
  /// Inputs, behind those of the attention: references [n, 2] or [n, 2 · heads] in 0…1, then scales
  /// [n, k · heads] where ``scales`` is k > 0, then offsets [n, 2 · heads] where ``hasOffsets``. With
  /// x and y of a pixel counted from ``firstPixel`` on,
  ///
  ///     centre = reference · extent + offset
  ///     (dx, dy) = centre − (x, y)
  ///     score += −(dx² sx² + dy² sy² + dx² dy² sxy²) / smooth
  ///
  /// where sx = sy = 1 and sxy = 0 without scales, one scale is both sx and sy, two are sx and sy,
  /// and a third is sxy.
  ///
  /// "Fast Convergence of DETR with Spatially Modulated Co-Attention", Gao et al., 2021; the four
  /// kinds of scales are types 1 to 4 of its repository.
  public struct Gaussian: Sendable, Equatable {
    /// What references are parts of.
    public enum Extent: Sendable, Equatable {
      /// The valid part of the map.
      case map
      /// The valid part of the network's input, divided by this number.
      case picture(dividedBy: Int)
    }
    public let extent: Extent
    /// The place of the first pixel: 0, or 0.5 where places are those of centres.
    public let firstPixel: Double
    public let smooth: Double
    /// 0…3.
    public let scales: Int
    public let hasOffsets: Bool

    public init(
      extent: Extent,
      firstPixel: Double,
      smooth: Double,
      scales: Int,
      hasOffsets: Bool
    ) {
      self.extent = extent
      self.firstPixel = firstPixel
      self.smooth = smooth
      self.scales = scales
      self.hasOffsets = hasOffsets
    }
  }

  /// RoIAlign with a bias and ReLU: from a map [m, c] and boxes [n, 4] in 0…1 of its valid part to
  /// [n, bins · bins · c], bins row by row, the channels of a bin side by side.
  ///
  /// A box reaches from `centre − side / 2` to `centre + side / 2` pixels, minus half a pixel
  /// ("aligned"), and is cut into bins × bins equal parts. A bin is the average of
  /// `g = ⌈side / bins⌉` points along each axis, in the middles of g equal parts of it. A point
  /// further than one pixel outside of the map counts 0; others are bilinear, with the outermost
  /// pixels continued. (`roi_align` of torchvision, `sampling_ratio` −1.)
  public struct RegionPooling: Sendable {
    public let bins: Int
    /// [c], added to every bin before ReLU.
    public let bias: [Float]

    public init(bins: Int, bias: [Float]) {
      self.bins = bins
      self.bias = bias
    }
  }

  /// Bilinear samples among the bins of RoIAlign: from a map [m, c], boxes [n, 4] and places
  /// [n, 2 · k] in 0…1 of a box to [n, k · c].
  ///
  /// A place is `bins · place − ½` bins from the middle of the first one; what lies beyond the
  /// outermost bins counts 0 (`grid_sample` with zero padding, corners not aligned).
  public struct RegionSampling: Sendable {
    public let bins: Int

    public init(bins: Int) { self.bins = bins }
  }
}
