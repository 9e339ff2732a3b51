import FixedPoint
import FloatGraph
import ModelFile

extension Lowering {
  /// Emits a layer norm, or a group norm where `groups` is given.
  ///
  /// Gain and bias go into units of the output, the bias with its zero point, with as many fraction
  /// bits as 32 hold; epsilon goes into squared units of the input.
  mutating func lowerNormalization(
    _ node: FloatGraph.Node,
    _ normalization: FloatOperation.Normalization,
    groups: Int?
  ) throws(QuantizationError) {
    let name = graph[node.output].name
    let input = try integer(node.inputs[0], .wide)
    let target = quantization(node.output, analysis.form[node.output.index])
    let gain = normalization.gain.map { Double($0) / target.step }
    let bias = normalization.bias.map { Double($0) / target.step + Double(target.zeroPoint) }
    let greatest = (gain + bias).map(abs).max() ?? 0
    guard greatest < Quantization.power(31 - Self.fractionBits.lowerBound) else {
      throw .scale(node: name, ratio: greatest)
    }
    var fractionBits = Self.fractionBits.upperBound
    while greatest * Quantization.power(fractionBits) >= 2_147_483_647 { fractionBits -= 1 }

    let step = quantization(of: input).step
    let epsilon = (normalization.epsilon / (step * step) * Quantization.power(32)).rounded()
    guard epsilon < Quantization.power(50) else { throw .scale(node: name, ratio: epsilon) }
    let parameters = NormalizationParameters(
      gain: writer.blob(gain.map { Int32(($0 * Quantization.power(fractionBits)).rounded()) }),
      bias: writer.blob(bias.map { Int32(($0 * Quantization.power(fractionBits)).rounded()) }),
      fractionBits: Int32(fractionBits),
      epsilon: UInt64(epsilon)
    )
    let output = define(node.output)
    writer.operations.append(
      groups.map {
        .groupNorm(GroupNorm(input: input, output: output, groups: $0, parameters: parameters))
      } ?? .layerNorm(LayerNorm(input: input, output: output, parameters: parameters))
    )
  }

  /// What the normalisations of `FixedPoint` take.
  private static let fractionBits = 13...24

  /// The least step of a norm's input: finer ones would push epsilon out of its range, and are of
  /// no use, for the norm divides by at least its root.
  func leastNormStep(_ value: ValueID) -> Double {
    var least = 0.0
    for consumer in analysis.consumers[value.index] {
      switch graph.nodes[consumer].operation {
      case .layerNorm(let norm), .groupNorm(let norm, _):
        least = max(least, norm.epsilon.squareRoot() / 500)
      default: break
      }
    }
    return least
  }
}
