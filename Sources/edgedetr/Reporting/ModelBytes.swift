import FloatGraph
import Kernels
import ModelFile
import Runtime

/// A model in memory that no file holds yet.
struct ModelBytes {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The file with the arena's size among its facts.
  ///
  /// One thread and the portable kernels, so that every machine writes the same file.
  ///
  /// - Parameter size: of the network's input.
  /// - Returns: the bytes to write.
  /// - Throws: ``InputError`` where the model cannot run at that size.
  func stating(arenaFor size: InputSize) throws -> [UInt8] {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    // The model reads the memory only up to the end of this function.
    let whole = UnsafeRawBufferPointer(memory)
    let found: Result<[UInt8], InputError>
    do {
      let model = try Model(validating: whole)
      let arena = try Session.arenaByteCount(
        model: model,
        height: size.height,
        width: size.width,
        threads: 1,
        table: .scalar
      )
      let text = "\(arena) bytes at \(size.height)x\(size.width), 1 thread, scalar kernels"
      found = .success(model.file(adding: [("arena", text)]))
    } catch let error as ModelError {
      found = .failure(InputError(path: "model", reason: error.description))
    } catch let error as SessionError {
      found = .failure(InputError(path: "model", reason: error.description))
    }
    return try found.get()
  }
}
