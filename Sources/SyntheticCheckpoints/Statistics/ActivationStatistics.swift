/// What is known of activations before they are computed: over tokens (or queries) of all pictures.
///
/// Random networks lose what tells tokens apart: every layer adds something that all tokens have in
/// common, norms scale it up again, and after six layers all tokens are alike. Here each linear map
/// is drawn for the variance that arrives, and its bias takes away what is common, as training does.
/// This needs the common part of every activation, which is passed from module to module.
struct ActivationStatistics {
  /// Of each channel.
  var mean: [Float]
  /// Of all channels together, around their means.
  var variance: Float

  /// States statistics.
  init(mean: [Float], variance: Float) {
    self.mean = mean
    self.variance = variance
  }

  /// Activations that have nothing in common.
  ///
  /// - Parameters:
  ///   - channels: how many there are.
  ///   - variance: of all of them.
  init(channels: Int, variance: Float) {
    self.init(mean: [Float](repeating: 0, count: channels), variance: variance)
  }

  /// Measures feature maps.
  ///
  /// - Parameter maps: whose pixels are the tokens.
  init(_ maps: FeatureMaps) {
    let measured = ChannelStatistics(maps)
    self.init(
      mean: measured.mean,
      variance: measured.variance.reduce(0, +) / Float(maps.channels)
    )
  }

  var channels: Int { mean.count }

  /// The mean square of all channels.
  var power: Float { mean.reduce(0) { $0 + $1 * $1 } / Float(channels) + variance }

  /// The sum of independent activations.
  static func + (left: ActivationStatistics, right: ActivationStatistics) -> ActivationStatistics {
    ActivationStatistics(
      mean: zip(left.mean, right.mean).map { $0 + $1 },
      variance: left.variance + right.variance
    )
  }

  /// After a ReLU.
  ///
  /// A normal number of deviation σ around zero becomes one of mean `σ / √2π` and variance
  /// `σ² (1/2 − 1/2π)`; a small mean passes by half.
  var rectified: ActivationStatistics {
    let rise = variance.squareRoot() * 0.398942
    return ActivationStatistics(mean: mean.map { rise + $0 / 2 }, variance: variance * 0.340845)
  }

  /// After a rectifier with a slope below zero.
  ///
  /// With the slope `a`, a normal number of deviation σ around zero becomes one of mean `σ (1 − a) / √2π` and mean
  /// square `σ² (1 + a²) / 2`.
  ///
  /// - Parameter slope: a.
  /// - Returns: what leaves it.
  func rectified(slope: Float) -> ActivationStatistics {
    let rise = variance.squareRoot() * 0.398942 * (1 - slope)
    return ActivationStatistics(
      mean: mean.map { rise + $0 * (1 + slope) / 2 },
      variance: variance * (1 + slope * slope) / 2 - rise * rise
    )
  }

  /// The products with independent numbers of mean 1.
  ///
  /// - Parameter variance: of those numbers.
  /// - Returns: the products.
  func scaled(byVariance variance: Float) -> ActivationStatistics {
    ActivationStatistics(mean: mean, variance: self.variance + variance * power)
  }

  /// After a layer norm or group norm.
  ///
  /// - Parameters:
  ///   - gains: one a channel.
  ///   - biases: one a channel.
  /// - Returns: what leaves the norm.
  func normalized(gains: [Float], biases: [Float]) -> ActivationStatistics {
    let factor = 1 / (power + 1e-5).squareRoot()
    let gainPower = gains.reduce(0) { $0 + $1 * $1 } / Float(channels)
    return ActivationStatistics(
      mean: mean.indices.map { mean[$0] * factor * gains[$0] + biases[$0] },
      variance: variance * factor * factor * gainPower
    )
  }
}
