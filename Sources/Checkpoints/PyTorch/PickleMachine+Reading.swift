import CheckedJSON

/// What operations take from the bytes of the pickle.
extension PickleMachine {
  mutating func byte() throws(PickleError) -> UInt8 {
    guard let byte = bytes.byte(at: position) else {
      throw .unexpectedEnd(offset: position, needed: 1, available: 0)
    }
    position += 1
    return byte
  }

  mutating func take(_ count: UInt64) throws(PickleError) -> PickleText {
    guard count <= UInt64(bytes.count - position) else {
      throw .unexpectedEnd(offset: position, needed: count, available: bytes.count - position)
    }
    defer { position += Int(count) }
    return PickleText(offset: UInt32(position), length: UInt32(count))
  }

  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type
  ) throws(PickleError) -> T {
    let place = try take(UInt64(MemoryLayout<T>.size))
    guard let value = bytes.integer(at: Int(place.offset), as: T.self) else {
      throw .malformedNumber(offset: start)
    }
    return value
  }

  /// The rest of the line, without its end.
  mutating func lineRange() throws(PickleError) -> PickleText {
    let first = position
    while try byte() != UInt8(ascii: "\n") {}
    return PickleText(offset: UInt32(first), length: UInt32(position - 1 - first))
  }

  mutating func line() throws(PickleError) -> UInt32 {
    guard let number = UInt32(try plainText(lineRange())) else {
      throw .malformedNumber(offset: start)
    }
    return number
  }

  func plainText(_ text: PickleText) throws(PickleError) -> String {
    guard let string = objects.string(text) else { throw .malformedText(offset: start) }
    return string
  }

  func unfit(_ value: PickleValue, expected: String) -> PickleError {
    .wrongOperand(offset: start, expected: expected, found: objects.summary(value))
  }

  mutating func pushNumber(_ operation: PickleOperation) throws(PickleError) {
    switch operation {
    case .binInt: stack.append(.integer(Int64(try integer(Int32.self))))
    case .binInt1: stack.append(.integer(Int64(try byte())))
    case .binInt2: stack.append(.integer(Int64(try integer(UInt16.self))))
    case .long1: pushLong(try take(UInt64(byte())))
    case .long4:
      let length = try integer(Int32.self)
      guard length >= 0 else { throw .malformedNumber(offset: start) }
      pushLong(try take(UInt64(length)))
    case .binFloat:
      stack.append(.double(Double(bitPattern: UInt64(bigEndian: try integer(UInt64.self)))))
    case .float:
      guard let number = Double(try plainText(lineRange())) else {
        throw .malformedNumber(offset: start)
      }
      stack.append(.double(number))
    default:
      let text = try plainText(lineRange())
      if operation == .int, text == "00" || text == "01" {
        stack.append(.bool(text == "01"))
      } else if let number = Int64(text.hasSuffix("L") ? String(text.dropLast()) : text) {
        stack.append(.integer(number))
      } else {
        throw .malformedNumber(offset: start)
      }
    }
  }

  mutating func pushLong(_ place: PickleText) {
    guard place.length <= 8 else {
      stack.append(.longInteger(place))
      return
    }
    var number: Int64 = 0
    for index in 0..<Int(place.length) {
      number |= Int64(bytes[Int(place.offset) + index]) << Int64(8 * index)
    }
    if place.length > 0 {
      let unused = Int64(64 - 8 * Int(place.length))
      number = (number << unused) >> unused
    }
    stack.append(.integer(number))
  }

  mutating func pushText(_ operation: PickleOperation) throws(PickleError) {
    switch operation {
    case .binUnicode: stack.append(.text(try take(UInt64(integer(UInt32.self)))))
    case .shortBinUnicode, .shortBinString: stack.append(.text(try take(UInt64(byte()))))
    case .binUnicode8: stack.append(.text(try take(integer(UInt64.self))))
    case .binString:
      let length = try integer(Int32.self)
      guard length >= 0 else { throw .malformedNumber(offset: start) }
      stack.append(.text(try take(UInt64(length))))
    case .shortBinBytes: stack.append(.bytes(try take(UInt64(byte()))))
    case .binBytes: stack.append(.bytes(try take(UInt64(integer(UInt32.self)))))
    case .binBytes8, .byteArray8: stack.append(.bytes(try take(integer(UInt64.self))))
    default:
      // Protocol 0 writes texts as lines, with escapes for what is not printable.
      var place = try lineRange()
      let first = Int(place.offset)
      for index in first..<first + Int(place.length) where bytes[index] == UInt8(ascii: "\\") {
        throw .malformedText(offset: start)
      }
      if operation == .string {
        let last = first + Int(place.length) - 1
        guard place.length >= 2, bytes[first] == bytes[last],
          bytes[first] == UInt8(ascii: "'") || bytes[first] == UInt8(ascii: "\"")
        else { throw .malformedText(offset: start) }
        place = PickleText(offset: place.offset + 1, length: place.length - 2)
      }
      stack.append(.text(place))
    }
  }
}
