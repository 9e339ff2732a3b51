/// A function of every element by a table.
///
///     out[i] = table[clamp(x[i], 0, last)]
///
/// Input: uint8, where `last` is 255, or int16. Output: elements of one or two bytes, those of the table.
public struct TableLookup {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (TableLookup) -> Void

  public var input: UnsafeRawPointer
  public var inputElement: KernelElement
  public var count: Int
  /// [last + 1]
  public var table: UnsafeRawPointer
  public var last: Int32
  public var output: UnsafeMutableRawPointer
  public var outputElement: KernelElement

  public init(
    input: UnsafeRawPointer,
    inputElement: KernelElement,
    count: Int,
    table: UnsafeRawPointer,
    last: Int32,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement
  ) {
    self.input = input
    self.inputElement = inputElement
    self.count = count
    self.table = table
    self.last = last
    self.output = output
    self.outputElement = outputElement
  }
}

/// The reference: one load from the table an element, four elements at a time.
@export(interface)
public func scalarTableLookup(_ call: TableLookup) {
  switch (call.inputElement, call.outputElement) {
  case (.uint8, .int16), (.uint8, .int32): lookup(call, UInt8.self, UInt16.self)
  case (.uint8, _): lookup(call, UInt8.self, UInt8.self)
  case (_, .int16), (_, .int32): lookup(call, Int16.self, UInt16.self)
  default: lookup(call, Int16.self, UInt8.self)
  }
}

@inline(__always)
private func lookup<Input: FixedWidthInteger, Output: FixedWidthInteger>(
  _ call: TableLookup,
  _: Input.Type,
  _: Output.Type
) {
  let input = call.input.assumingMemoryBound(to: Input.self)
  let table = call.table.assumingMemoryBound(to: Output.self)
  let output = call.output.assumingMemoryBound(to: Output.self)
  let last = call.last
  @inline(__always)
  func entry(_ index: Int) -> Output {
    // What a byte can be has a place in the table.
    let place = Int32(truncatingIfNeeded: input[index])
    return table[Int(Input.self == UInt8.self ? place : min(max(place, 0), last))]
  }
  var index = 0
  while index &+ 4 <= call.count {
    let first = entry(index)
    let second = entry(index &+ 1)
    let third = entry(index &+ 2)
    let fourth = entry(index &+ 3)
    output[index] = first
    output[index &+ 1] = second
    output[index &+ 2] = third
    output[index &+ 3] = fourth
    index &+= 4
  }
  while index < call.count {
    output[index] = entry(index)
    index &+= 1
  }
}
