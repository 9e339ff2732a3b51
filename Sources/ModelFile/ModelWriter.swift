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
    // Kernels may read up to 64 bytes behind an array.
    var data = data
    let padded = FileLayout.aligned(data.count) + FileLayout.dataPadding
    data += [UInt8](repeating: 0, count: padded - data.count)
    let sections = [
      Self.bytes(informationWords.words), Self.bytes(valueWords.words),
      Self.bytes(operationWords.words), textBytes, data,
    ]

    return FileLayout.file(sections: sections)
  }

  static func bytes(_ words: [Int32]) -> [UInt8] {
    words.map { $0.littleEndian }.withUnsafeBytes { [UInt8]($0) }
  }
}
