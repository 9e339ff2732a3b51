import FloatGraph
import Foundation
import ModelFile

/// Activations that become tables, and what moves the pixels of maps.
extension Lowering {
  /// Emits an activation as a table of ``Quantization/tableEntries`` entries.
  mutating func lowerActivation(
    _ node: FloatGraph.Node,
    _ activation: FloatOperation.Activation
  ) throws(QuantizationError) {
    let input = try integer(node.inputs[0], .tableIndex)
    let from = quantization(of: input)
    let target = quantization(node.output, analysis.form[node.output.index])
    let entries = activation.table(from: from, to: target)
    let table: Blob
    switch target.element {
    case .uint8: table = writer.blob(entries.map { UInt8(truncatingIfNeeded: $0) })
    case .int8: table = writer.blob(entries.map { Int8(truncatingIfNeeded: $0) })
    case .int16: table = writer.blob(entries.map { Int16(truncatingIfNeeded: $0) })
    case .int32:
      throw .unsupported(node: graph[node.output].name, what: "an activation as a logit")
    }
    writer.operations.append(
      .tableLookup(TableLookup(input: input, output: define(node.output), table: table))
    )
  }

  mutating func lowerAveragePool(
    _ node: FloatGraph.Node,
    size: Int
  ) throws(QuantizationError) {
    guard size == 2 else {
      throw .unsupported(
        node: graph[node.output].name,
        what: "an average pool of \(size)x\(size) pixels"
      )
    }
    let input = try integer(node.inputs[0], analysis.form[node.output.index])
    writer.operations.append(.averagePool(AveragePool(input: input, output: define(node.output))))
  }

  mutating func lowerUpsample(
    _ node: FloatGraph.Node,
    factor: Int
  ) throws(QuantizationError) {
    let form = analysis.form[node.output.index]
    let input = try integer(
      node.inputs[0],
      form,
      in: quantization(node.output, form),
      reader: node.output
    )
    writer.operations.append(
      .upsample(Upsample(input: input, output: define(node.output), factor: factor))
    )
  }

  /// Emits a concatenation; inputs that others read too are brought into its units here.
  mutating func lowerConcatenateColumns(
    _ node: FloatGraph.Node
  ) throws(QuantizationError) {
    let form = analysis.form[node.output.index]
    let target = quantization(node.output, form)
    var inputs: [ValueIndex] = []
    for input in node.inputs {
      inputs.append(try integer(input, form, in: target, reader: node.output))
    }
    writer.operations.append(
      .concatenateColumns(Concatenation(inputs: inputs, output: define(node.output)))
    )
  }

  /// The integer value of a float value in a form and in the units of what reads it.
  private mutating func integer(
    _ value: ValueID,
    _ form: Form,
    in target: Quantization,
    reader: ValueID
  ) throws(QuantizationError) -> ValueIndex {
    let source = try integer(value, form)
    let from = quantization(of: source)
    if from == target { return source }
    return try requantized(
      source,
      from: from,
      to: target,
      channels: graph[value].channels,
      name: "\(graph[value].name)@\(graph[reader].name)"
    )
  }
}

extension FloatOperation.Activation {
  /// The entries of the table: for each integer of the input the nearest one of the output.
  func table(from: Quantization, to target: Quantization) -> [Int32] {
    (0..<Quantization.tableEntries).map { index in
      target.integer(value(Double(Int32(index) - from.zeroPoint) * from.step))
    }
  }

  /// The function, in double precision.
  func value(_ x: Double) -> Double {
    switch self {
    case .none: x
    case .relu: max(x, 0)
    case .gelu: x * erfc(-x / 2.0.squareRoot()) / 2
    case .silu: x / (1 + exp(-x))
    }
  }
}
