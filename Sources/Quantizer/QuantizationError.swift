/// Why a graph could not be turned into integers.
public enum QuantizationError: Error, CustomStringConvertible {
  case noPhotographs
  case notFinite(value: String, count: Int)
  case unsupported(node: String, what: String)
  case accumulator(node: String, bound: Double)
  case scale(node: String, ratio: Double)

  public var description: String {
    switch self {
    case .noPhotographs:
      "no photograph could be used for calibration"
    case .notFinite(let value, let count):
      "\(value): \(count) numbers are not finite during calibration; is the checkpoint damaged?"
    case .unsupported(let node, let what):
      "\(node): \(what) has no integer form yet"
    case .accumulator(let node, let bound):
      "\(node): sums can reach \(bound), a 32-bit accumulator holds 2147483647"
    case .scale(let node, let ratio):
      "\(node): a factor of \(ratio) between scales cannot be represented"
    }
  }
}
