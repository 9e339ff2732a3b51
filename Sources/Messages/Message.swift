/// Words for a person, written as a string literal with values in it.
///
/// The compiler inlines every step of a `String`'s interpolation, some sixty bytes a piece, and the errors of the
/// ring have hundreds of pieces. Here each is one call, which makes `edgedetr-run` for x86-64 25 KB smaller.
public struct Message: ExpressibleByStringInterpolation, Sendable {
  public private(set) var text: String

  @inline(never)
  public init(_ text: String) { self.text = text }

  public init(stringLiteral text: String) { self.init(text) }

  @inline(never)
  public init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  @inline(never)
  public static func + (first: Message, second: Message) -> Message {
    Message(first.text + second.text)
  }

  @inline(never)
  public static func += (message: inout Message, more: Message) { message.text += more.text }

  /// The pieces of a message in their order: strings and whole numbers.
  public struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    @inline(never)
    public init(literalCapacity: Int, interpolationCount: Int) {}

    @inline(never)
    public mutating func appendLiteral(_ literal: String) { text += literal }

    @inline(never)
    public mutating func appendInterpolation(_ value: String) { text += value }

    @inline(never)
    public mutating func appendInterpolation(_ value: Int64) { text += String(value) }

    @inline(never)
    public mutating func appendInterpolation(_ value: UInt64) { text += String(value) }

    public mutating func appendInterpolation<Number: FixedWidthInteger>(_ value: Number) {
      if Number.isSigned {
        appendInterpolation(Int64(value))
      } else {
        appendInterpolation(UInt64(value))
      }
    }

    @inline(never)
    public mutating func appendInterpolation(_ value: Message) { text += value.text }

    @inline(never)
    public mutating func appendInterpolation(_ value: StaticString) { text += value.description }
  }
}
