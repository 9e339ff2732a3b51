import Messages

/// An `.edetr` file mapped into memory, and the model in it.
public final class MappedModel: Sendable {
  /// The path as it was given, for messages.
  public let path: String
  /// The model; its bytes are in place as long as this object lives.
  public let model: Model
  private let file: FileMapping

  /// Maps and validates a file.
  ///
  /// - Throws: ``MappedModelError`` with the path and what is wrong.
  public convenience init(path: String) throws(MappedModelError) {
    var bytes = Array(path.utf8CString)
    try self.init(path: &bytes)
  }

  /// Maps and validates a file whose path ends with a zero byte.
  ///
  /// - Throws: as ``init(path:)-(String)``.
  public init(path: UnsafePointer<CChar>) throws(MappedModelError) {
    self.path = String(cString: path)
    do throws(FileMappingError) { file = try FileMapping(path: path) } catch {
      throw MappedModelError(path: self.path, cause: .file(error))
    }
    do throws(ModelError) { model = try Model(validating: file.bytes) } catch {
      throw MappedModelError(path: self.path, cause: .model(error))
    }
  }

  /// Whether a file begins as a model does; the rest is not looked at.
  public static func isModel(_ path: String) -> Bool {
    guard let file = try? FileMapping(path: path) else { return false }
    return Model.hasSignature(Array(file.bytes.prefix(FileLayout.magic.count)))
  }

  /// A text of the model; bytes that are no UTF-8 are replaced.
  public func string(_ range: TextRange) -> String { model.string(range) }

  /// The names of the classes by number.
  public var labels: [String] { model.labels }
}

extension Model {
  /// A text of the model; bytes that are no UTF-8 are replaced.
  public func string(_ range: TextRange) -> String { String(decoding: text(range), as: UTF8.self) }

  /// The names of the classes by number; empty where the model knows none.
  public var labels: [String] { information.labels.map { string($0) } }
}

/// Why a file could not be opened as a model.
public struct MappedModelError: Error, CustomStringConvertible, Equatable, Sendable {
  /// What went wrong: reading the file, or what it says.
  public enum Cause: Equatable, Sendable {
    case file(FileMappingError)
    case model(ModelError)
  }

  public let path: String
  public let cause: Cause

  public init(path: String, cause: Cause) {
    self.path = path
    self.cause = cause
  }

  // Bytes are compared: strings would need Unicode's tables on a board.
  public static func == (a: Self, b: Self) -> Bool {
    a.cause == b.cause && a.path.utf8.elementsEqual(b.path.utf8)
  }

  /// One line: the file, and what is wrong with it.
  public var description: String { message.text }

  private var message: Message {
    switch cause {
    case .file(let error): "\(path): \(error.description)"
    case .model(let error): "\(path): \(error.description)"
    }
  }
}
