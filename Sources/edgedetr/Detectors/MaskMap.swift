import Evaluation
import Foundation

/// The logits of one mask, a quarter of the network's input in each direction.
struct MaskMap {
  let height: Int
  let width: Int
  let logits: [Float]

  /// The logits in another size, by bilinear interpolation between the middles of pixels, as PyTorch does
  /// with `align_corners=False`.
  func resized(height target: Int, width targetWidth: Int) -> [Float] {
    func places(_ length: Int, _ target: Int) -> [(first: Int, second: Int, share: Float)] {
      (0..<target).map { index in
        let place = (Float(index) + 0.5) * Float(length) / Float(target) - 0.5
        let limited = max(place, 0)
        let first = min(Int(limited), length - 1)
        return (first, min(first + 1, length - 1), limited - Float(first))
      }
    }
    let rows = places(height, target)
    let columns = places(width, targetWidth)
    var result = [Float](repeating: 0, count: target * targetWidth)
    for (y, row) in rows.enumerated() {
      let (top, bottom) = (row.first * width, row.second * width)
      for (x, column) in columns.enumerated() {
        let above =
          logits[top + column.first] * (1 - column.share) + logits[top + column.second]
          * column.share
        let below =
          logits[bottom + column.first] * (1 - column.share) + logits[bottom + column.second]
          * column.share
        result[y * targetWidth + x] = above * (1 - row.share) + below * row.share
      }
    }
    return result
  }

  /// The pixels of a picture whose probability is above a half.
  func mask(height: Int, width: Int) -> RunLengthMask {
    let logits = resized(height: height, width: width)
    return RunLengthMask(height: height, width: width) { logits[$0 * width + $1] > 0 }
  }

  /// The probabilities instead of the logits.
  var probabilities: MaskMap {
    MaskMap(height: height, width: width, logits: logits.map { 1 / (1 + exp(-$0)) })
  }
}

/// A detector that can tell the pixels of what it finds.
protocol MaskingDetector: ObjectDetector {
  /// Whether the model has a mask head.
  var givesMasks: Bool { get }
  /// Detects, and computes the masks of the objects from a score on.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - threshold: the least score.
  /// - Returns: all objects, and the masks by their place among them.
  /// - Throws: ``InputError`` for a picture that cannot be used.
  func detectWithMasks(
    _ image: DecodedPhotograph,
    threshold: Double
  ) throws -> (objects: [FoundObject], masks: [Int: MaskMap])
}
