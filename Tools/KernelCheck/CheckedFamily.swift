import Kernels

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

  static let all = [
    CheckedFamily(name: "matrixProduct") { random in
      let drawn = MatrixProductCase.random(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "unitChange") { random in
      let drawn = ElementwiseCase.unitChange(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "weightedSum") { random in
      let drawn = ElementwiseCase.weightedSum(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "rowNormalization") { random in
      let drawn = ElementwiseCase.rowNormalization(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "maximumPool") { random in
      let drawn = ElementwiseCase.maximumPool(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "groupStatistics") { random in
      let drawn = ElementwiseCase.groupStatistics(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "channelLines") { random in
      let drawn = ElementwiseCase.channelLines(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "sigmoid") { random in
      let drawn = ElementwiseCase.sigmoid(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "boxUpdate") { random in
      let drawn = ElementwiseCase.boxUpdate(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "deformableSampling") { random in
      let drawn = SamplingCase(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "attentionHead") { random in
      let drawn = AttentionCase(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "tableLookup") { random in
      let drawn = ElementwiseCase.tableLookup(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "averagePool") { random in
      let drawn = ElementwiseCase.averagePool(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "rowMaximum") { random in
      let drawn = ElementwiseCase.rowMaximum(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "regionSum") { random in
      let drawn = RegionCase(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
    CheckedFamily(name: "gatedRows") { random in
      let drawn = GateCase(&random)
      return DrawnCase(description: drawn.description, run: drawn.run)
    },
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
