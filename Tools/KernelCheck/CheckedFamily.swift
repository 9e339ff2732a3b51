import Kernels

/// A call of some family with inputs of its own.
protocol KernelCase {
  var description: String { get }
  /// Where the call writes.
  var output: GuardedBytes { get }
  /// What the call reads.
  var buffers: [GuardedBytes] { get }
  /// Runs a table and returns what it wrote, or nil where it wrote beside the output.
  func run(_ table: KernelTable) -> GuardedBytes?
}

extension KernelCase {
  /// A copy of the output, or nil where something beside it was written.
  var writtenOutput: GuardedBytes? {
    guard output.isIntact, buffers.allSatisfy({ $0.isIntact }) else { return nil }
    let copy = GuardedBytes(count: output.count)
    copy.start.copyMemory(from: output.start, byteCount: output.count)
    return copy
  }
}

/// One call with its inputs, which any table can run.
struct DrawnCase {
  let description: String
  /// Runs a table and returns what it wrote, or nil where it wrote beside the output.
  let run: (KernelTable) -> GuardedBytes?
}

/// A family of kernels and how its cases are drawn.
struct CheckedFamily: Sendable {
  let name: StaticString
  let draw: @Sendable (inout RandomNumbers) -> DrawnCase

  private init<Case: KernelCase>(
    _ name: StaticString,
    _ draw: @escaping @Sendable (inout RandomNumbers) -> Case
  ) {
    self.name = name
    self.draw = { random in
      let drawn = draw(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    }
  }

  static let all = [
    CheckedFamily("matrixProduct") { MatrixProductCase.random(&$0) },
    CheckedFamily("unitChange") { ElementwiseCase.unitChange(&$0) },
    CheckedFamily("weightedSum") { ElementwiseCase.weightedSum(&$0) },
    CheckedFamily("rowNormalization") { ElementwiseCase.rowNormalization(&$0) },
    CheckedFamily("maximumPool") { ElementwiseCase.maximumPool(&$0) },
    CheckedFamily("groupStatistics") { ElementwiseCase.groupStatistics(&$0) },
    CheckedFamily("channelLines") { ElementwiseCase.channelLines(&$0) },
    CheckedFamily("sigmoid") { ElementwiseCase.sigmoid(&$0) },
    CheckedFamily("boxUpdate") { ElementwiseCase.boxUpdate(&$0) },
    CheckedFamily("deformableSampling") { SamplingCase(&$0) },
    CheckedFamily("attentionHead") { AttentionCase(&$0) },
    CheckedFamily("elementProduct") { ElementwiseCase.elementProduct(&$0) },
    CheckedFamily("slopedRectifier") { ElementwiseCase.slopedRectifier(&$0) },
    CheckedFamily("tableLookup") { ElementwiseCase.tableLookup(&$0) },
    CheckedFamily("averagePool") { ElementwiseCase.averagePool(&$0) },
    CheckedFamily("rowMaximum") { ElementwiseCase.rowMaximum(&$0) },
    CheckedFamily("regionSum") { RegionCase(&$0) },
    CheckedFamily("gatedRows") { GateCase(&$0) },
  ]
}

extension KernelElement {
  /// The element as the lines of failures name it.
  var name: StaticString {
    switch self {
    case .uint8: "uint8"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    }
  }
}
