import Testing

@testable import ModelFile

@Suite("The structure of a file")
struct StructureTests {
  private static let file: [UInt8] = {
    var sample = RoundTripTests.everything()
    return sample.file()
  }()

  @Test("a file cut at any byte is refused")
  func cut() {
    for count in 0..<Self.file.count { #expect(refusal(Array(Self.file[..<count])) != nil) }
    #expect(refusal(Array(Self.file[..<127])) == .tooShort(needed: 128, found: 127))
    #expect(refusal(Self.file) == nil)
  }

  @Test("bytes behind the end are refused")
  func longer() {
    #expect(
      refusal(Self.file + [0])
        == .fileLength(declared: UInt64(Self.file.count), found: Self.file.count + 1)
    )
  }

  @Test("every byte of the structure is covered by a check: one flipped bit is refused")
  func flips() {
    let dataOffset = section(Self.file, .data)
    for byte in 0..<dataOffset where !(FileLayout.dataChecksum..<40).contains(byte) {
      var damaged = Self.file
      damaged[byte] ^= 1 << UInt8(byte % 8)
      if refusal(damaged) == nil { Issue.record("byte \(byte) is not covered") }
    }
  }

  @Test("another kind of file and another version are told apart")
  func kinds() {
    var other = Self.file
    other[0] = 0x50
    #expect(refusal(other) == .notAModel)
    other = Self.file
    other[8] = 2
    #expect(refusal(other) == .version(found: 2, supported: 1))
  }

  @Test("sections that leave holes, overlap or end outside are refused")
  func sections() {
    for index in 0..<5 {
      for (change, at) in [(64, 0), (-64, 0), (1 << 40, 0), (64, 8), (1 << 62, 8), (2, 8)] {
        var file = Self.file
        let entry = FileLayout.sectionTable + 16 * index + at
        let old = file.withUnsafeBytes {
          $0.loadUnaligned(fromByteOffset: entry, as: UInt64.self)
        }
        let new = old &+ UInt64(bitPattern: Int64(change))
        withUnsafeBytes(of: new.littleEndian) { file.replaceSubrange(entry..<entry + 8, with: $0) }
        #expect(refusal(file) != nil)
      }
    }
  }

  @Test("a damaged structure does not match its checksum")
  func checksum() {
    var file = Self.file
    file[section(file, .text)] ^= 1
    guard case .checksum? = refusal(file) else {
      Issue.record("\(String(describing: refusal(file)))")
      return
    }
    #expect(refusal(signed(file)) == nil)
  }

  @Test("bytes off a 64-byte boundary are refused with their remainder")
  func alignment() {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.file.count + 64,
      alignment: 64
    )
    defer { memory.deallocate() }
    let shifted = UnsafeMutableRawBufferPointer(rebasing: memory[8..<8 + Self.file.count])
    shifted.copyBytes(from: Self.file)
    #expect(throws: ModelError.misaligned(remainder: 8, alignment: 64)) {
      try Model(validating: UnsafeRawBufferPointer(shifted))
    }
  }

  @Test("unknown operations, missing words and words too many are refused where they stand")
  func operations() {
    let start = section(Self.file, .operations)
    #expect(
      refusal(replaced(Self.file, at: start, by: 199))
        == .unknownOperation(offset: start, code: 199)
    )
    guard
      case .words(let offset, 1, 0)? = refusal(replaced(Self.file, at: start + 4, by: 3))
    else {
      Issue.record("\(String(describing: refusal(replaced(Self.file, at: start + 4, by: 3))))")
      return
    }
    #expect(offset == start + 8 + 12)
    // The first operation is a linear layer without positions: its words are complete, then one more.
    let words = Self.file.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: start + 4, as: Int32.self)
    }
    #expect(
      refusal(replaced(Self.file, at: start + 4, by: words + 1))
        == .trailingWords(operation: 0, count: 1)
    )
    guard case .words? = refusal(replaced(Self.file, at: start + 4, by: .max)) else {
      Issue.record("a payload beyond the section is accepted")
      return
    }
  }

  @Test("numbers out of their range are refused with the range")
  func numbers() {
    let values = section(Self.file, .values)
    #expect(
      refusal(replaced(Self.file, at: values, by: 4))
        == .number(offset: values, found: 4, lowest: 0, highest: 3)
    )
    #expect(
      refusal(replaced(Self.file, at: values + 4, by: 0))
        == .number(offset: values + 4, found: 0, lowest: 1, highest: 1 << 20)
    )
    let operations = section(Self.file, .operations)
    // Kernel, stride, padding and dilation follow code, count, input and output.
    for (word, highest) in [(4, 64), (5, 64), (7, 64)] {
      let offset = operations + 4 * word
      #expect(
        refusal(replaced(Self.file, at: offset, by: 65))
          == .number(offset: offset, found: 65, lowest: 1, highest: Int32(highest))
      )
    }
  }
}
