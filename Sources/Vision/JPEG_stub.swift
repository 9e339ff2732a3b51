/// Why a JPEG was not decoded.
public enum JPEGError: Error, Sendable, Equatable {
  /// No JPEG is decoded so far.
  case notSupported
}
/// Why a PNG was not decoded.
public enum PNGError: Error, Sendable, Equatable {
  /// No PNG is decoded so far.
  case notSupported
}
extension JPEGError { var description: String { "not supported" } }
extension PNGError { var description: String { "not supported" } }
