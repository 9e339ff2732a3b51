/// The generator SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014): a counter and a function that makes its values look unrelated. Not for secrets.
public enum SplitMix64 {
  /// What the counter grows by.
  public static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Mixes the bits of a number; a one-to-one function.
  ///
  /// - Parameter value: any number.
  /// - Returns: 64 bits, each of which depends on all of the value's.
  @inlinable
  public static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
