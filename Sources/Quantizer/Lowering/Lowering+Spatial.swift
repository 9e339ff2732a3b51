import FixedPoint
import FloatGraph
import Foundation
import ModelFile

/// Attention modulated in space, and what is sampled from boxes.
extension Lowering {
  mutating func lowerSpatialAttention(
    _ node: FloatGraph.Node,
    _ attention: FloatOperation.SpatialAttention
  ) throws(QuantizationError) {
    let name = graph[node.output].name
    let query = try integer(node.inputs[0], .key)
    let key = try integer(node.inputs[1], .key)
    let value = try integer(node.inputs[2], .attentionValue)
    let keyChannels = graph[node.inputs[1]].channels
    let headWidth = attention.sharesKeys ? keyChannels : keyChannels / attention.heads
    let score =
      quantization(of: query).step * quantization(of: key).step
      / Double(headWidth).squareRoot() / M_LN2 * Quantization.power(Int(FractionBits.octaves))
    let output = quantization(node.output, analysis.form[node.output.index])
    let sum =
      quantization(of: value).step * Quantization.power(-Int(FractionBits.attention))
      / output.step
    guard let scoreRescale = Rescale(score) else { throw .scale(node: name, ratio: score) }
    guard let outputRescale = Rescale(sum) else { throw .scale(node: name, ratio: sum) }
    let gaussian = try attention.gaussian.map {
      (gaussian) throws(QuantizationError) in try self.gaussian(gaussian, node)
    }
    let map = try grids([attention.map])[0]
    writer.operations.append(
      .spatialAttention(
        SpatialAttention(
          query: query,
          key: key,
          value: value,
          output: define(node.output),
          heads: attention.heads,
          sharesKeys: attention.sharesKeys,
          map: map,
          scoreRescale: scoreRescale,
          outputRescale: outputRescale,
          gaussian: gaussian
        )
      )
    )
  }

  private mutating func gaussian(
    _ gaussian: FloatOperation.Gaussian,
    _ node: FloatGraph.Node
  ) throws(QuantizationError) -> SpatialAttention.Gaussian {
    let name = graph[node.output].name
    let references = try integer(node.inputs[3], .probability)
    let scales = gaussian.scales > 0 ? try integer(node.inputs[4], .wide) : nil
    let offsets = gaussian.hasOffsets ? try integer(node.inputs.last!, .wide) : nil
    guard gaussian.firstPixel == 0 || gaussian.firstPixel == 0.5 else {
      throw .unsupported(node: name, what: "a first pixel at \(gaussian.firstPixel)")
    }
    // exp(−(d s)² / smooth) = 2^−(d s u)² with u = √(log2 e / smooth).
    let unit = (1 / M_LN2 / gaussian.smooth).squareRoot() * Quantization.power(20)
    guard unit < 2_147_483_647 else { throw .scale(node: name, ratio: unit) }
    let scale = (scales.map { quantization(of: $0).step } ?? 0) * unit
    let pixel = (offsets.map { quantization(of: $0).step } ?? 0) * Quantization.power(16)
    guard let scaleRescale = Rescale(scale) else { throw .scale(node: name, ratio: scale) }
    guard let offsetRescale = Rescale(pixel) else { throw .scale(node: name, ratio: pixel) }
    var divisor = 0
    if case .picture(let parts) = gaussian.extent { divisor = parts }
    return SpatialAttention.Gaussian(
      references: references,
      scales: scales,
      offsets: offsets,
      scaleCount: gaussian.scales,
      pictureDivisor: divisor,
      isHalfPixel: gaussian.firstPixel == 0.5,
      unitFactor: Int32(unit.rounded()),
      scaleRescale: scaleRescale,
      offsetRescale: offsetRescale
    )
  }

  /// A linear map of position codes alone: their table through the weights, then a sum for each pixel.
  mutating func lowerPositionSum(
    _ index: Int,
    _ weights: FloatOperation.Weights,
    _ activation: FloatOperation.Activation
  ) throws(QuantizationError) {
    let node = graph.nodes[index]
    let name = graph[node.output].name
    let position = node.inputs[0]
    let step = quantization(of: try positionTable(position)).step
    let real = weights.values.map(Double.init)
    let bias = weights.bias.isEmpty ? [Float](repeating: 0, count: weights.outputs) : weights.bias
    // As for products: a bias keeps 30 bits, a sum of 16-bit inputs 31.
    let leastSteps = (0..<weights.outputs).map { row in
      let sum = real[row * weights.inputs..<(row + 1) * weights.inputs].reduce(0) { $0 + abs($1) }
      return max(
        1e-30,
        abs(Double(bias[row])) / (step * 536_870_912),
        sum * 32768 / 1_500_000_000
      )
    }
    let steps = QuantizedWeights.steps(real, leastSteps: leastSteps)
    let quantized = cache.weights(ofNode: index, steps: steps) {
      QuantizedWeights(real, steps: steps, rounding: nil)
    }
    let geometry = Convolution.panels(
      window: .point,
      inputs: weights.inputs,
      outputs: weights.outputs
    )
    let table = try projectedPosition(
      position,
      weights: writer.blob(geometry.pack(quantized.values)),
      outputs: weights.outputs,
      inputStep: step,
      name: "\(name).position"
    )
    let target = quantization(node.output, analysis.form[node.output.index])
    let ratios = quantized.steps.map { $0 * step / target.step }
    guard let common = CommonShift(ratios) else {
      throw .scale(node: name, ratio: ratios.max() ?? .nan)
    }
    let biases = zip(bias, quantized.steps).map { Int32((Double($0) / ($1 * step)).rounded()) }
    let levels = try grids(analysis.positionParts(position).map(\.grid))
    writer.operations.append(
      .positionSum(
        PositionSum(
          position: table,
          output: define(node.output),
          levels: levels,
          bias: writer.blob(biases),
          multipliers: writer.blob(common.multipliers),
          shift: common.shift,
          lowest: activation == .relu ? target.zeroPoint : target.bounds.lowerBound,
          highest: target.bounds.upperBound
        )
      )
    )
  }

  mutating func lowerRegionPooling(
    _ node: FloatGraph.Node,
    _ pooling: FloatOperation.RegionPooling
  ) throws(QuantizationError) {
    let map = try integer(node.inputs[0], .wide)
    let boxes = try integer(node.inputs[1], .probability)
    let unit = quantization(of: map).step * Quantization.power(-Int(FractionBits.attention))
    let rescale = try regionRescale(unit, node)
    let bias = pooling.bias.map { Int32((Double($0) / unit).rounded()) }
    writer.operations.append(
      .regionPooling(
        RegionPooling(
          map: map,
          boxes: boxes,
          output: define(node.output),
          bins: pooling.bins,
          bias: writer.blob(bias),
          rescale: rescale
        )
      )
    )
  }

  /// The least step that leaves biases of a pooling 30 bits in units of 2⁻¹⁵ of it.
  func leastPoolingStep(_ value: ValueID) -> Double {
    var least = 0.0
    for consumer in analysis.consumers[value.index] {
      if case .regionPooling(let pooling) = graph.nodes[consumer].operation {
        least = max(least, pooling.bias.reduce(0) { max($0, abs(Double($1))) } / 32767)
      }
    }
    return least
  }

  mutating func lowerRegionSampling(
    _ node: FloatGraph.Node,
    _ sampling: FloatOperation.RegionSampling
  ) throws(QuantizationError) {
    let map = try integer(node.inputs[0], .wide)
    let boxes = try integer(node.inputs[1], .probability)
    let places = try integer(node.inputs[2], .probability)
    let unit = quantization(of: map).step * Quantization.power(-Int(FractionBits.attention))
    let rescale = try regionRescale(unit, node)
    writer.operations.append(
      .regionSampling(
        RegionSampling(
          map: map,
          boxes: boxes,
          places: places,
          output: define(node.output),
          bins: sampling.bins,
          rescale: rescale
        )
      )
    )
  }

  private func regionRescale(
    _ unit: Double,
    _ node: FloatGraph.Node
  ) throws(QuantizationError) -> Rescale {
    let ratio = unit / quantization(node.output, analysis.form[node.output.index]).step
    guard let rescale = Rescale(ratio) else {
      throw .scale(node: graph[node.output].name, ratio: ratio)
    }
    return rescale
  }

  mutating func lowerPointsInBoxes(_ node: FloatGraph.Node) throws(QuantizationError) {
    let boxes = try integer(node.inputs[0], .probability)
    let places = try integer(node.inputs[1], .probability)
    writer.operations.append(
      .pointsInBoxes(PointsInBoxes(boxes: boxes, places: places, output: define(node.output)))
    )
  }

  mutating func lowerGate(_ node: FloatGraph.Node, rows: Int) throws(QuantizationError) {
    let input = try integer(node.inputs[0], .wide)
    let gates = try integer(node.inputs[1], .wide)
    let step = quantization(of: gates).step
    let table = (0...256).map { entry in
      let gate = Double(256 * entry - 32768) * step
      return Int32((32768 / (1 + exp(-gate))).rounded())
    }
    let rescale = try regionRescale(
      quantization(of: input).step * Quantization.power(-Int(FractionBits.attention)),
      node
    )
    writer.operations.append(
      .gate(
        SigmoidGate(
          input: input,
          gates: gates,
          output: define(node.output),
          rows: rows,
          table: writer.blob(table),
          rescale: rescale
        )
      )
    )
  }
}
