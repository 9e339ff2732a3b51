import FixedPoint
import FloatGraph
import ModelFile

/// Matrix products: convolutions and linear layers with what is folded into them.
extension Lowering {
  /// The weights of a product as doubles, with the picture's normalisation folded in.
  private struct Operand {
    var weights: [Double]
    var bias: [Double]
    /// The input's zero, in real units of its step, for each input channel.
    var zero: [Double]
    var step: Double
    var paddingBytes: UInt32
    var largestInput: Double
    /// What each input channel is on average, in real units of the weights.
    var mean: [Double]
    /// What one unit of the float graph's input is in these units, for each input channel.
    var unit: [Double]
  }

  /// Emits a product of node `index` that makes `output`, with a residual added before rounding.
  mutating func lowerProduct(
    _ index: Int,
    output: ValueID,
    activation: FloatOperation.Activation,
    residual: ValueID? = nil,
    addingPositions positionNode: Int? = nil
  ) throws(QuantizationError) {
    let node = graph.nodes[index]
    let name = graph[node.output].name
    let weights: FloatOperation.Weights
    let window: ModelFile.Window
    switch node.operation {
    case .convolution(let its, let geometry, _):
      weights = its
      window = Window(geometry)
    case .linear(let its, _):
      weights = its
      window = .point
    default: return
    }

    let positions = analysis.positionSum(node.inputs[0])
    let source = positions?.tokens ?? node.inputs[0]
    let inputForm = analysis.productInput(node)
    let input = source == graph.picture ? Model.picture : try integer(source, inputForm)
    var operand = try self.operand(weights, input: input, source: source)
    let added = positionNode.map { self.addedPositions($0) }
    if let added {
      for row in operand.bias.indices { operand.bias[row] += added.bias[row] }
    }
    let residualValue = try residual.map { (value) throws(QuantizationError) in
      let backbone = activation == .relu && !options.wideBackbone
      return try integer(value, backbone ? .byte : .wide)
    }

    // The position table runs through the same weights with 16-bit inputs.
    let largestInput = positions == nil ? operand.largestInput : 32768
    // A step must not be so small that the bias leaves 30 bits, nor a sum of inputs 31.
    let outputs = weights.outputs
    let taps = operand.weights.count / outputs
    var leastSteps = [Double](repeating: 1e-30, count: outputs)
    for row in 0..<outputs {
      var sum = 0.0
      for tap in 0..<taps { sum += abs(operand.weights[row * taps + tap]) }
      let byBias = abs(operand.bias[row]) / (operand.step * 536_870_912)
      let bySum = sum * largestInput / 1_500_000_000
      let byPosition = (added?.greatest[row] ?? 0) / (operand.step * 536_870_912)
      leastSteps[row] = max(1e-30, byBias, bySum, byPosition)
    }
    let steps = QuantizedWeights.steps(operand.weights, leastSteps: leastSteps)
    let quantized = cache.weights(ofNode: index, steps: steps) {
      QuantizedWeights(operand.weights, steps: steps, rounding: rounding(index, operand))
    }

    var bias = [Int32](repeating: 0, count: outputs)
    for row in 0..<outputs {
      var zero = 0.0
      for tap in 0..<taps {
        zero += Double(quantized.values[row * taps + tap]) * operand.zero[tap % weights.inputs]
      }
      var shift = 0.0
      if options.correctsBiases {
        for tap in 0..<taps {
          let rounded = Double(quantized.values[row * taps + tap]) * quantized.steps[row]
          let mean = operand.mean[tap % weights.inputs]
          shift += (operand.weights[row * taps + tap] - rounded) * mean
        }
      }
      let real =
        (operand.bias[row] + shift) / (operand.step * quantized.steps[row]) - zero
      let bound =
        abs(real) + Double(quantized.magnitude(ofOutput: row)) * largestInput
        + (added?.greatest[row] ?? 0) / (operand.step * quantized.steps[row])
      guard bound < 2_147_483_647 else { throw .accumulator(node: name, bound: bound) }
      bias[row] = Int32(real.rounded())
    }

    let target = quantization(output, analysis.form[output.index])
    var ratios = quantized.steps.map { $0 * operand.step / target.step }
    if let residualValue { ratios.append(quantization(of: residualValue).step / target.step) }
    guard let common = CommonShift(ratios) else {
      throw .scale(node: name, ratio: ratios.max() ?? .nan)
    }

    let geometry = Convolution.panels(window: window, inputs: weights.inputs, outputs: outputs)
    let packed = writer.blob(geometry.pack(quantized.values))
    var position: ValueIndex?
    if let positions {
      position = try projectedPosition(
        positions.position,
        weights: packed,
        outputs: outputs,
        inputStep: operand.step,
        name: "\(name).position"
      )
    } else if let added {
      position = try projectedPosition(
        added.position,
        weights: added.weights,
        accumulatorSteps: quantized.steps.map { $0 * operand.step },
        inputStep: operand.step,
        name: "\(name).position"
      )
    }
    let code = positions?.position ?? added?.position
    let levels = try grids(code.map { analysis.positionParts($0).map(\.grid) } ?? [])
    let lowest = activation == .relu ? target.zeroPoint : target.bounds.lowerBound
    writer.operations.append(
      .convolution(
        Convolution(
          input: input,
          output: define(output),
          window: window,
          weights: packed,
          bias: writer.blob(bias),
          multipliers: writer.blob(Array(common.multipliers[..<outputs])),
          shift: common.shift,
          lowest: lowest,
          highest: target.bounds.upperBound,
          residual: residualValue,
          residualMultiplier: residual == nil ? 0 : common.multipliers[outputs],
          position: position,
          positionLevels: levels,
          paddingBytes: operand.paddingBytes
        )
      )
    )
  }

  /// A map of positions that is added to a product.
  private struct AddedPositions {
    var position: ValueID
    var weights: FloatOperation.Weights
    var bias: [Double]
    /// The greatest amount of each output, its bias left out.
    var greatest: [Double]
  }

  private func addedPositions(_ index: Int) -> AddedPositions {
    let node = graph.nodes[index]
    guard case .linear(let weights, _) = node.operation else {
      preconditionFailure("positions are mapped by linear layers")
    }
    var largest = 1.0
    for part in analysis.positionParts(node.inputs[0]) {
      var code = 1.0
      if case .learned(let columns, let rows) = part.code.kind {
        code = (columns.values + rows.values).map { abs(Double($0)) }.max() ?? 0
      }
      largest = max(largest, code + (part.code.level.map { abs(Double($0)) }.max() ?? 0))
    }
    let greatest = (0..<weights.outputs).map { row in
      let first = row * weights.inputs
      let sum = weights.values[first..<first + weights.inputs].reduce(0.0) { $0 + abs(Double($1)) }
      return sum * largest
    }
    return AddedPositions(
      position: node.inputs[0],
      weights: weights,
      bias: weights.bias.isEmpty
        ? [Double](repeating: 0, count: weights.outputs) : weights.bias.map(Double.init),
      greatest: greatest
    )
  }

  /// Weights and bias of a product in units of its input's integers.
  ///
  /// For the picture the normalisation `(p · rescale − mean) / deviation` is folded in: the weights
  /// take `rescale / deviation`, and each channel's zero is the pixel `mean / rescale`. Padding, a
  /// zero after normalisation, becomes the nearest pixel to that.
  private func operand(
    _ weights: FloatOperation.Weights,
    input: ValueIndex,
    source: ValueID
  ) throws(QuantizationError) -> Operand {
    let bias =
      weights.bias.isEmpty
      ? [Double](repeating: 0, count: weights.outputs) : weights.bias.map(Double.init)
    var real = weights.values.map(Double.init)
    guard source == graph.picture else {
      let from = quantization(of: input)
      let padding = UInt32(UInt8(truncatingIfNeeded: from.zeroPoint)) &* 0x0101_0101
      return Operand(
        weights: real,
        bias: bias,
        zero: [Double](repeating: Double(from.zeroPoint), count: weights.inputs),
        step: from.step,
        paddingBytes: from.element == .uint8 ? padding : 0,
        largestInput: from.element == .uint8 ? 255 : 32768,
        mean: (0..<weights.inputs).map { calibration[source].mean(ofChannel: $0) },
        unit: [Double](repeating: 1, count: weights.inputs)
      )
    }
    let rule = graph.preprocessing
    let unit = rule.standardDeviation.map { $0 / rule.rescale }
    for index in real.indices { real[index] /= unit[index % 3] }
    let zero = rule.mean.map { $0 / rule.rescale }
    var padding: UInt32 = 0
    for channel in 0..<3 {
      padding |= UInt32(min(max(zero[channel].rounded(), 0), 255)) << UInt32(8 * channel)
    }
    return Operand(
      weights: real,
      bias: bias,
      zero: zero,
      step: 1,
      paddingBytes: padding,
      largestInput: 255,
      mean: (0..<3).map { calibration[source].mean(ofChannel: $0) * unit[$0] },
      unit: unit
    )
  }

  /// What decides the rounding of a product's weights, where the outputs' error does.
  private func rounding(_ index: Int, _ operand: Operand) -> WeightRounding? {
    guard options.rounding == .leastOutputError, let samples = calibration.inputs(ofProduct: index)
    else { return nil }
    return WeightRounding(samples, units: operand.unit)
  }

  /// A sum that no product takes in.
  mutating func lowerAddition(
    _ node: FloatGraph.Node,
    activation: FloatOperation.Activation
  ) throws(QuantizationError) {
    let form: Form = activation == .relu && !options.wideBackbone ? .byte : .wide
    let a = try integer(node.inputs[0], form)
    let b = try integer(node.inputs[1], form)
    let target = quantization(node.output, analysis.form[node.output.index])
    let ratios = [quantization(of: a).step / target.step, quantization(of: b).step / target.step]
    guard let common = CommonShift(ratios) else {
      throw .scale(node: graph[node.output].name, ratio: ratios.max() ?? .nan)
    }
    writer.operations.append(
      .add(
        Addition(
          a: a,
          b: b,
          output: define(node.output),
          multiplierA: common.multipliers[0],
          multiplierB: common.multipliers[1],
          shift: common.shift,
          lowest: activation == .relu ? target.zeroPoint : target.bounds.lowerBound,
          highest: target.bounds.upperBound
        )
      )
    )
  }

  /// Learned queries, used in place.
  mutating func lowerConstant(_ node: FloatGraph.Node, _ matrix: FloatOperation.Matrix) {
    let target = quantization(node.output, analysis.form[node.output.index])
    let integers = matrix.values.map { target.integer($0) }
    let data =
      switch target.element {
      case .uint8: writer.blob(integers.map { UInt8(truncatingIfNeeded: $0) })
      case .int8: writer.blob(integers.map { Int8(truncatingIfNeeded: $0) })
      case .int16: writer.blob(integers.map { Int16(truncatingIfNeeded: $0) })
      case .int32: writer.blob(integers)
      }
    writer.operations.append(
      .constant(Constant(data: data, rows: matrix.rows, output: define(node.output)))
    )
  }
}

extension Quantization {
  /// The nearest integer of the element type.
  func integer(_ real: Float) -> Int32 { integer(Double(real)) }

  /// The nearest integer of the element type.
  func integer(_ real: Double) -> Int32 {
    let scaled = (real / step).rounded() + Double(zeroPoint)
    return Int32(min(max(scaled, Double(bounds.lowerBound)), Double(bounds.upperBound)))
  }
}
