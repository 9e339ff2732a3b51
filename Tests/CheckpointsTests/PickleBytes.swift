/// A pickle written operation by operation, for the cases that no library writes.
struct PickleBytes {
  private(set) var bytes: [UInt8] = [0x80, 2]

  static func value(_ build: (inout PickleBytes) -> Void) -> [UInt8] {
    var pickle = PickleBytes()
    build(&pickle)
    return pickle.bytes + [0x2E]
  }

  mutating func raw(_ more: [UInt8]) { bytes += more }

  mutating func operation(_ character: Character) { bytes.append(character.asciiValue!) }

  mutating func text(_ text: String) {
    bytes.append(UInt8(ascii: "X"))
    bytes += littleEndian(UInt32(text.utf8.count)) + text.utf8
  }

  mutating func integer(_ number: Int64) {
    bytes += [0x8A, 8] + littleEndian(number)
  }

  mutating func global(_ module: String, _ name: String) {
    bytes += "c\(module)\n\(name)\n".utf8
  }

  mutating func integers(_ numbers: [Int64]) {
    operation("(")
    for number in numbers { integer(number) }
    operation("t")
  }

  mutating func storage(_ key: String, count: Int64, kind: String = "FloatStorage") {
    operation("(")
    text("storage")
    global("torch", kind)
    text(key)
    text("cpu")
    integer(count)
    operation("t")
    operation("Q")
  }

  mutating func tensor(
    _ key: String,
    count: Int64,
    offset: Int64 = 0,
    shape: [Int64],
    strides: [Int64],
    kind: String = "FloatStorage"
  ) {
    global("torch._utils", "_rebuild_tensor")
    operation("(")
    storage(key, count: count, kind: kind)
    integer(offset)
    integers(shape)
    integers(strides)
    operation("t")
    operation("R")
  }

  /// A bare state dictionary of one tensor.
  static func state(_ build: (inout PickleBytes) -> Void) -> [UInt8] {
    value { pickle in
      pickle.operation("}")
      pickle.text("w")
      build(&pickle)
      pickle.operation("s")
    }
  }
}

func littleEndian<T: FixedWidthInteger>(_ number: T) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { [UInt8]($0) }
}

/// A zip archive of stored entries, without checksums.
func zipArchive(_ entries: [(name: String, data: [UInt8])]) -> [UInt8] {
  var file: [UInt8] = []
  var directory: [UInt8] = []
  for (name, data) in entries {
    let fields: [UInt8] =
      [20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + littleEndian(UInt32(data.count))
      + littleEndian(UInt32(data.count)) + littleEndian(UInt16(name.utf8.count)) + [0, 0]
    directory += [0x50, 0x4B, 1, 2, 20, 0] + fields + [UInt8](repeating: 0, count: 10)
    directory += littleEndian(UInt32(file.count)) + name.utf8
    file += [0x50, 0x4B, 3, 4] + fields + name.utf8 + data
  }
  let end =
    [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + littleEndian(UInt16(entries.count))
    + littleEndian(UInt16(entries.count)) + littleEndian(UInt32(directory.count))
    + littleEndian(UInt32(file.count)) + [0, 0]
  return file + directory + end
}
