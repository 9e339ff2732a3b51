/// An integer detector: views into the bytes of an `.edetr` file, which are used in place.
///
/// The caller keeps the bytes (usually a read-only mapping) alive and unchanged for as long as the
/// model is used. Nothing in a model that passed ``init(validating:)`` can lead outside of them,
/// whatever they hold.
///
///     let model = try Model(validating: bytes)
///     for operation in model.operations { … }
public struct Model: @unchecked Sendable {
  public let values: [Value]
  public let operations: [Operation]
  public let information: Information
  /// The whole file.
  public let bytes: UnsafeRawBufferPointer
  /// Places of the sections in the file.
  let textOffset: Int
  let textCount: Int
  let dataOffset: Int
  let dataCount: Int
  let declaredDataChecksum: UInt64

  /// The picture's value: uint8 RGB [height · width, 3].
  public static let picture = ValueIndex(0)

  /// Reads and validates a model: structure first, then the meaning of every number.
  ///
  /// The data section's checksum is not computed here, so that opening a large model reads only a
  /// few pages; see ``verifyData()``.
  ///
  /// - Parameter bytes: the whole file, at a 64-byte aligned address as a mapping gives it.
  /// - Throws: ``ModelError`` with the first thing that is wrong.
  public init(validating bytes: UnsafeRawBufferPointer) throws(ModelError) {
    self.bytes = bytes
    let sections = try Self.sections(of: bytes)
    declaredDataChecksum = Self.doubleWord(bytes, at: FileLayout.dataChecksum)
    textOffset = sections[FileLayout.Section.text.rawValue].lowerBound
    textCount = sections[FileLayout.Section.text.rawValue].count
    dataOffset = sections[FileLayout.Section.data.rawValue].lowerBound
    dataCount = sections[FileLayout.Section.data.rawValue].count

    let valueSection = sections[FileLayout.Section.values.rawValue]
    var words = WordReader(
      bytes: bytes,
      base: valueSection.lowerBound,
      count: valueSection.count / 4
    )
    var values: [Value] = []
    while !words.isAtEnd { values.append(try Value(from: &words)) }
    self.values = values

    let operationSection = sections[FileLayout.Section.operations.rawValue]
    words = WordReader(
      bytes: bytes,
      base: operationSection.lowerBound,
      count: operationSection.count / 4
    )
    var operations: [Operation] = []
    while !words.isAtEnd {
      let code = try words.word()
      let count = try words.number(0...Int32.max)
      var payload = try words.part(words: count)
      operations.append(try Operation(code: code, from: &payload))
      guard payload.isAtEnd else {
        throw .trailingWords(operation: operations.count - 1, count: payload.remainingWords)
      }
    }
    self.operations = operations

    let informationSection = sections[FileLayout.Section.information.rawValue]
    words = WordReader(
      bytes: bytes,
      base: informationSection.lowerBound,
      count: informationSection.count / 4
    )
    information = try Information(from: &words)
    guard words.isAtEnd else { throw .trailingWords(operation: -1, count: words.remainingWords) }

    try validateMeaning()
  }

  /// Whether the first bytes of a file are those of a model.
  public static func hasSignature(_ bytes: [UInt8]) -> Bool {
    bytes.count >= FileLayout.magic.count
      && zip(bytes, FileLayout.magic).allSatisfy { $0 == $1 }
  }

  /// Compares the data section with its checksum; reads the whole file once.
  public func verifyData() throws(ModelError) {
    let data = UnsafeRawBufferPointer(rebasing: bytes[dataOffset..<dataOffset + dataCount])
    let computed = FileLayout.checksum(data)
    guard computed == declaredDataChecksum else {
      throw .checksum(declared: declaredDataChecksum, computed: computed)
    }
  }

  /// The elements of a blob in place; validation has shown that they lie in the data section.
  public func elements<T: FixedWidthInteger>(_ blob: Blob, as type: T.Type) -> UnsafePointer<T> {
    (bytes.baseAddress! + (dataOffset + blob.offset)).assumingMemoryBound(to: T.self)
  }

  /// The UTF-8 bytes of a text.
  public func text(_ range: TextRange) -> UnsafeRawBufferPointer {
    let start = textOffset + range.offset
    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + range.count])
  }

  public subscript(value: ValueIndex) -> Value { values[value.index] }

  private static func doubleWord(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The ranges of the five sections, in order, without holes, to the end of the file.
  static func sections(
    of bytes: UnsafeRawBufferPointer
  ) throws(ModelError) -> [Range<Int>] {
    let remainder = Int(bitPattern: bytes.baseAddress) & (FileLayout.alignment - 1)
    guard remainder == 0 else {
      throw .misaligned(remainder: remainder, alignment: FileLayout.alignment)
    }
    guard bytes.count >= FileLayout.headerBytes else {
      throw .tooShort(needed: FileLayout.headerBytes, found: bytes.count)
    }
    for (index, byte) in FileLayout.magic.enumerated() where bytes[index] != byte {
      throw .notAModel
    }
    let version = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    let count = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
    guard version == FileLayout.version, count == FileLayout.Section.allCases.count else {
      throw .version(found: version, supported: FileLayout.version)
    }
    let length = doubleWord(bytes, at: 16)
    guard length == UInt64(bytes.count) else {
      throw .fileLength(declared: length, found: bytes.count)
    }
    var sections: [Range<Int>] = []
    var expected = FileLayout.headerBytes
    for section in FileLayout.Section.allCases {
      let entry = FileLayout.sectionTable + section.rawValue * 16
      let offset = doubleWord(bytes, at: entry)
      let count = doubleWord(bytes, at: entry + 8)
      guard offset == UInt64(expected), count <= UInt64(bytes.count - expected) else {
        throw .section(index: section.rawValue, offset: offset, expected: expected)
      }
      let unit = section == .values ? FileLayout.valueWords * 4 : 4
      guard section == .text || section == .data || Int(count) % unit == 0 else {
        throw .section(index: section.rawValue, offset: offset, expected: expected)
      }
      let end = expected + Int(count)
      sections.append(expected..<end)
      // The data section ends the file; the others are filled up to the boundary.
      expected = section == .data ? end : FileLayout.aligned(end)
      guard expected <= bytes.count else { throw .tooShort(needed: expected, found: bytes.count) }
      for offset in end..<expected where bytes[offset] != 0 { throw .padding(offset: offset) }
    }
    guard expected == bytes.count else {
      throw .fileLength(declared: UInt64(expected), found: bytes.count)
    }
    let tableEnd = FileLayout.sectionTable + 16 * FileLayout.Section.allCases.count
    for offset in tableEnd..<FileLayout.headerBytes where bytes[offset] != 0 {
      throw .padding(offset: offset)
    }
    let declared = doubleWord(bytes, at: FileLayout.structureChecksum)
    let computed = structureChecksum(bytes, dataOffset: sections[4].lowerBound)
    guard declared == computed else { throw .checksum(declared: declared, computed: computed) }
    return sections
  }

  static func structureChecksum(_ bytes: UnsafeRawBufferPointer, dataOffset: Int) -> UInt64 {
    let head = FileLayout.checksum(UnsafeRawBufferPointer(rebasing: bytes[8..<24]))
    return FileLayout.checksum(
      UnsafeRawBufferPointer(rebasing: bytes[32..<dataOffset]),
      seed: head
    )
  }
}

extension Value {
  init(from words: inout WordReader) throws(ModelError) {
    element = Element(rawValue: UInt8(try words.number(0...3)))!
    channels = try words.number(1...(1 << 20))
    zeroPoint = try words.word()
    stepBits = try words.doubleWord()
    name = try words.text()
    _ = try words.number(0...0)
  }

  func write(to words: inout WordWriter) {
    words.number(Int(element.rawValue))
    words.number(channels)
    words.word(zeroPoint)
    words.doubleWord(stepBits)
    words.text(name)
    words.number(0)
  }
}
