import Kernels

/// One call with its inputs, which any table can run.
protocol DrawnCase: CustomStringConvertible {
  /// Runs a table and returns what it wrote, or nil where it wrote beside the output.
  func run(_ table: KernelTable) -> GuardedBytes?
}

extension MatrixProductCase: DrawnCase {}
extension ElementwiseCase: DrawnCase {}
extension SamplingCase: DrawnCase {}
extension AttentionCase: DrawnCase {}

/// A family of kernels and how its cases are drawn.
struct CheckedFamily: Sendable {
  let name: String
  let draw: @Sendable (inout RandomNumbers) -> DrawnCase

  static let all = [
    CheckedFamily(name: "matrixProduct") { MatrixProductCase.random(&$0) },
    CheckedFamily(name: "unitChange") { ElementwiseCase.unitChange(&$0) },
    CheckedFamily(name: "weightedSum") { ElementwiseCase.weightedSum(&$0) },
    CheckedFamily(name: "rowNormalization") { ElementwiseCase.rowNormalization(&$0) },
    CheckedFamily(name: "maximumPool") { ElementwiseCase.maximumPool(&$0) },
    CheckedFamily(name: "groupStatistics") { ElementwiseCase.groupStatistics(&$0) },
    CheckedFamily(name: "channelLines") { ElementwiseCase.channelLines(&$0) },
    CheckedFamily(name: "sigmoid") { ElementwiseCase.sigmoid(&$0) },
    CheckedFamily(name: "boxUpdate") { ElementwiseCase.boxUpdate(&$0) },
    CheckedFamily(name: "deformableSampling") { SamplingCase.random(&$0) },
    CheckedFamily(name: "attentionHead") { AttentionCase.random(&$0) },
  ]
}
