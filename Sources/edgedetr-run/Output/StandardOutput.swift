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

  static func write(_ text: String) throws(RunError) { try write(Array(text.utf8)) }
}

/// Everything that is no result: standard error, one line each.
enum Diagnostics {
  static func error(_ text: String) { note("edgedetr-run: \(text)") }

  static func note(_ text: String) { _ = writeFully(2, Array("\(text)\n".utf8)) }
}
