import Evaluation
import Quantizer

/// One detection in pixels of the picture as decoded.
struct FoundObject {
  let label: Int
  let score: Double
  let x: Double
  let y: Double
  let width: Double
  let height: Double
  /// Its pixels in the picture as decoded, where they were asked for.
  var mask: RunLengthMask? = nil
}

/// A detector of either kind, as commands use it.
protocol ObjectDetector {
  /// Names of the classes by index; empty where there are none.
  var labels: [String] { get }
  /// Brings a decoded picture to the network's size and detects.
  func detect(_ image: DecodedPhotograph) throws -> [FoundObject]
}

extension ObjectDetector {
  /// The name of a class, or its number.
  func name(of label: Int) -> String {
    label < labels.count && !labels[label].isEmpty ? labels[label] : "class \(label)"
  }
}
