/// Builds the bytes of an `.edetr` file.
///
///     var writer = ModelWriter()
///     let name = writer.text("backbone.stem")
///     let bias = writer.blob([Int32](…))
///     let value = writer.value(Value(…))
///     writer.operations.append(.convolution(…))
///     let bytes = writer.file(information: …)
public struct ModelWriter {
  public private(set) var values: [Value] = []
  public var operations: [Operation] = []
  private var textBytes: [UInt8] = []
  private var data: [UInt8] = []

  public init() {}

  public mutating func text(_ string: String) -> TextRange {
    let bytes = Array(string.utf8)
    defer { textBytes += bytes }
    return TextRange(offset: textBytes.count, count: bytes.count)
  }

  public mutating func value(_ value: Value) -> ValueIndex {
    values.append(value)
    return ValueIndex(values.count - 1)
  }

  /// Appends an array to the data section, from a 64-byte boundary on.
  public mutating func blob<T: FixedWidthInteger>(_ elements: [T]) -> Blob {
    if elements.isEmpty { return Blob(offset: 0, count: 0) }
    data += [UInt8](repeating: 0, count: FileLayout.aligned(data.count) - data.count)
    let blob = Blob(offset: data.count, count: elements.count)
    elements.map { $0.littleEndian }.withUnsafeBytes { data += $0 }
    return blob
  }

  /// The bytes of the file.
  public func file(information: Information) -> [UInt8] {
    var informationWords = WordWriter()
    information.write(to: &informationWords)
    var valueWords = WordWriter()
    for value in values { value.write(to: &valueWords) }
    var operationWords = WordWriter()
    for operation in operations {
      var payload = WordWriter()
      operation.write(to: &payload)
      operationWords.word(operation.code)
      operationWords.number(payload.words.count)
      for word in payload.words { operationWords.word(word) }
    }
    return Self.file(
      information: Self.bytes(informationWords.words),
      values: Self.bytes(valueWords.words),
      operations: Self.bytes(operationWords.words),
      text: textBytes,
      arrays: data
    )
  }

  /// The file of five sections; the data section is still without the bytes behind its last array.
  static func file(
    information: [UInt8],
    values: [UInt8],
    operations: [UInt8],
    text: [UInt8],
    arrays: [UInt8]
  ) -> [UInt8] {
    // Kernels may read up to 64 bytes behind an array.
    var data = arrays
    let padded = FileLayout.aligned(data.count) + FileLayout.dataPadding
    data += [UInt8](repeating: 0, count: padded - data.count)
    let sections = [information, values, operations, text, data]

    var file = [UInt8](repeating: 0, count: FileLayout.headerBytes)
    file.replaceSubrange(0..<8, with: FileLayout.magic)
    put(UInt64(FileLayout.version) | UInt64(sections.count) << 32, in: &file, at: 8)
    for (index, section) in sections.enumerated() {
      file += [UInt8](repeating: 0, count: FileLayout.aligned(file.count) - file.count)
      let entry = FileLayout.sectionTable + index * 16
      put(UInt64(file.count), in: &file, at: entry)
      put(UInt64(section.count), in: &file, at: entry + 8)
      file += section
    }
    let dataOffset = file.count - data.count
    put(UInt64(file.count), in: &file, at: 16)
    put(data.withUnsafeBytes { FileLayout.checksum($0) }, in: &file, at: FileLayout.dataChecksum)
    let checksum = file.withUnsafeBytes { Model.structureChecksum($0, dataOffset: dataOffset) }
    put(checksum, in: &file, at: FileLayout.structureChecksum)
    return file
  }

  static func bytes(_ words: [Int32]) -> [UInt8] {
    words.map { $0.littleEndian }.withUnsafeBytes { [UInt8]($0) }
  }

  private static func put(_ number: UInt64, in bytes: inout [UInt8], at offset: Int) {
    for byte in 0..<8 { bytes[offset + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte)) }
  }
}
