import ModelFile
import Runtime

extension ModelSimulation {
  func tableLookup(_ it: TableLookup, _ input: Integers) -> Integers {
    let last = Int32(it.table.count - 1)
    func entries<Element: FixedWidthInteger>(_: Element.Type) -> Integers {
      let table = model.elements(it.table, as: Element.self)
      return input.map { Int32(table[Int(min(max($0, 0), last))]) }
    }
    switch model[it.output].element {
    case .uint8: return entries(UInt8.self)
    case .int8: return entries(Int8.self)
    case .int16: return entries(Int16.self)
    case .int32: return entries(Int32.self)
    }
  }

  /// The mean of the pixels inside of the map.
  func averagePool(_ it: AveragePool, _ input: Integers) -> Integers {
    let width = channels(it.input)
    let map = grid(it.input)
    let outputWidth = grid(it.output).width
    let range = OutputRange(model[it.output])
    let zero = zero(it.input)
    return (0..<rows(it.output)).flatMap { row -> Integers in
      var pixels: [Int] = []
      AveragePool.window.forEachTap(row / outputWidth, row % outputWidth, map) { _, pixel in
        if let pixel { pixels.append(pixel) }
      }
      return (0..<width).map { channel in
        let sum = pixels.reduce(0.0) { $0 + Double(input[$1 * width + channel]) - zero }
        return range.integer(sum / Double(pixels.count))
      }
    }
  }

  func upsample(_ it: Upsample, _ input: Integers) -> Integers {
    let width = channels(it.input)
    let (from, to) = (grid(it.input), grid(it.output))
    return (0..<rows(it.output)).flatMap { row in
      let pixel = row / to.width / it.factor * from.width + row % to.width / it.factor
      return input[pixel * width..<(pixel + 1) * width]
    }
  }

  func concatenateColumns(_ it: Concatenation, _ inputs: (ValueIndex) -> Integers) -> Integers {
    let parts = it.inputs.map { (numbers: inputs($0), width: channels($0)) }
    return (0..<rows(it.output)).flatMap { row in
      parts.flatMap { $0.numbers[row * $0.width..<(row + 1) * $0.width] }
    }
  }

  func rowMaximum(_ it: RowMaximum, _ input: Integers) -> Integers {
    let width = channels(it.input)
    return (0..<rows(it.input)).map { input[$0 * width..<($0 + 1) * width].max()! }
  }
}
