/// The number of fraction bits of every fixed-point format that crosses a function boundary.
///
/// A number written Qm.n is an integer that stands for `integer · 2^-n`; m counts the bits left of
/// the point without the sign. Worked number: the logit −1.5 is `-1.5 · 2^24 = -25165824`.
public enum FractionBits {
  /// Logits and other natural logarithms: Q7.24, −128 ..< 128, one step is 6·10^-8.
  @inlinable public static var logit: Int32 { 24 }

  /// Probabilities that leave the model (sigmoid, class softmax, normalised boxes): Q1.30.
  @inlinable public static var probability: Int32 { 30 }

  /// Attention probabilities: Q0.15 in an `Int16`, at most 32767.
  @inlinable public static var attention: Int32 { 15 }

  /// Values of exponentials: Q1.31 in a `UInt32`, 1.0 is `2^31`.
  @inlinable public static var exponential: Int32 { 31 }

  /// Octaves (powers of two) below the row's maximum in the attention softmax: Q16.16, `UInt32`.
  @inlinable public static var octaves: Int32 { 16 }

  /// Octaves below the row's maximum in the class softmax: Q6.26, `UInt32`.
  @inlinable public static var preciseOctaves: Int32 { 26 }

  /// Binary logarithms: Q6.26 in a `UInt32`, 0 … 32 for a `UInt32` argument.
  @inlinable public static var binaryLogarithm: Int32 { 26 }

  /// Sines and cosines: Q1.30.
  @inlinable public static var sine: Int32 { 30 }

  /// Phases: fractions of a full turn, Q0.32 in a `UInt32`, so that wrapping is exact.
  @inlinable public static var phase: Int32 { 32 }
}
