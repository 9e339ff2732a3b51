import Checkpoints
import Deflate
import Vision

/// Deflate streams of all three kinds of blocks.
enum DeflateSamples {
  /// Stored blocks.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = []
    var start = 0
    repeat {
      let count = min(bytes.count - start, 65535)
      stream.append(start + count == bytes.count ? 1 : 0)
      stream.append(little: UInt16(count))
      stream.append(little: ~UInt16(count))
      stream += bytes[start..<start + count]
      start += count
    } while start < bytes.count
    return stream
  }

  /// One block of the fixed code with literals and copies: `abc` and 258 bytes more of it, twice.
  static let fixed: [UInt8] = {
    var writer = BitWriter()
    writer.write(0b011, 3)
    for literal in "abc".utf8 { writer.code(0x30 + Int(literal), 8) }
    for _ in 0..<2 {
      // Length 258 is symbol 285, 8 bits from 0xC0 for 280 on; distance 3 is symbol 2, 5 bits.
      writer.code(0xC0 + 5, 8)
      writer.code(2, 5)
    }
    writer.code(0, 7)
    return writer.finish()
  }()

  /// The data of a PNG that this program has written, without zlib's header and checksum.
  static func compressed(_ image: Image) -> [UInt8] {
    let file = image.encodedPNG()
    var stream: [UInt8] = []
    for chunk in PNGChunks.ranges(file) where file[chunk.type].elementsEqual("IDAT".utf8) {
      stream += file[chunk.content]
    }
    return Array(stream.dropFirst(2).dropLast(4))
  }

  /// Bits of deflate, the lowest first.
  private struct BitWriter {
    private var bytes: [UInt8] = []
    private var bits = 0
    private var count = 0

    mutating func write(_ value: Int, _ length: Int) {
      bits |= value << count
      count += length
      while count >= 8 {
        bytes.append(UInt8(bits & 255))
        bits >>= 8
        count -= 8
      }
    }

    /// Writes a code, whose highest bit comes first.
    mutating func code(_ code: Int, _ length: Int) {
      for bit in (0..<length).reversed() { write(code >> bit & 1, 1) }
    }

    mutating func finish() -> [UInt8] {
      if count > 0 { write(0, 8 - count) }
      return bytes
    }
  }
}

/// Inputs of the inflater: the length and the checksum of the unpacked data, then the stream.
enum InflateSamples {
  static let all: [[UInt8]] = {
    let pickle = PickleSamples.checkpoint(isLegacy: false)
    let text = Array("abc".utf8) + (0..<516).map { Array("abc".utf8)[$0 % 3] }
    var random = SplitMix(seed: 9, index: 0)
    let flat = Image(width: 64, height: 40, pixels: (0..<7680).map { UInt8($0 / 640) })
    let noisy = Image(width: 40, height: 30, pixels: random.bytes(3600).map { $0 & 7 })
    return [
      input(DeflateSamples.stored(pickle), of: pickle), input(DeflateSamples.fixed, of: text),
    ]
      + [flat, noisy].map { image in
        // What PNG's filters left is not known here; its length is.
        var bytes: [UInt8] = []
        bytes.append(little: UInt32(image.height * (image.width * 3 + 1)))
        bytes.append(little: 0 as UInt32)
        return bytes + DeflateSamples.compressed(image)
      }
  }()

  private static func input(_ stream: [UInt8], of bytes: [UInt8]) -> [UInt8] {
    var input: [UInt8] = []
    input.append(little: UInt32(bytes.count))
    input.append(little: checksum(bytes))
    return input + stream
  }
}

/// Unpacks a stream as the data of a PNG and as an entry of an archive; one that either takes is read.
/// A short input is packed and unpacked again, too.
enum InflateReading {
  static func read(_ input: [UInt8], _ place: Workplace) throws {
    guard input.count >= 8 else { return }
    func word(_ place: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(input[place + $1]) << UInt32(8 * $1) }
    }
    let stream = Array(input[8...])
    if input.count <= 4096 { try roundTrip(input) }
    var refusal: (any Error)?
    do {
      // Gray, 8 bits, 255 pixels and a filter a row.
      let height = UInt32(min(max(word(0) / 256, 1), 4096))
      let data = [0x78, 0x9C] + stream + [0, 0, 0, 0]
      let file = PNGSamples.file(
        width: 255,
        height: height,
        depth: 8,
        color: 0,
        isInterlaced: false,
        chunks: [("IDAT", data)]
      )
      _ = try Image(decoding: file, limits: FuzzReader.pictureLimits)
    } catch { refusal = error }
    let entry = ZipSamples.Entry(
      "archive/data.pkl",
      deflated: stream,
      length: word(0),
      checksum: word(4)
    )
    let data = PickleSamples.storages.map {
      ZipSamples.Entry("archive/data/\($0.key)", stored: $0.bytes)
    }
    do {
      try TensorReading.readAll(place.file(ZipSamples.archive([entry] + data), "input.pth"))
    } catch {
      if refusal != nil { throw error }
    }
  }

  private static func roundTrip(_ input: [UInt8]) throws {
    // Behind zlib's header of two bytes and before its checksum of four stands the bare stream.
    let file = deflated(input)
    var result = [UInt8](repeating: 0, count: input.count)
    var target = result.mutableSpan
    try Inflater.unpack(file.span, in: 2..<file.count - 4, into: &target)
    precondition(result == input, "what was packed unpacks differently")
  }
}
