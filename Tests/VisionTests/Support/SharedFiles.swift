import Foundation
import Testing
import Vision

/// The reference files beside the checkout, where there are any.
enum SharedFiles {
  /// The folder `shared` next to the folder of Package.swift.
  static let folder: URL? = {
    var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
      if FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path)
      {
        let shared = folder.deletingLastPathComponent().appendingPathComponent("shared")
        return FileManager.default.fileExists(atPath: shared.path) ? shared : nil
      }
      folder.deleteLastPathComponent()
    }
    return nil
  }()

  static var exist: Bool { folder != nil }

  static func bytes(_ path: String) throws -> [UInt8] {
    let folder = try #require(folder, "the reference files are absent")
    return [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  static func json<Content: Decodable>(_ path: String, as type: Content.Type) throws -> Content {
    try JSONDecoder().decode(type, from: Data(bytes(path)))
  }
}

/// The bytes of a file in Tests/Fixtures/Vision.
func fixtureBytes(_ name: String) throws -> [UInt8] {
  let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()
  return [UInt8](
    try Data(
      contentsOf: tests.appendingPathComponent("Fixtures/Vision").appendingPathComponent(name)
    )
  )
}

/// A P6 file of maximum 255 as the references are stored, read without the decoder under test.
func readReference(_ path: String) throws -> Image {
  try readPlainPPM(SharedFiles.bytes(path), path)
}

/// A P6 file of maximum 255 without comments.
func readPlainPPM(_ bytes: [UInt8], _ path: String) throws -> Image {
  var fields: [Substring] = []
  var offset = 0
  while fields.count < 4 {
    let end = bytes[offset...].firstIndex { $0 == 32 || $0 == 10 } ?? bytes.endIndex
    fields.append(Substring(decoding: bytes[offset..<end], as: UTF8.self))
    offset = end + 1
  }
  guard fields[0] == "P6", fields[3] == "255", let width = Int(fields[1]),
    let height = Int(fields[2]), bytes.count - offset == width * height * 3
  else { throw ReferenceError(path: path) }
  return Image(width: width, height: height, pixels: Array(bytes[offset...]))
}

struct ReferenceError: Error {
  var path: String
}

/// How two pictures differ: nil when they are equal.
func difference(_ found: Image, _ expected: Image) -> String? {
  guard found.width == expected.width, found.height == expected.height else {
    return "\(found.width) x \(found.height), expected \(expected.width) x \(expected.height)"
  }
  var count = 0
  var largest = 0
  var first: Int?
  for index in found.pixels.indices where found.pixels[index] != expected.pixels[index] {
    count += 1
    largest = max(largest, abs(Int(found.pixels[index]) - Int(expected.pixels[index])))
    first = first ?? index
  }
  guard let first else { return nil }
  let pixel = first / 3
  return """
    \(count) of \(found.pixels.count) samples differ by up to \(largest), the first at \
    x \(pixel % found.width), y \(pixel / found.width), channel \(first % 3): \
    \(found.pixels[first]), expected \(expected.pixels[first])
    """
}

/// A small generator of repeatable numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
