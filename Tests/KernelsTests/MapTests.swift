import Kernels
import Testing

@Suite("Tables, means of four pixels and maxima of rows")
struct MapTests {
  @Test("a table is read with every byte and every word", arguments: [1, 256, 4096, 32768])
  func tableLookup(entries: Int) {
    for from in [KernelElement.uint8, .int16] where from == .int16 || entries == 256 {
      for to in [KernelElement.uint8, .int8, .int16] {
        var random = SeededGenerator(seed: UInt64(entries))
        let input = AnyArray((from.range).map { Int64($0) }, from)
        let table = AnyArray(random.numbers(entries, to.range), to)
        let output = AnyArray(count: input.numbers.count, to)
        KernelTable.scalar.tableLookup(
          TableLookup(
            input: input.raw,
            inputElement: from,
            count: input.numbers.count,
            table: table.raw,
            last: Int32(entries - 1),
            output: output.raw,
            outputElement: to
          )
        )
        let expected = input.numbers.map { table.numbers[Int(min(max($0, 0), Int64(entries - 1)))] }
        #expect(output.numbers == expected, "\(from) to \(to)")
      }
    }
  }

  @Test("the mean of four pixels is the nearest integer to the real one", arguments: 1...70)
  func averagePool(channels: Int) {
    for element in [KernelElement.uint8, .int16] {
      var random = SeededGenerator(seed: UInt64(channels))
      let pixels = (0..<4).map { pixel in
        AnyArray(
          channels % 5 == 0
            ? [Int64](
              repeating: pixel % 2 == 0 ? Int64(element.lowest) : Int64(element.highest),
              count: channels
            )
            : random.numbers(channels, element.range),
          element
        )
      }
      let output = AnyArray(count: channels, element)
      pixels.map { UnsafeRawPointer($0.raw) }.withUnsafeBufferPointer { rows in
        KernelTable.scalar.averagePool(
          AveragePool(
            rows: rows.baseAddress!,
            rowCount: 1,
            channels: channels,
            element: element,
            output: output.raw
          )
        )
      }
      for channel in 0..<channels {
        let real = pixels.reduce(0.0) { $0 + Double($1.numbers[channel]) } / 4
        #expect(Double(output.numbers[channel]) == (real + 0.5).rounded(.down))
      }
    }
  }

  @Test("the greatest number of a row", arguments: [1, 2, 7, 80])
  func rowMaximum(columns: Int) {
    var random = SeededGenerator(seed: UInt64(columns))
    let rows = 9
    let input = random.numbers(rows * columns, Int32.min...Int32.max).map { Int32($0) }
    var output = [Int32](repeating: 0, count: rows)
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        KernelTable.scalar.rowMaximum(
          RowMaximum(
            input: input.baseAddress!,
            rows: rows,
            columns: columns,
            output: output.baseAddress!
          )
        )
      }
    }
    for row in 0..<rows {
      #expect(output[row] == input[row * columns..<(row + 1) * columns].max())
    }
  }
}
