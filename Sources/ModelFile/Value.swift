/// The type of the elements of an integer activation.
public enum Element: UInt8, Sendable {
  case uint8 = 0
  case int8 = 1
  case int16 = 2
  case int32 = 3

  /// Bytes of one element.
  @inlinable public var byteCount: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16: 2
    case .int32: 4
    }
  }

  /// The least number that the type holds.
  @inlinable public var lowest: Int32 {
    switch self {
    case .uint8: 0
    case .int8: -128
    case .int16: -32768
    case .int32: Int32.min
    }
  }

  /// The greatest number that the type holds.
  @inlinable public var highest: Int32 {
    switch self {
    case .uint8: 255
    case .int8: 127
    case .int16: 32767
    case .int32: Int32.max
    }
  }
}

/// An index into a model's values.
public struct ValueIndex: Hashable, Sendable {
  public let index: Int
  @inlinable public init(_ index: Int) { self.index = index }
}

/// One activation: rows × channels integers, where a row stands for a pixel, a token or a query.
///
/// The real number behind an integer `q` is `(q − zeroPoint) · step`. The step only serves people
/// and tools that read results beside the integers; no operation needs it.
public struct Value: Equatable, Sendable {
  public var element: Element
  public var channels: Int
  public var zeroPoint: Int32
  /// The step as the bits of an IEEE 754 binary64 number, which the ring never interprets.
  public var stepBits: UInt64
  public var name: TextRange

  public init(
    element: Element,
    channels: Int,
    zeroPoint: Int32,
    stepBits: UInt64,
    name: TextRange
  ) {
    self.element = element
    self.channels = channels
    self.zeroPoint = zeroPoint
    self.stepBits = stepBits
    self.name = name
  }
}

/// A piece of the model's text section, UTF-8.
public struct TextRange: Hashable, Sendable {
  public let offset: Int
  public let count: Int

  @inlinable public init(offset: Int, count: Int) {
    self.offset = offset
    self.count = count
  }
}

/// An array in the model's data section: `count` elements from a 64-byte boundary on.
public struct Blob: Hashable, Sendable {
  /// Bytes from the start of the data section, a multiple of 64.
  public let offset: Int
  /// Elements, not bytes.
  public let count: Int

  @inlinable public init(offset: Int, count: Int) {
    self.offset = offset
    self.count = count
  }
}
