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

/// The reference: one load from the table an element, eight elements limited at a time.
@export(interface)
public func scalarTableLookup(_ call: TableLookup) {
  switch (call.inputElement, call.outputElement) {
  case (.uint8, .int16), (.uint8, .int32): lookupBytes(call, UInt16.self)
  case (.uint8, _): lookupBytes(call, UInt8.self)
  case (_, .int16), (_, .int32): lookupWords(call, UInt16.self)
  default: lookupWords(call, UInt8.self)
  }
}

/// What a byte can be has a place in the table.
@inline(__always)
private func lookupBytes<Output: FixedWidthInteger>(_ call: TableLookup, _: Output.Type) {
  let input = call.input.assumingMemoryBound(to: UInt8.self)
  let table = call.table.assumingMemoryBound(to: Output.self)
  let output = call.output.assumingMemoryBound(to: Output.self)
  var index = 0
  while index < call.count {
    output[index] = table[Int(input[index])]
    index &+= 1
  }
}

@inline(__always)
private func lookupWords<Output: FixedWidthInteger>(_ call: TableLookup, _: Output.Type) {
  let table = call.table.assumingMemoryBound(to: Output.self)
  var output = call.output.assumingMemoryBound(to: Output.self)
  let last = Int16(truncatingIfNeeded: call.last)
  let zeros = SIMD8<Int16>(repeating: 0)
  let lasts = SIMD8<Int16>(repeating: last)
  var index = 0
  while index &+ 8 <= call.count {
    let words = (call.input + 2 &* index).loadUnaligned(as: SIMD8<Int16>.self)
    let places = unsafeBitCast(
      pointwiseMin(pointwiseMax(words, zeros), lasts),
      to: SIMD2<UInt64>.self
    )
    lookupFour(places[0], table, output)
    lookupFour(places[1], table, output + 4)
    output += 8
    index &+= 8
  }
  let input = call.input.assumingMemoryBound(to: Int16.self)
  while index < call.count {
    output.pointee = table[Int(min(max(input[index], 0), last))]
    output += 1
    index &+= 1
  }
}

/// The entries of four places, 16 bits each.
@inline(__always)
private func lookupFour<Output: FixedWidthInteger>(
  _ places: UInt64,
  _ table: UnsafePointer<Output>,
  _ output: UnsafeMutablePointer<Output>
) {
  output[0] = table[Int(truncatingIfNeeded: places & 0xffff)]
  output[1] = table[Int(truncatingIfNeeded: places &>> 16 & 0xffff)]
  output[2] = table[Int(truncatingIfNeeded: places &>> 32 & 0xffff)]
  output[3] = table[Int(truncatingIfNeeded: places &>> 48)]
}
