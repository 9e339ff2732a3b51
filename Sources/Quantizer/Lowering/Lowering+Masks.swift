import FixedPoint
import FloatGraph
import Foundation
import ModelFile

extension Lowering {
  mutating func lowerAttentionMap(
    _ node: FloatGraph.Node,
    _ attention: FloatOperation.Attention
  ) throws(QuantizationError) {
    let name = graph[node.output].name
    let query = try integer(node.inputs[0], .key)
    let key = try integer(node.inputs[1], .key)
    let headWidth = graph[node.inputs[1]].channels / attention.heads
    let score =
      quantization(of: query).step * quantization(of: key).step
      / Double(headWidth).squareRoot() / M_LN2
      * Quantization.power(Int(FractionBits.preciseOctaves))
    guard let scoreRescale = Rescale(score) else { throw .scale(node: name, ratio: score) }
    let unit = 1 / quantization(node.output, analysis.form[node.output.index]).step
    guard unit >= 0.5, unit < 2_147_483_647 else { throw .scale(node: name, ratio: unit) }
    let grid = try attention.keyGrid.map { (map) throws(QuantizationError) in
      try grids([map])[0]
    }
    writer.operations.append(
      .attentionMap(
        AttentionMap(
          query: query,
          key: key,
          output: define(node.output),
          heads: attention.heads,
          keyGrid: grid,
          scoreRescale: scoreRescale,
          unit: Int32(unit.rounded())
        )
      )
    )
  }
}
