import FloatGraph
import ModelFile

extension Lowering {
  mutating func lowerNormalization(
    _ node: FloatGraph.Node, _ normalization: FloatOperation.Normalization, groups: Int?
  ) throws(QuantizationError) {
    fatalError()
  }
}
