import FixedPoint
import FloatGraph
import Foundation
import ModelFile

extension Lowering {
  /// Octaves in one natural logarithm: the softmax works in powers of two.
  private static let octavesPerNat = 1 / M_LN2

  mutating func lowerAttention(
    _ node: FloatGraph.Node,
    _ attention: FloatOperation.Attention
  ) throws(QuantizationError) {
    let name = graph[node.output].name
    let query = try integer(node.inputs[0], .key)
    let key = try integer(node.inputs[1], .key)
    let value = try integer(node.inputs[2], .attentionValue)
    let headWidth = graph[node.inputs[0]].channels / attention.heads
    let score =
      quantization(of: query).step * quantization(of: key).step
      / Double(headWidth).squareRoot() * Self.octavesPerNat
      * Quantization.power(Int(FractionBits.octaves))
    let output = quantization(node.output, analysis.form[node.output.index])
    let sum =
      quantization(of: value).step * Quantization.power(-Int(FractionBits.attention))
      / output.step
    guard let scoreRescale = Rescale(score) else { throw .scale(node: name, ratio: score) }
    guard let outputRescale = Rescale(sum) else { throw .scale(node: name, ratio: sum) }
    let grid = try attention.keyGrid.map { (map) throws(QuantizationError) in
      try grids([map])[0]
    }
    writer.operations.append(
      .attention(
        Attention(
          query: query,
          key: key,
          value: value,
          output: define(node.output),
          heads: attention.heads,
          keyGrid: grid,
          scoreRescale: scoreRescale,
          outputRescale: outputRescale
        )
      )
    )
  }

  mutating func lowerDeformableAttention(
    _ node: FloatGraph.Node,
    _ attention: FloatOperation.DeformableAttention
  ) throws(QuantizationError) {
    let name = graph[node.output].name
    let value = try integer(node.inputs[0], .signedByte)
    let offsets = try integer(node.inputs[1], .wide)
    let logits = try integer(node.inputs[2], .wide)
    let references =
      node.inputs.count == 4 ? try integer(node.inputs[3], .probability) : nil
    let hasSides = node.inputs.count == 4 && graph[node.inputs[3]].channels == 4
    let pixel =
      quantization(of: offsets).step * Quantization.power(16)
      / (hasSides ? 2 * Double(attention.points) : 1)
    let octave =
      quantization(of: logits).step * Self.octavesPerNat
      * Quantization.power(Int(FractionBits.octaves))
    let output = quantization(node.output, analysis.form[node.output.index])
    let sum =
      quantization(of: value).step * Quantization.power(-Int(FractionBits.attention))
      / output.step
    guard let offsetRescale = Rescale(pixel) else { throw .scale(node: name, ratio: pixel) }
    guard let logitRescale = Rescale(octave) else { throw .scale(node: name, ratio: octave) }
    guard let outputRescale = Rescale(sum) else { throw .scale(node: name, ratio: sum) }
    let levels = try grids(attention.levels)
    writer.operations.append(
      .deformableAttention(
        DeformableAttention(
          value: value,
          offsets: offsets,
          logits: logits,
          references: references,
          output: define(node.output),
          heads: attention.heads,
          points: attention.points,
          levels: levels,
          offsetRescale: offsetRescale,
          logitRescale: logitRescale,
          outputRescale: outputRescale,
          isDiscrete: attention.isDiscrete
        )
      )
    )
  }
}
