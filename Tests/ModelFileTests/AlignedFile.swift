@testable import ModelFile

/// The bytes of a file on a 64-byte boundary, as a mapping would give them.
final class AlignedFile {
  let bytes: UnsafeMutableRawBufferPointer

  init(_ file: [UInt8]) {
    bytes = .allocate(byteCount: max(file.count, 1), alignment: 64)
    bytes.copyBytes(from: file)
    count = file.count
  }

  private let count: Int

  deinit { bytes.deallocate() }

  func model() throws(ModelError) -> Model {
    try Model(validating: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
  }
}

/// What validation says about a file; nil where it accepts it.
func refusal(_ file: [UInt8]) -> ModelError? {
  let aligned = AlignedFile(file)
  do throws(ModelError) {
    _ = try aligned.model()
    return nil
  } catch { return error }
}

/// Puts the structure's checksum right after damage that left the sections in place.
func signed(_ file: [UInt8]) -> [UInt8] {
  var file = file
  let dataOffset = Int(
    file.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 104, as: UInt64.self) }
  )
  let sum = file.withUnsafeBytes { Model.structureChecksum($0, dataOffset: dataOffset) }
  withUnsafeBytes(of: sum.littleEndian) { file.replaceSubrange(24..<32, with: $0) }
  return file
}

/// A file with 32 bits replaced and the checksum right.
func replaced(_ file: [UInt8], at offset: Int, by word: Int32) -> [UInt8] {
  var file = file
  withUnsafeBytes(of: word.littleEndian) { file.replaceSubrange(offset..<offset + 4, with: $0) }
  return signed(file)
}

/// The first byte of a section.
func section(_ file: [UInt8], _ section: FileLayout.Section) -> Int {
  let entry = FileLayout.sectionTable + 16 * section.rawValue
  return Int(file.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: entry, as: UInt64.self) })
}
