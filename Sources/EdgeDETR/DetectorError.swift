import Kernels
import Messages
import ModelFile
import Runtime
import Vision

/// Why something cannot be detected.
public enum DetectorError: Error, CustomStringConvertible, Equatable, Sendable {
  /// The file is no usable model.
  case model(MappedModelError)
  /// The processor has no kernels of that name, in UTF-8.
  case kernels(name: [UInt8])
  /// The model cannot run at this size, in this memory or on so many threads.
  case session(SessionError)
  /// The frame cannot be read.
  case frame(FrameError)

  /// What is wrong, what was found and what is needed, in one line.
  public var description: String { message.text }

  private var message: Message {
    switch self {
    case .model(let error): "\(error.description)"
    case .kernels(let name):
      "kernels: this processor runs \(KernelTable.supportedNames); found "
        + "'\(String(decoding: name, as: UTF8.self))'"
    case .session(let error): "\(error.description)"
    case .frame(let error): "\(error.description)"
    }
  }
}

extension KernelTable {
  /// The table of a name.
  ///
  /// - Throws: ``DetectorError/kernels(name:)`` where this processor has none.
  public static func chosen(_ name: [UInt8]) throws(DetectorError) -> KernelTable {
    guard let table = named(name) else { throw .kernels(name: name) }
    return table
  }

  /// The names of the tables that this processor runs, weakest first.
  public static var supportedNames: String {
    var names = ""
    for table in supported {
      if !names.isEmpty { names += ", " }
      names += "\(table.name)"
    }
    return names
  }
}
