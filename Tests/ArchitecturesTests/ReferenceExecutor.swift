import FloatGraph

/// Computes a float graph in double precision with the plainest loops there are.
///
/// It shares no arithmetic with the executor that ships: each operation is written from its
/// definition, so that the two check each other.
struct ReferenceExecutor {
  let graph: FloatGraph

  /// A value: rows × channels numbers, row by row.
  struct Matrix {
    let rows: Int
    let columns: Int
    var values: [Double]

    init(rows: Int, columns: Int, values: [Double]) {
      precondition(values.count == rows * columns)
      self.rows = rows
      self.columns = columns
      self.values = values
    }

    init(rows: Int, columns: Int) {
      self.init(rows: rows, columns: columns, values: .init(repeating: 0, count: rows * columns))
    }

    subscript(row: Int, column: Int) -> Double {
      get { values[row * columns + column] }
      set { values[row * columns + column] = newValue }
    }

    func map(_ transform: (Double) -> Double) -> Matrix {
      Matrix(rows: rows, columns: columns, values: values.map(transform))
    }
  }

  /// Computes every value of the graph.
  ///
  /// - Parameters:
  ///   - picture: normalised pixels [height · width, 3].
  ///   - size: the input's size and its valid part.
  /// - Returns: the values in the order of the graph.
  /// - Throws: `ShapeError`.
  func run(picture: [Float], size: InputSize) throws -> [Matrix] {
    let shapes = try graph.shapes(for: size)
    var values = [
      Matrix(rows: size.height * size.width, columns: 3, values: picture.map(Double.init))
    ]
    for node in graph.nodes {
      let inputs = node.inputs.map { values[$0.index] }
      let grids = node.inputs.map { shapes[$0.index].grid }
      let value: Matrix
      switch node.operation {
      case .convolution(let weights, let window, let activation):
        value = convolution(
          inputs[0],
          grid: grids[0]!,
          weights,
          window,
          output: shapes[node.output.index].grid!
        ).map { activate($0, activation) }
      case .linear(let weights, let activation):
        value = linear(inputs[0], weights).map { activate($0, activation) }
      case .maxPool(let window):
        value = maxPool(
          inputs[0],
          grid: grids[0]!,
          window,
          output: shapes[node.output.index].grid!
        )
      case .add(let activation):
        value = add(inputs[0], inputs[1]).map { activate($0, activation) }
      case .layerNorm(let norm): value = layerNorm(inputs[0], norm)
      case .groupNorm(let norm, let groups): value = groupNorm(inputs[0], norm, groups: groups)
      case .positionCode(let code): value = positionCode(code, grid: grids[0]!)
      case .constant(let matrix):
        value = Matrix(
          rows: matrix.rows,
          columns: matrix.columns,
          values: matrix.values.map(Double.init)
        )
      case .concatenateRows:
        value = Matrix(
          rows: inputs.reduce(0) { $0 + $1.rows },
          columns: inputs[0].columns,
          values: inputs.flatMap(\.values)
        )
      case .sliceColumns(let range): value = slice(inputs[0], range)
      case .attention(let attention):
        value = self.attention(
          inputs[0],
          inputs[1],
          inputs[2],
          heads: attention.heads,
          keyGrid: attention.keyGrid.flatMap { shapes[$0.index].grid }
        )
      case .deformableAttention(let attention):
        value = deformableAttention(
          inputs,
          attention,
          grids: attention.levels.map { shapes[$0.index].grid! }
        )
      case .maskPadding(let levels):
        let tokens = Self.tokens(levels.map { shapes[$0.index].grid! })
        value = masked(inputs[0]) { !tokens[$0].isValid }
      case .maskProposals(let levels):
        let tokens = Self.tokens(levels.map { shapes[$0.index].grid! })
        value = masked(inputs[0]) { !tokens[$0].isProposal }
      case .anchorLogits(let levels):
        let tokens = Self.tokens(levels.map { shapes[$0.index].grid! })
        value = Matrix(rows: tokens.count, columns: 4, values: tokens.flatMap(\.anchorLogits))
      case .topRows(let count, let column):
        value = topRows(inputs[0], count: count, column: column)
      case .gatherRows: value = gather(inputs[0], inputs[1])
      case .sigmoid: value = inputs[0].map(sigmoid)
      case .refineBoxes: value = refineBoxes(inputs[0], references: inputs[1])
      case .boxSine(let features, let temperature):
        value = boxSine(inputs[0], features: features, temperature: temperature)
      case .activate(let activation): value = inputs[0].map { activate($0, activation) }
      case .averagePool(let size): value = averagePool(inputs[0], grid: grids[0]!, size: size)
      case .upsample(let factor): value = upsample(inputs[0], grid: grids[0]!, factor: factor)
      case .concatenateColumns: value = concatenateColumns(inputs)
      case .rowMaximum:
        value = Matrix(
          rows: inputs[0].rows,
          columns: 1,
          values: (0..<inputs[0].rows).map { row in
            (0..<inputs[0].columns).map { inputs[0][row, $0] }.max()!
          }
        )
      case .spatialAttention(let attention):
        value = spatialAttention(
          inputs,
          attention,
          grid: shapes[attention.map.index].grid!,
          picture: size
        )
      case .regionPooling(let pooling):
        value = regions(inputs[0], grids[0]!, boxes: inputs[1], bins: pooling.bins).map {
          row,
          bin,
          channel,
          number in max(number + Double(pooling.bias[channel]), 0)
        }
      case .regionSampling(let sampling):
        value = regions(inputs[0], grids[0]!, boxes: inputs[1], bins: sampling.bins)
          .sampled(at: inputs[2])
      case .pointsInBoxes: value = pointsInBoxes(inputs[0], inputs[1])
      case .gate(let rows): value = gate(inputs[0], inputs[1], rows: rows)
      }
      let shape = shapes[node.output.index]
      precondition(
        value.rows == shape.rows && value.columns == shape.channels,
        "\(graph[node.output].name): \(value.rows) x \(value.columns), inferred \(shape)"
      )
      values.append(value)
    }
    return values
  }
}
