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
    return project(
      table,
      weights: weights,
      multipliers: [Int32](repeating: rescale.multiplier, count: outputs),
      shift: rescale.shift,
      inputStep: inputStep,
      name: name
    )
  }

  /// The table of a position value times weights of its own, in units of the accumulators of the product
  /// that it is added to.
  ///
  /// - Parameters:
  ///   - position: the position value.
  ///   - weights: the map of the positions.
  ///   - accumulatorSteps: the unit of each accumulator.
  ///   - inputStep: the step of the product's input, for people.
  ///   - name: the name of the projected table.
  /// - Returns: the projected table.
  /// - Throws: ``QuantizationError``.
  mutating func projectedPosition(
    _ position: ValueID,
    weights: FloatOperation.Weights,
    accumulatorSteps: [Double],
    inputStep: Double,
    name: String
  ) throws(QuantizationError) -> ValueIndex {
    let table = try positionTable(position)
    let step = quantization(of: table).step
    let real = weights.values.map(Double.init)
    var leastSteps = [Double](repeating: 1e-30, count: weights.outputs)
    for row in 0..<weights.outputs {
      let first = row * weights.inputs
      let sum = real[first..<first + weights.inputs].reduce(0) { $0 + abs($1) }
      leastSteps[row] = max(1e-30, sum * 32768 / 1_500_000_000)
    }
    let steps = QuantizedWeights.steps(real, leastSteps: leastSteps)
    let quantized = QuantizedWeights(real, steps: steps, rounding: nil)
    let ratios = zip(quantized.steps, accumulatorSteps).map { $0 * step / $1 }
    guard let common = CommonShift(ratios) else {
      throw .scale(node: name, ratio: ratios.max() ?? .nan)
    }
    let panels = Convolution.panels(
      window: .point,
      inputs: weights.inputs,
      outputs: weights.outputs
    )
    return project(
      table,
      weights: writer.blob(panels.pack(quantized.values)),
      multipliers: common.multipliers,
      shift: common.shift,
      inputStep: inputStep,
      name: name
    )
  }

  private mutating func project(
    _ table: ValueIndex,
    weights: Blob,
    multipliers: [Int32],
    shift: Int32,
    inputStep: Double,
    name: String
  ) -> ValueIndex {
    let outputs = multipliers.count
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
          multipliers: writer.blob(multipliers),
          shift: shift,
          lowest: Int32.min,
          highest: Int32.max,
          paddingBytes: 0
        )
      )
    )
    return projected
  }

  /// The table of a position value.
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
      let turns = scale / (2 * Double.pi)
      guard turns < 2 else {
        throw .unsupported(node: name, what: "a sine position code of \(turns) turns")
      }
      var frequencies = Self.frequencies(
        features: features,
        temperature: temperature,
        turns: turns
      )
      if let column = parts[0].code.columnTemperature, column != temperature {
        frequencies += Self.frequencies(features: features, temperature: column, turns: turns)
      }
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
