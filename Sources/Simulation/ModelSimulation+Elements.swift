import ModelFile

extension ModelSimulation {
  func addition(_ it: Addition, _ a: Integers, _ b: Integers) -> Integers {
    let range = OutputRange(model[it.output], lowest: it.lowest, highest: it.highest)
    let unit = powerOfTwo(-it.shift)
    let (factorA, factorB) = (Double(it.multiplierA) * unit, Double(it.multiplierB) * unit)
    let (zeroA, zeroB) = (zero(it.a), zero(it.b))
    return zip(a, b).map { one, other in
      range.integer((Double(one) - zeroA) * factorA + (Double(other) - zeroB) * factorB)
    }
  }

  func requantization(_ it: Requantization, _ input: Integers) -> Integers {
    let range = OutputRange(model[it.output])
    let factor = it.rescale.factor
    let zero = zero(it.input)
    return input.map { range.integer((Double($0) - zero) * factor) }
  }

  func constant(_ it: Constant) -> Integers {
    func numbers<T: FixedWidthInteger>(_ type: T.Type) -> Integers {
      UnsafeBufferPointer(start: model.elements(it.data, as: type), count: it.data.count)
        .map { Int32($0) }
    }
    return switch model[it.output].element {
    case .uint8: numbers(UInt8.self)
    case .int8: numbers(Int8.self)
    case .int16: numbers(Int16.self)
    case .int32: numbers(Int32.self)
    }
  }

  func slice(_ it: ColumnSlice, _ input: Integers) -> Integers {
    let width = channels(it.input)
    let columns = it.first..<it.first + channels(it.output)
    return (0..<rows(it.input)).flatMap { row in columns.map { input[row * width + $0] } }
  }

  func masked(
    _ it: PaddingMask,
    _ input: Integers,
    keeps: (LevelToken) -> Bool
  ) -> Integers {
    var result = input
    let width = channels(it.input)
    let zero = model[it.input].zeroPoint
    for (row, token) in tokens(it.levels).enumerated() where !keeps(token) {
      for channel in 0..<width { result[row * width + channel] = zero }
    }
    return result
  }

  func topRows(_ it: TopRows, _ input: Integers) -> Integers {
    let width = channels(it.input)
    let column = (0..<rows(it.input)).map { input[$0 * width + it.column] }
    let order = column.indices.sorted { (column[$1], $0) < (column[$0], $1) }
    return order.prefix(it.count).map { Int32($0) }
  }

  func gather(_ it: RowGather, _ input: Integers, _ indices: Integers) -> Integers {
    let width = channels(it.input)
    return indices.flatMap { input[Int($0) * width..<(Int($0) + 1) * width] }
  }
}
