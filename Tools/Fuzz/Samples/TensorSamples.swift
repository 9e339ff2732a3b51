import Checkpoints

/// Small safetensors files.
enum TensorSamples {
  static let safetensors: [UInt8] = {
    var writer = SafetensorsWriter(metadata: ["format": "pt", "note": "a \"quoted\" text"])
    writer.add("model.weight", shape: [3, 5], floats: (0..<15).map { Float($0) / 7 })
    writer.add("model.bias", shape: [3], storedAs: .f16, floats: [1, -2, 65504])
    writer.add("scale", shape: [2, 2], storedAs: .bf16, floats: [1, 2, 3, .infinity])
    writer.add("count", shape: [1], int64s: [Int64.max])
    writer.add("mask", shape: [2, 3], uint8s: [0, 1, 2, 3, 4, 255])
    writer.add("offsets", shape: [4], int32s: [1, -1, .max, .min])
    writer.add("empty", shape: [0, 7], floats: [])
    return writer.encoded()
  }()

  static let scalars: [UInt8] = {
    var writer = SafetensorsWriter()
    writer.add("s", shape: [], floats: [1.5])
    return writer.encoded()
  }()
}

/// The length in front of a safetensors header.
enum SafetensorsHeader {
  /// Makes the length that of the JSON text that follows, as far as its brackets tell.
  ///
  /// - Parameter file: a mutated file.
  static func repair(_ file: inout [UInt8]) {
    guard file.count > 8 else { return }
    var depth = 0
    var end = 8
    for index in 8..<file.count {
      if file[index] == UInt8(ascii: "{") { depth += 1 }
      if file[index] == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0 {
        end = index + 1
        break
      }
    }
    guard end > 8 else { return }
    while end < file.count, file[end] == UInt8(ascii: " ") { end += 1 }
    file.store(UInt64(end - 8), at: 0)
  }
}

extension [UInt8] {
  /// Appends an integer, the lowest byte first.
  mutating func append(little number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends an integer, the highest byte first.
  mutating func append(big number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
  }

  /// Puts an integer over the bytes at a place, the lowest byte first.
  mutating func store(_ number: some FixedWidthInteger, at place: Int) {
    var bytes: [UInt8] = []
    bytes.append(little: number)
    replaceSubrange(place..<place + bytes.count, with: bytes)
  }
}

/// The checksum of zip and PNG (CRC-32, ISO 3309).
func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
  ~bytes.reduce(~0 as UInt32) { checksumTable[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
}

private let checksumTable: [UInt32] = (0..<256 as Range<UInt32>).map { byte in
  (0..<8).reduce(byte) { rest, _ in rest & 1 == 0 ? rest >> 1 : 0xEDB8_8320 ^ rest >> 1 }
}
