import ModelFile
import Runtime

extension Detector {
  /// The mask of one detection, a quarter of the network's input in each direction.
  public struct Mask: Sendable {
    public let height: Int
    public let width: Int
    /// Row by row; positive numbers are inside. The unit is that of ``step``.
    public let logits: [Int16]
    /// What one unit is as a natural logarithm of odds, as the bits of an IEEE 754 binary64 number.
    public let stepBits: UInt64
  }

  /// Whether the model can tell the pixels of what it finds.
  public var givesMasks: Bool { file.model.mask != nil }

  /// The mask of a detection of the last picture.
  ///
  /// It is computed when it is asked for, so that masks that nobody wants cost nothing.
  ///
  /// - Parameter detection: the detection's place among those of the last picture.
  /// - Returns: nil where the model gives no masks and before the first picture.
  public func mask(ofDetection detection: Int) -> Mask? {
    guard let session, let value = session.model.mask, let grid = session.grid(of: value),
      session.detections.indices.contains(detection),
      let logits = session.mask(ofQuery: detection)
    else { return nil }
    return Mask(
      height: grid.height,
      width: grid.width,
      logits: Array(logits),
      stepBits: session.model[value].stepBits
    )
  }
}
