import CheckedJSON
import Checkpoints
import Foundation
import Testing

@Suite struct SafetensorsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file of a header and data as given.
  private func file(_ header: String, data: [UInt8] = []) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { [UInt8]($0) }
      + header.utf8 + data
  }

  private func open(_ bytes: [UInt8]) throws -> TensorMap {
    try TensorMap.open(path: folder.write(bytes, to: "m.safetensors"))
  }

  private func expect(
    _ message: String,
    _ bytes: [UInt8],
    location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: CheckpointError.self, sourceLocation: location) { try open(bytes) }
    #expect(error?.description == message, sourceLocation: location)
  }

  static var small: [UInt8] {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    writer.add("bytes", shape: [3], int8s: [-128, 0, 127])
    writer.add("floats", shape: [2, 2], floats: [1, -2.5, .infinity, 0])
    writer.add("scalar", shape: [], int64s: [.min])
    writer.add("empty", shape: [0, 4], floats: [])
    writer.add("shorts", shape: [2], int16s: [-32768, 7])
    writer.add("ints", shape: [1], int32s: [-5])
    writer.add("unsigned", shape: [1], uint8s: [255])
    return writer.encoded()
  }

  @Test("what the writer writes is read back")
  func roundTrip() throws {
    let map = try open(Self.small)
    #expect(map.names == ["scalar", "empty", "floats", "ints", "shorts", "bytes", "unsigned"])
    #expect(map.metadata == ["format": "pt"])
    #expect(map.format == .safetensors)
    #expect(try map.tensor(named: "bytes").int64s() == [-128, 0, 127])
    #expect(try map.tensor(named: "floats").floats() == [1, -2.5, .infinity, 0])
    #expect(map["floats"]?.firstNonFinite() == 2)
    #expect(map["bytes"]?.firstNonFinite() == nil)
    #expect(map["floats"]?.shape == [2, 2])
    #expect(map["floats"]?.strides == [2, 1])
    #expect(map["scalar"]?.shape == [])
    #expect(try map.tensor(named: "scalar").int64s() == [.min])
    #expect(map["empty"]?.floats() == [])
    #expect(try map.tensor(named: "shorts").int64s() == [-32768, 7])
    #expect(try map.tensor(named: "ints").int64s() == [-5])
    #expect(try map.tensor(named: "unsigned").int64s() == [255])
    #expect(!map.contains("absent"))
    let error = #expect(throws: CheckpointError.self) { try map.tensor(named: "absent") }
    #expect(
      error?.description
        == "m.safetensors: tensor 'absent': expected in the checkpoint, found nothing"
    )
    let integers = #expect(throws: CheckpointError.self) { try map["floats"]?.int64s() }
    #expect(
      integers?.description
        == "m.safetensors: tensor 'floats': expected integers that fit 64 bits, found F32"
    )
    // A file that is written takes the same form.
    var writer = SafetensorsWriter()
    writer.add("x", shape: [1], floats: [3])
    try writer.write(path: folder.path("w.safetensors"))
    #expect(try TensorMap.open(path: folder.path("w.safetensors"))["x"]?.floats() == [3])
  }

  @Test("each element type is converted")
  func conversions() throws {
    let values: [(String, [UInt8], [Float])] = [
      ("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0xBF], [-1.5]),
      ("F32", [0, 0, 0xC0, 0x3F], [1.5]),
      (
        "F16", [0x00, 0x3C, 0x01, 0x00, 0xFF, 0x7B, 0x00, 0xFC],
        [1, 5.9604645e-8, 65504, -.infinity]
      ),
      ("BF16", [0x80, 0x3F, 0x00, 0xC0], [1, -2]),
      ("I64", [0xFE] + [UInt8](repeating: 0xFF, count: 7), [-2]),
      ("I32", [1, 0, 0, 0x80], [-2147483647]),
      ("I16", [0xFF, 0xFF], [-1]),
      ("I8", [0x80, 0x7F], [-128, 127]),
      ("U64", [UInt8](repeating: 0xFF, count: 8), [18446744073709551616]),
      ("U32", [0xFF, 0xFF, 0xFF, 0xFF], [4294967296]),
      ("U16", [0xFF, 0xFF], [65535]),
      ("U8", [200], [200]),
      ("BOOL", [0, 1, 2], [0, 1, 1]),
    ]
    for (type, bytes, expected) in values {
      let header = """
        {"x":{"dtype":"\(type)","shape":[\(expected.count)],"data_offsets":[0,\(bytes.count)]}}
        """
      let tensor = try open(file(header, data: bytes)).tensor(named: "x")
      #expect(tensor.floats() == expected, "\(type)")
      #expect(tensor.byteCount == bytes.count)
    }
  }

  @Test("half precision is converted exactly, all 65536 numbers")
  func halves() throws {
    let header = #"{"x":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#
    let bytes = (0..<65536).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let floats = try open(file(header, data: bytes)).tensor(named: "x").floats()
    for pattern in 0..<65536 {
      let exponent = pattern >> 10 & 31
      let fraction = Double(pattern & 1023)
      let magnitude: Double
      switch exponent {
      case 0: magnitude = fraction * 0x1p-24
      case 31: magnitude = fraction == 0 ? .infinity : .nan
      default:
        magnitude = (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
      }
      let expected = Float(pattern >> 15 == 1 ? -magnitude : magnitude)
      let found = floats[pattern]
      #expect(found == expected && found.sign == expected.sign || found.isNaN && expected.isNaN)
    }
  }

  @Test("a file cut at any byte is refused")
  func truncated() throws {
    let bytes = Self.small
    for length in 0..<bytes.count {
      let error = #expect(throws: CheckpointError.self) { try open(Array(bytes.prefix(length))) }
      #expect(error.map { !$0.description.contains("\n") } == true)
    }
  }

  @Test("a changed file is refused or read, and never more")
  func mutated() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("SafetensorsTests seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let original = Self.small
    var refused = 0
    for _ in 0..<4000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: index)
        default: bytes.insert(UInt8(ascii: "9"), at: index)
        }
      }
      do {
        for tensor in try open(bytes) { _ = tensor.floats() }
      } catch let error as CheckpointError {
        refused += 1
        #expect(!error.description.contains("\n"))
      }
    }
    #expect(refused > 1000)
  }

  @Test("each wrong header is refused with its cause")
  func refusals() {
    let x = "m.safetensors: tensor 'x':"
    func tensor(_ type: String, _ shape: String, _ offsets: String) -> String {
      #"{"x":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
    }
    expect(
      "m.safetensors: expected 8 bytes with the length of the header, found 5",
      [1, 0, 0, 0, 0]
    )
    expect(
      "m.safetensors: expected a header of at most 100000000 bytes, found 18446744073709551615",
      [UInt8](repeating: 255, count: 8)
    )
    expect(
      "m.safetensors: the header needs 9 bytes, the file holds 2",
      [9, 0, 0, 0, 0, 0, 0, 0, 1, 2]
    )
    expect(
      "m.safetensors: header: byte 0: expected an object, found an array",
      file("[]")
    )
    expect(
      "\(x) shape [92, 256] needs 94208 bytes, the file holds 47104",
      file(tensor("F32", "[92,256]", "[0,47104]"), data: [UInt8](repeating: 0, count: 47104))
    )
    expect(
      "\(x) bytes 0 to 8 of the data are needed, the file holds 4",
      file(tensor("F32", "[2]", "[0,8]"), data: [0, 0, 0, 0])
    )
    expect(
      "\(x) expected two offsets in ascending order, found [8, 4]",
      file(tensor("F32", "[1]", "[8,4]"), data: [0, 0, 0, 0])
    )
    expect(
      "\(x) expected two offsets in ascending order, found [-4, 0]",
      file(tensor("F32", "[1]", "[-4,0]"), data: [0, 0, 0, 0])
    )
    expect(
      "\(x) expected two offsets in ascending order, found [0]",
      file(tensor("F32", "[1]", "[0]"), data: [0, 0, 0, 0])
    )
    expect(
      "\(x) expected extents that are not negative, found shape [-1, -1]",
      file(tensor("F32", "[-1,-1]", "[0,4]"), data: [0, 0, 0, 0])
    )
    expect(
      "\(x) shape [4611686018427387904, 8] has more elements than can be addressed",
      file(tensor("F32", "[4611686018427387904,8]", "[0,4]"), data: [0, 0, 0, 0])
    )
    expect(
      "\(x) shape [4611686018427387904, 0, 8] has more elements than can be addressed",
      file(tensor("F32", "[4611686018427387904,0,8]", "[0,0]"))
    )
    expect(
      "\(x) expected at most 64 axes, found 65",
      file(
        tensor("U8", "[\((0..<65).map { _ in "1" }.joined(separator: ","))]", "[0,1]"),
        data: [0]
      )
    )
    expect(
      "\(x) expected 'dtype', found nothing",
      file(#"{"x":{"shape":[],"data_offsets":[0,1]}}"#)
    )
    expect(
      "\(x) expected 'shape', found nothing",
      file(#"{"x":{"dtype":"U8","data_offsets":[0,1]}}"#)
    )
    expect("\(x) expected 'data_offsets', found nothing", file(#"{"x":{"dtype":"U8","shape":[]}}"#))
    expect(
      "m.safetensors: expected the end after the last tensor, found 2 bytes",
      file(tensor("U8", "[1]", "[0,1]"), data: [0, 0, 0])
    )
    expect(
      "\(x) expected data from byte 0 on without a hole, found byte 1",
      file(tensor("U8", "[1]", "[1,2]"), data: [0, 0])
    )
    expect(
      "m.safetensors: tensor 'y': expected data from byte 2 on, where the tensor before it ends, found byte 1",
      file(
        #"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        data: [0, 0, 0]
      )
    )
    expect(
      "m.safetensors: header: byte 52: expected each key once, found 'x' again",
      file(
        #"{"x":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"x":{"dtype":"U8","shape":[],"data_offsets":[1,2]}}"#,
        data: [0, 0]
      )
    )
    let unknown = #expect(throws: CheckpointError.self) {
      try open(file(tensor("F24", "[1]", "[0,3]"), data: [0, 0, 0]))
    }
    #expect(unknown?.description.hasSuffix("found 'F24'") == true)
  }

  @Test("two spellings of one name are one name")
  func canonicalNames() {
    // é as one character and as two: Swift strings are equal, so one would hide the other.
    let header =
      "{\"\u{e9}\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]},"
      + "\"e\u{301}\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[1,2]}}"
    expect(
      "m.safetensors: tensor 'e\u{301}': expected once, found twice",
      file(header, data: [0, 0])
    )
  }
}
