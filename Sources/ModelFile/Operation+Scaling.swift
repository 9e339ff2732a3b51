import FixedPoint

// Operations that scale numbers by numbers: codes of positions by contents, sides by sides.

/// `clamp(z + ⌊(a − za) · (b − zb) · multiplier⌉shift)`, element by element.
///
/// Inputs: uint8, or int8 or int16 with zero point 0, so that the product of the two differences fits 31 bits
/// and the whole 62. Output: uint8, int8 or int16. It is within half a unit, and one rounding of the
/// multiplier, of the real product.
public struct Multiplication: Sendable {
  public var a: ValueIndex
  public var b: ValueIndex
  public var output: ValueIndex
  public var rescale: Rescale
  public init(a: ValueIndex, b: ValueIndex, output: ValueIndex, rescale: Rescale) {
    self.a = a
    self.b = b
    self.output = output
    self.rescale = rescale
  }
}

/// A rectifier with a slope below zero, element by element:
///
///     clamp(z + ⌊max(x − zx, 0) · multiplier + min(x − zx, 0) · negativeMultiplier⌉shift)
///
/// Input and output: uint8, int8 or int16. It is within half a unit, and one rounding of a multiplier, of
/// the real number.
public struct Rectification: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  /// 0…2³¹ − 1.
  public var multiplier: Int32
  /// −(2³¹ − 1)…2³¹ − 1.
  public var negativeMultiplier: Int32
  /// 1…62.
  public var shift: Int32
  public init(
    input: ValueIndex,
    output: ValueIndex,
    multiplier: Int32,
    negativeMultiplier: Int32,
    shift: Int32
  ) {
    self.input = input
    self.output = output
    self.multiplier = multiplier
    self.negativeMultiplier = negativeMultiplier
    self.shift = shift
  }
}

/// The first half of a row times one ratio of sides, the second half times another.
///
///     q      = min(⌊(multiplier · side + ⌊box / 2⌋) / max(box, 1)⌋, 2⁴⁷ − 1)       64 bits, unsigned
///     out[c] = clamp(z + ⌊x[c] · q⌉shift)
///
/// with the side 0 and the box's number 2 (its width) for the first half, 1 and 3 (its height) for the
/// second. Input: int16 with zero point 0, an even number of channels. Sides [n, 2] and boxes [n, 4]:
/// Q1.30 in 0…1. Output: uint8 or int16. q is within half a unit of its real value, which moves the output by less
/// than 2^(14 − shift) beside the half unit of its own rounding.
public struct SideModulation: Sendable {
  public var input: ValueIndex
  public var sides: ValueIndex
  public var boxes: ValueIndex
  public var output: ValueIndex
  public var rescale: Rescale
  public init(
    input: ValueIndex,
    sides: ValueIndex,
    boxes: ValueIndex,
    output: ValueIndex,
    rescale: Rescale
  ) {
    self.input = input
    self.sides = sides
    self.boxes = boxes
    self.output = output
    self.rescale = rescale
  }
}

/// The codes of all tokens of the levels, where something changes them token by token: the sum of two rows
/// of a ``PositionTable``, limited to int16. Exact.
public struct PositionSpread: Sendable {
  public var table: ValueIndex
  public var levels: [ValueIndex]
  public var output: ValueIndex
  public init(table: ValueIndex, levels: [ValueIndex], output: ValueIndex) {
    self.table = table
    self.levels = levels
    self.output = output
  }
}
