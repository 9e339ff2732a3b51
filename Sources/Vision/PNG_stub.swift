/// Why a PNG was not decoded.
public enum PNGError: Error, Sendable, Equatable {
  /// No PNG is decoded so far.
  case notSupported
}
extension PNGError { var description: String { "not supported" } }
