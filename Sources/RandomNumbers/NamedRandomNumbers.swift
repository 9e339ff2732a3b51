/// Random numbers that depend on a seed, a name and an index only.
///
/// They are the same whatever was drawn before them and on whichever machine: integers from
/// ``SplitMix64``, turned into numbers by one exactly rounded multiplication. No function of the
/// mathematical library is called.
public struct NamedRandomNumbers: Sendable {
  private let key: UInt64

  /// Makes the numbers of one name.
  ///
  /// - Parameters:
  ///   - seed: chosen by the user.
  ///   - name: a tensor's name; its bytes are hashed with 64-bit FNV-1a.
  public init(seed: UInt64, name: String) {
    let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    key = SplitMix64.mix(hash ^ SplitMix64.mix(seed &+ SplitMix64.increment))
  }

  /// 64 random bits.
  ///
  /// - Parameter index: which ones.
  public subscript(index: Int) -> UInt64 {
    SplitMix64.mix(key &+ UInt64(truncatingIfNeeded: index) &* SplitMix64.increment)
  }

  /// A number of mean 0 and variance 1 with the tails of trained weights.
  ///
  /// The sum of four uniform numbers of 14 bits is nearly normal; one number in eight is doubled,
  /// which gives a kurtosis of 4.1 and a largest magnitude of 5.9.
  ///
  /// - Parameter index: which one.
  /// - Returns: the number.
  public func normal(_ index: Int) -> Float {
    let bits = self[index]
    let lane: UInt64 = 1 << 14 - 1
    let sum = (bits & lane) + (bits >> 14 & lane) + (bits >> 28 & lane) + (bits >> 42 & lane)
    let centred = Int32(truncatingIfNeeded: sum) - 32766
    return Float(bits >> 61 == 0 ? 2 * centred : centred) * Self.normalScale
  }

  /// A number in 0..<1, a multiple of 2⁻²⁴.
  ///
  /// - Parameter index: which one.
  /// - Returns: the number.
  public func uniform(_ index: Int) -> Float {
    Float(self[index] >> 40) * 0x1p-24
  }

  /// Numbers of a given mean and deviation.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - deviation: their standard deviation.
  ///   - mean: their mean.
  /// - Returns: the numbers.
  public func normals(_ count: Int, deviation: Float, mean: Float = 0) -> [Float] {
    (0..<count).map { normal($0) * deviation + mean }
  }

  /// Numbers spread evenly over a range.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - range: where they lie.
  /// - Returns: the numbers.
  public func uniforms(_ count: Int, in range: ClosedRange<Float>) -> [Float] {
    (0..<count).map { uniform($0) * (range.upperBound - range.lowerBound) + range.lowerBound }
  }

  // The variance of the sum is 4 (2²⁸ − 1) / 12; doubling one in eight makes it 11/8 of that.
  private static let normalScale = Float(1 / ((0x1p28 - 1.0) / 3 * 1.375).squareRoot())
}
