/// A function of every element by a table: `table[clamp(x, 0, count − 1)]`.
///
/// Input: uint8 with a table of 256 elements, or int16. The table's elements are the output's, int8, uint8
/// or int16. An activation becomes such a table: entry i is the nearest integer to the
/// function of the real number that i stands for, so that its error is half a step of the output, and a
/// rounded input adds half of its own step times the function's greatest slope (GELU: 1.129, SiLU: 1.100).
public struct TableLookup: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public var table: Blob
  public init(input: ValueIndex, output: ValueIndex, table: Blob) {
    self.input = input
    self.output = output
    self.table = table
  }
}

/// The mean of 2×2 pixels, `(a + b + c + d + 2) >> 2`.
///
/// The output has `⌈n / 2⌉` pixels in each direction; a pixel outside of the map is the one inside next to it,
/// which makes the mean that of the pixels inside. Input and output share element (uint8 or int16), zero
/// point and step. The error is half a step.
public struct AveragePool: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public init(input: ValueIndex, output: ValueIndex) {
    self.input = input
    self.output = output
  }

  /// The pixels that a pixel of the output reads, those outside of the map among them.
  public static let window = Window(kernel: 2, stride: 2, padding: 0, dilation: 1)
}

/// Every pixel of a map `factor` times in both directions; input and output share element, zero point
/// and step.
public struct Upsample: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  /// 1…64.
  public var factor: Int
  public init(input: ValueIndex, output: ValueIndex, factor: Int) {
    self.input = input
    self.output = output
    self.factor = factor
  }
}

/// The greatest int32 of every row.
public struct RowMaximum: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public init(input: ValueIndex, output: ValueIndex) {
    self.input = input
    self.output = output
  }
}
