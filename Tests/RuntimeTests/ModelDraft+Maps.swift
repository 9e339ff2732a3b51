import ModelFile

extension ModelDraft {
  /// A random table of 256 entries, or of `entries` for an int16 input.
  mutating func lookup(
    _ input: ValueIndex,
    to element: Element,
    entries: Int = 256
  ) -> ValueIndex {
    let output = value(element, channels(input))
    let table: Blob
    switch element {
    case .uint8: table = writer.blob(integers(entries, UInt8.min...UInt8.max))
    case .int8: table = writer.blob(integers(entries, Int8.min...Int8.max))
    default: table = writer.blob(integers(entries, Int16(-8000)...8000))
    }
    writer.operations.append(
      .tableLookup(TableLookup(input: input, output: output, table: table))
    )
    return output
  }

  mutating func averagePool(_ input: ValueIndex) -> ValueIndex {
    let output = like(input)
    writer.operations.append(.averagePool(AveragePool(input: input, output: output)))
    return output
  }

  mutating func upsample(_ input: ValueIndex, factor: Int) -> ValueIndex {
    let output = like(input)
    writer.operations.append(.upsample(Upsample(input: input, output: output, factor: factor)))
    return output
  }

  /// Inputs share element and zero point.
  mutating func concatenateColumns(_ inputs: [ValueIndex]) -> ValueIndex {
    let output = value(
      element(inputs[0]),
      inputs.reduce(0) { $0 + channels($1) },
      zeroPoint: writer.values[inputs[0].index].zeroPoint
    )
    writer.operations.append(.concatenateColumns(Concatenation(inputs: inputs, output: output)))
    return output
  }

  mutating func rowMaximum(_ input: ValueIndex) -> ValueIndex {
    let output = value(.int32, 1, zeroPoint: 0)
    writer.operations.append(.rowMaximum(RowMaximum(input: input, output: output)))
    return output
  }

  mutating func sineHalvesPosition(_ level: ValueIndex, frequencies: Int) -> ValueIndex {
    let output = value(.int16, 4 * frequencies, zeroPoint: 0)
    let table = writer.blob(integers(frequencies, 1...Int32(1 << 30)))
    writer.operations.append(
      .positionTable(
        PositionTable(
          kind: .sineHalves(frequencies: table),
          levels: [level],
          levelVectors: writer.blob([Int16]()),
          sineRescale: rescale(12000 / 1_073_741_824),
          output: output
        )
      )
    )
    return output
  }
}
