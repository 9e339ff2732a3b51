/// A plain value that a training script saved beside its weights, such as an option in `args`.
///
///     let heads = checkpoint.arguments["nheads"]?.int ?? 8
///
/// Values of classes that plain data do not need are not built: of them only the name is left.
public indirect enum PickledValue: Hashable, Sendable {
  /// Python's `None`.
  case none
  /// A truth value.
  case bool(Bool)
  /// An integer that fits.
  case integer(Int64)
  /// A floating-point number.
  case double(Double)
  /// A text.
  case string(String)
  /// A list, tuple or set in order.
  case list([PickledValue])
  /// A dictionary, or the fields of a plain record such as `argparse.Namespace`, in order.
  case dictionary([Member])
  /// Anything else, by what it is.
  case other(String)

  /// One member of a dictionary.
  public struct Member: Hashable, Sendable {
    /// The key, which is a text in everything that options need.
    public let key: PickledValue
    /// The value.
    public let value: PickledValue
  }

  /// The integer, or `nil` for anything else; truth values are none.
  public var int: Int? {
    if case .integer(let number) = self { Int(exactly: number) } else { nil }
  }

  /// The number, or `nil` for anything else.
  public var double: Double? {
    switch self {
    case .double(let number): number
    case .integer(let number): Double(number)
    default: nil
    }
  }

  /// The truth value, or `nil` for anything else.
  public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }

  /// The text, or `nil` for anything else.
  public var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The elements of a list, or `nil` for anything else.
  public var list: [PickledValue]? { if case .list(let elements) = self { elements } else { nil } }

  /// The member of a dictionary, or `nil` when there is none.
  ///
  /// - Parameter key: its key.
  public subscript(key: String) -> PickledValue? {
    guard case .dictionary(let members) = self else { return nil }
    return members.first { $0.key == .string(key) }?.value
  }

  /// What this value is, for errors and listings.
  public var summary: String {
    switch self {
    case .none: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .integer(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text): "'\(text)'"
    case .list(let elements): "a list of \(elements.count)"
    case .dictionary(let members): "a dictionary of \(members.count)"
    case .other(let name): name
    }
  }
}
