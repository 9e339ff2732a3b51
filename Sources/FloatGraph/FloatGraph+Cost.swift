extension FloatGraph {
  /// Counts the multiply-adds of convolutions, linear layers and attention for one input size.
  ///
  /// Norms, activations and sums are left out, as is usual. A point of deformable attention counts
  /// four corners.
  ///
  /// - Parameter shapes: the shapes of all values.
  /// - Returns: the number of multiply-adds.
  public func multiplyAddCount(shapes: [Shape]) -> Int {
    nodes.reduce(0) { total, node in
      let output = shapes[node.output.index]
      switch node.operation {
      case .convolution(let weights, let window, _):
        return total + output.count * weights.inputs * window.kernel * window.kernel
      case .linear(let weights, _):
        return total + output.count * weights.inputs
      case .attention:
        let (query, key, value) = (
          shapes[node.inputs[0].index], shapes[node.inputs[1].index], shapes[node.inputs[2].index]
        )
        return total + query.rows * key.rows * (query.channels + value.channels)
      case .spatialAttention(let attention):
        let (key, value) = (shapes[node.inputs[1].index], shapes[node.inputs[2].index])
        let keyChannels = attention.sharesKeys ? attention.heads * key.channels : key.channels
        return total + output.rows * key.rows * (keyChannels + value.channels)
      case .deformableAttention(let attention):
        return total + output.count * attention.levels.count * attention.points * 4
      default: return total
      }
    }
  }
}
