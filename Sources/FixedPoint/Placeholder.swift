public struct Rescale: Equatable, Sendable {
  public var multiplier: Int32
  public var shift: Int32
  @inlinable public init(multiplier: Int32, shift: Int32) {
    self.multiplier = multiplier; self.shift = shift
  }
}
