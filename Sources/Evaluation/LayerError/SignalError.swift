import Foundation

/// How far one tensor is from another, gathered over any number of photographs.
///
///     var error = SignalError()
///     for photograph in photographs { error.add(reference: floatValues, tested: integerValues) }
///     error.signalToNoise      // 41.3 decibels
///
/// Sums are kept in `Double`; memory does not grow.
public struct SignalError: Hashable, Sendable {
  /// The number of values.
  public private(set) var count = 0
  /// The largest absolute difference.
  public private(set) var largestDifference = 0.0

  private var referencePower = 0.0
  private var testedPower = 0.0
  private var product = 0.0
  private var noisePower = 0.0

  /// Starts without values.
  public init() {}

  /// Adds the values of a tensor.
  ///
  /// - Parameters:
  ///   - reference: the right values.
  ///   - tested: the values to be measured, in the same number and order, in real units.
  public mutating func add(reference: [Float], tested: [Float]) {
    precondition(reference.count == tested.count, "two tensors of one shape")
    for (one, other) in zip(reference, tested) {
      let (right, found) = (Double(one), Double(other))
      let difference = right - found
      referencePower += right * right
      testedPower += found * found
      product += right * found
      noisePower += difference * difference
      largestDifference = max(largestDifference, abs(difference))
    }
    count += reference.count
  }

  /// Adds what was gathered elsewhere, for instance by another thread.
  ///
  /// - Parameter other: the other sums.
  public mutating func add(_ other: SignalError) {
    count += other.count
    largestDifference = max(largestDifference, other.largestDifference)
    referencePower += other.referencePower
    testedPower += other.testedPower
    product += other.product
    noisePower += other.noisePower
  }

  /// Ten times the decimal logarithm of the reference's power over that of the difference, in
  /// decibels; infinite for equal tensors, minus infinite where the reference is 0 and the other not.
  public var signalToNoise: Double {
    noisePower == 0 ? .infinity : 10 * log10(referencePower / noisePower)
  }

  /// The L2 norm of the difference over that of the reference; 0 for equal tensors.
  public var relativeError: Double {
    noisePower == 0 ? 0 : (noisePower / referencePower).squareRoot()
  }

  /// The cosine of the angle between the two tensors, −1…1; 1 where both are 0, 0 where only one is.
  public var cosine: Double {
    if referencePower == 0 || testedPower == 0 { return referencePower == testedPower ? 1 : 0 }
    return product / (referencePower.squareRoot() * testedPower.squareRoot())
  }
}
