import Messages
import ModelFile

/// Results go here, each line in one piece.
enum StandardOutput {
  /// - Throws: ``RunError/outputClosed`` where nobody reads them any more.
  static func write(_ bytes: [UInt8]) throws(RunError) {
    guard !writeFully(1, bytes) else { return }
    let code = systemError
    guard code != brokenPipe else { throw .outputClosed }
    throw .input("standard output: \(FileMappingError.text(code))")
  }

  static func write(_ message: Message) throws(RunError) { try write(Array(message.text.utf8)) }
}

/// Everything that is no result: standard error, one line each.
enum Diagnostics {
  static func error(_ message: Message) {
    _ = writeFully(2, Array(("edgedetr-run: " + message + "\n").text.utf8))
  }
}
