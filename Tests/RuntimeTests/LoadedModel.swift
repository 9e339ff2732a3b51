import ModelFile

/// The bytes of a model on a 64-byte boundary, as a mapping would give them, with nothing readable
/// right behind them but what the format promises.
final class LoadedModel {
  let memory: GuardedMemory
  let model: Model

  init(_ file: [UInt8]) throws(ModelError) {
    memory = GuardedMemory(byteCount: file.count)
    memory.bytes.copyBytes(from: file)
    model = try Model(validating: UnsafeRawBufferPointer(memory.bytes))
  }
}
