import EdgeDETR
import EdgeDETRHeader
import Messages
import ModelFile
import Runtime

/// Why a function of the C interface failed: a code of `edgedetr.h` and one line.
struct ErrorReport: Error {
  let code: Int
  let message: Message

  init(_ code: Int, _ message: Message) {
    self.code = code
    self.message = message
  }

  init(null name: StaticString) {
    self.init(EDGEDETR_NULL_POINTER, "\(name) is NULL")
  }

  init(_ error: DetectorError) {
    let code =
      switch error {
      case .model: EDGEDETR_MODEL
      case .kernels: EDGEDETR_KERNELS
      case .frame: EDGEDETR_FRAME
      case .session(.arenaTooSmall), .session(.arenaMisaligned): EDGEDETR_ARENA
      case .session(.threads), .session(.threadNotStarted): EDGEDETR_THREADS
      case .session(.noMemory), .session(.planTooLarge), .session(.valueTooLarge): EDGEDETR_MEMORY
      case .session: EDGEDETR_SIZE
      }
    self.init(code, "\(error.description)")
  }

  init(_ error: MappedModelError) {
    let code =
      switch error.cause {
      case .file: EDGEDETR_FILE
      case .model: EDGEDETR_MODEL
      }
    self.init(code, "\(error.description)")
  }

  /// Writes code and message where the caller wants them, cut at the end of a character.
  func write(to error: UnsafeMutablePointer<edgedetr_error>?) -> Int32 {
    let code = Int32(code)
    guard let error else { return code }
    error.pointee.code = code
    withUnsafeMutableBytes(of: &error.pointee.message) { buffer in
      _ = copy(message.text, to: buffer)
    }
    return code
  }
}

/// Copies text and a zero byte, cut where it does not fit but not inside of a character.
///
/// - Returns: the bytes of the whole text.
func copy(_ text: String, to buffer: UnsafeMutableRawBufferPointer) -> Int {
  let bytes = Array(text.utf8)
  guard buffer.count > 0 else { return bytes.count }
  var count = min(bytes.count, buffer.count - 1)
  // A byte 10xxxxxx continues a character.
  if count < bytes.count { while count > 0, bytes[count] & 0xC0 == 0x80 { count -= 1 } }
  for index in 0..<count { buffer[index] = bytes[index] }
  buffer[count] = 0
  return bytes.count
}

/// Runs the body of a function of the C interface.
func reporting(
  to error: UnsafeMutablePointer<edgedetr_error>?,
  _ body: () throws(ErrorReport) -> Void
) -> Int32 {
  do throws(ErrorReport) {
    try body()
    error?.pointee.code = Int32(EDGEDETR_OK)
    error?.pointee.message.0 = 0
    return Int32(EDGEDETR_OK)
  } catch let report {
    return report.write(to: error)
  }
}
