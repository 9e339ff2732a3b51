import FixedPoint
import FloatGraph
import Foundation
import ModelFile

/// Position codes: a small table a level, projected by the weights of whoever adds it.
extension Lowering {
  /// The table of a position value, times the weights of a linear layer, in units of that layer's
  /// accumulators.
  mutating func projectedPosition(
    _ position: ValueID,
    weights: Blob,
    outputs: Int,
    inputStep: Double,
    name: String
  ) throws(QuantizationError) -> ValueIndex {
    let table = try positionTable(position)
    let ratio = quantization(of: table).step / inputStep
    guard let rescale = Rescale(ratio) else { throw .scale(node: name, ratio: ratio) }
    let projected = add(
      Quantization(element: .int32, step: inputStep),
      channels: outputs,
      name: name
    )
    writer.operations.append(
      .convolution(
        Convolution(
          input: table,
          output: projected,
          window: .point,
          weights: weights,
          bias: writer.blob([Int32](repeating: 0, count: outputs)),
          multipliers: writer.blob([Int32](repeating: rescale.multiplier, count: outputs)),
          shift: rescale.shift,
          lowest: Int32.min,
          highest: Int32.max,
          paddingBytes: 0
        )
      )
    )
    return projected
  }

  mutating func positionTable(
    _ position: ValueID
  ) throws(QuantizationError) -> ValueIndex {
    if let table = positionTables[position] { return table }
    let parts = analysis.positionParts(position)
    let name = graph[position].name
    let width = graph[position].channels
    let levels = parts.flatMap(\.code.level)
    let greatestLevel = levels.map { abs(Double($0)) }.max() ?? 0

    let kind: PositionTable.Kind
    let step: Double
    switch parts[0].code.kind {
    case .sine(let features, let temperature, let scale, let offset):
      guard offset == 0 || offset == 0.5 else {
        throw .unsupported(node: name, what: "a sine position code with offset \(offset)")
      }
      step = (1 + greatestLevel) / 16383
      let frequencies = Self.frequencies(
        features: features,
        temperature: temperature,
        turns: scale / (2 * Double.pi)
      )
      kind = .sine(frequencies: writer.blob(frequencies), halfOffset: offset == 0 ? 0 : 1)
    case .learned(let columns, let rows):
      let greatest = (columns.values + rows.values).map { abs(Double($0)) }.max() ?? 0
      step = max(greatest + greatestLevel, 1e-6) / 16383
      let target = Quantization(element: .int16, step: step)
      kind = .learned(
        columns: writer.blob(columns.values.map { Int16(target.integer($0)) }),
        rows: writer.blob(rows.values.map { Int16(target.integer($0)) }),
        columnFeatures: columns.columns,
        rowFeatures: rows.columns
      )
    case .sineHalves(let features, let temperature):
      step = (1 + greatestLevel) / 16383
      let frequencies = Self.frequencies(
        features: features,
        temperature: temperature,
        turns: 1 / (2 * Double.pi)
      )
      // Sines and cosines of a frequency stand in different halves here.
      kind = .sineHalves(
        frequencies: writer.blob(stride(from: 0, to: features, by: 2).map { frequencies[$0] })
      )
    }
    let target = Quantization(element: .int16, step: step)
    let ratio = Quantization.power(-Int(FractionBits.sine)) / step
    guard let sineRescale = Rescale(ratio) else { throw .scale(node: name, ratio: ratio) }
    let vectors = writer.blob(levels.map { Int16(target.integer($0)) })
    let maps = try grids(parts.map(\.grid))
    let table = add(target, channels: width, name: name)
    writer.operations.append(
      .positionTable(
        PositionTable(
          kind: kind,
          levels: maps,
          levelVectors: vectors,
          sineRescale: sineRescale,
          output: table
        )
      )
    )
    positionTables[position] = table
    return table
  }

  /// Turns per unit of every feature with 30 fraction bits: `turns / temperature^(2⌊i/2⌋ / features)`.
  static func frequencies(features: Int, temperature: Double, turns: Double) -> [Int32] {
    (0..<features).map { feature in
      let exponent = Double(2 * (feature / 2)) / Double(features)
      let frequency = turns / pow(temperature, exponent)
      return Int32((frequency * 1_073_741_824).rounded())
    }
  }

  mutating func lowerBoxSine(
    _ node: FloatGraph.Node,
    features: Int,
    temperature: Double
  ) throws(QuantizationError) {
    let input = try integer(node.inputs[0], .probability)
    let frequencies = writer.blob(
      Self.frequencies(features: features, temperature: temperature, turns: 1)
    )
    writer.operations.append(
      .boxSine(BoxSine(input: input, output: define(node.output), frequencies: frequencies))
    )
  }
}
