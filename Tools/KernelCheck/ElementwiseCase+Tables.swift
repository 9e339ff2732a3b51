import Kernels

extension ElementwiseCase {
  static func tableLookup(_ random: inout RandomNumbers) -> ElementwiseCase {
    let from = random.pick([KernelElement.uint8, .int16])
    let to = random.pick([KernelElement.uint8, .int8, .int16])
    let entries = from == .uint8 ? 256 : random.pick([1, 4096, random.number(1...32768)])
    let count = random.pick([256, random.number(0...200)])
    let input = filled(count * from.byteCount, &random, extreme: random.chance(1, of: 3))
    let table = filled(entries * to.byteCount, &random, extreme: false)
    let output = GuardedBytes(count: count * to.byteCount)
    let call = TableLookup(
      input: input.start,
      inputElement: from,
      count: count,
      table: table.start,
      last: Int32(entries - 1),
      output: output.start,
      outputElement: to
    )
    return ElementwiseCase(
      description: "tableLookup \(count) of \(from.name) in \(entries) of \(to.name)",
      buffers: [input, table],
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { $0.tableLookup(call) }
    )
  }

  static func averagePool(_ random: inout RandomNumbers) -> ElementwiseCase {
    let element = random.pick([KernelElement.uint8, .int16])
    let channels = random.pick([16, 64, 256, random.number(1...150)])
    let rows = random.number(1...6)
    let pixels = (0..<5).map { _ in
      filled(channels * element.byteCount, &random, extreme: random.chance(1, of: 3))
    }
    let pointers = GuardedBytes(count: rows * 4 * MemoryLayout<UnsafeRawPointer>.stride)
    let places = pointers.array(of: UnsafeRawPointer.self)
    for index in 0..<rows * 4 { places[index] = UnsafeRawPointer(random.pick(pixels).start) }
    let output = GuardedBytes(count: rows * channels * element.byteCount)
    let call = AveragePool(
      rows: UnsafePointer(places),
      rowCount: rows,
      channels: channels,
      element: element,
      output: output.start
    )
    return ElementwiseCase(
      description: "averagePool \(rows) rows × \(channels) \(element.name)",
      buffers: pixels + [pointers],
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { $0.averagePool(call) }
    )
  }

  static func rowMaximum(_ random: inout RandomNumbers) -> ElementwiseCase {
    let columns = random.pick([80, 91, random.number(1...100)])
    let rows = random.number(1...6)
    let input = filled(rows * columns * 4, &random, extreme: random.chance(1, of: 3))
    let output = GuardedBytes(count: rows * 4)
    let call = RowMaximum(
      input: input.array(of: Int32.self),
      rows: rows,
      columns: columns,
      output: output.array(of: Int32.self)
    )
    return ElementwiseCase(
      description: "rowMaximum \(rows) rows × \(columns)",
      buffers: [input],
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { $0.rowMaximum(call) }
    )
  }
}
