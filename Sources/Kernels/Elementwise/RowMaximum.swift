/// The greatest number of every row.
public struct RowMaximum {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (RowMaximum) -> Void

  /// [rows, columns]
  public var input: UnsafePointer<Int32>
  public var rows: Int
  /// At least 1.
  public var columns: Int
  /// [rows]
  public var output: UnsafeMutablePointer<Int32>

  public init(
    input: UnsafePointer<Int32>,
    rows: Int,
    columns: Int,
    output: UnsafeMutablePointer<Int32>
  ) {
    self.input = input
    self.rows = rows
    self.columns = columns
    self.output = output
  }
}

/// The reference.
@export(interface)
public func scalarRowMaximum(_ call: RowMaximum) {
  var row = 0
  while row < call.rows {
    let numbers = call.input + row &* call.columns
    var greatest = numbers[0]
    var column = 1
    while column < call.columns {
      greatest = max(greatest, numbers[column])
      column &+= 1
    }
    call.output[row] = greatest
    row &+= 1
  }
}
