/// The exact sums that a normalisation needs: how many values, their sum, the sum of their squares.
///
///     var statistics = NormalizationStatistics()
///     statistics.add(row, count: 256)
///     let normalization = LayerNormalization(statistics, scaledEpsilon: epsilon)
///
/// With n values, S = Σx and Q = Σx², the mean is S / n and the variance (n·Q − S²) / n².
/// Everything is an integer, so the order of addition does not matter: parts summed by different
/// threads or vector lanes merge to the same bits.
///
/// Range: `Int16` values of any size, or `Int32` values with |x| < 2^20; at most 2^22 of them. Then
/// |S| < 2^42, Q ≤ 2^62 and n·Q ≤ 2^84.
@frozen
public struct NormalizationStatistics: Equatable, Sendable {
  /// The number of values, n.
  public var count: UInt32

  /// The sum of the values, S.
  public var sum: Int64

  /// The sum of the squared values, Q.
  public var sumOfSquares: UInt64

  /// Creates statistics of no values.
  @inlinable @inline(__always)
  public init() {
    self.init(count: 0, sum: 0, sumOfSquares: 0)
  }

  /// Creates statistics from sums computed elsewhere.
  @inlinable @inline(__always)
  public init(count: UInt32, sum: Int64, sumOfSquares: UInt64) {
    self.count = count
    self.sum = sum
    self.sumOfSquares = sumOfSquares
  }

  /// Adds `count` consecutive 16-bit values; exact.
  @inlinable
  public mutating func add(_ values: UnsafePointer<Int16>, count: Int) {
    var partialSum: Int64 = 0
    var partialSquares: UInt64 = 0
    var index = 0
    while index < count {
      let value = Int32(values[index])
      partialSum &+= Int64(value)
      partialSquares &+= UInt64(UInt32(bitPattern: value &* value))
      index &+= 1
    }
    merge(
      NormalizationStatistics(
        count: UInt32(truncatingIfNeeded: count),
        sum: partialSum,
        sumOfSquares: partialSquares
      )
    )
  }

  /// Adds `count` consecutive 32-bit values with |x| < 2^20; exact.
  @inlinable
  public mutating func add(_ values: UnsafePointer<Int32>, count: Int) {
    var partialSum: Int64 = 0
    var partialSquares: UInt64 = 0
    var index = 0
    while index < count {
      let value = Int64(values[index])
      partialSum &+= value
      partialSquares &+= UInt64(bitPattern: value &* value)
      index &+= 1
    }
    merge(
      NormalizationStatistics(
        count: UInt32(truncatingIfNeeded: count),
        sum: partialSum,
        sumOfSquares: partialSquares
      )
    )
  }

  /// Adds the values that another part of the same row or group has seen; exact.
  @inlinable @inline(__always)
  public mutating func merge(_ other: NormalizationStatistics) {
    count &+= other.count
    sum &+= other.sum
    sumOfSquares &+= other.sumOfSquares
  }

  /// The variance times n², exactly: n·Q − S².
  ///
  /// By Cauchy's inequality it is never negative, and unless all values are equal at least n − 1.
  ///
  /// Worked number: the values 1, 2, 6 have n = 3, S = 9, Q = 41 and 123 − 81 = 42, 9 times the
  /// variance 4 ⅔.
  @inlinable
  public var scaledVariance: UInt128 {
    let square = UInt128(sum.magnitude) &* UInt128(sum.magnitude)
    return UInt128(count) &* UInt128(sumOfSquares) &- square
  }
}

/// Returns ε in the units of ``NormalizationStatistics/scaledVariance``: ε · n², rounded half up.
///
/// A normalisation divides by √(variance + ε). ε is stored in squared units of the integer input
/// (the model's ε over the square of the input's scale) as Q.32, and the scaled variance is n²
/// times the variance, so this needs no division. A row of fixed length has it computed once.
///
/// Range: epsilon < 2^50 (ε < 2^18), count ≤ 2^22. Result: at most 2^62. Error: half a unit, the
/// rounding of the exact product.
///
/// Worked number: ε = 10^-5 over a scale of 1/1024 squared is 10.48576 (45035996274 in
/// Q.32); for n = 256 it gives 687195.
@inlinable
public func scaledEpsilon(_ epsilon: UInt64, count: UInt32) -> UInt64 {
  let product = UInt128(epsilon) &* UInt128(UInt64(count) &* UInt64(count))
  return UInt64(truncatingIfNeeded: (product &+ (UInt128(1) &<< 31)) &>> 32)
}
