import Vision

/// PNG files of all colour types, depths and both orders of rows, with stored data.
enum PNGSamples {
  static let all: [[UInt8]] = {
    var files: [[UInt8]] = []
    var random = SplitMix(seed: 3, index: 0)
    let kinds = [
      (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8),
      (4, 8), (4, 16), (6, 8), (6, 16),
    ]
    for (color, depth) in kinds {
      for isInterlaced in [false, true] {
        var chunks: [(String, [UInt8])] = []
        if color == 3 { chunks.append(("PLTE", random.bytes(3 << depth))) }
        if color < 4 { chunks.append(("tRNS", random.bytes([2, 0, 6, 2][color]))) }
        let data = rows(width: 13, height: 9, color, depth, isInterlaced, &random)
        let stream = [0x78, 0x01] + DeflateSamples.stored(data) + [0, 0, 0, 0]
        chunks.append(("IDAT", Array(stream[..<20])))
        chunks.append(("IDAT", Array(stream[20...])))
        files.append(
          file(
            width: 13,
            height: 9,
            depth: UInt8(depth),
            color: UInt8(color),
            isInterlaced: isInterlaced,
            chunks: chunks
          )
        )
      }
    }
    let image = Image(width: 37, height: 21, pixels: (0..<2331).map { UInt8($0 * $0 % 251) })
    return files + [image.encodedPNG()]
  }()

  static let words: [[UInt8]] = [
    "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "eXIf", "gAMA", "acTL",
  ].map { Array($0.utf8) }

  /// A file of given chunks between the header and the end.
  static func file(
    width: UInt32,
    height: UInt32,
    depth: UInt8,
    color: UInt8,
    isInterlaced: Bool,
    chunks: [(type: String, content: [UInt8])]
  ) -> [UInt8] {
    var header: [UInt8] = []
    header.append(big: width)
    header.append(big: height)
    header += [depth, color, 0, 0, isInterlaced ? 1 : 0]
    var file: [UInt8] = PNGChunks.signature
    for (type, content) in [("IHDR", header)] + chunks + [("IEND", [])] {
      file.append(big: UInt32(content.count))
      let body = Array(type.utf8) + content
      file += body
      file.append(big: checksum(body))
    }
    return file
  }

  /// Filtered rows of random samples.
  private static func rows(
    width: Int,
    height: Int,
    _ color: Int,
    _ depth: Int,
    _ isInterlaced: Bool,
    _ random: inout SplitMix
  ) -> [UInt8] {
    let bits = depth * [1, 1, 3, 1, 2, 1, 4][color]
    let passes =
      isInterlaced
      ? [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
      ]
      : [(0, 0, 1, 1)]
    var data: [UInt8] = []
    for (x, y, stepX, stepY) in passes {
      let columns = (width - x + stepX - 1) / stepX
      let lines = (height - y + stepY - 1) / stepY
      guard columns > 0 else { continue }
      for _ in 0..<lines {
        data.append(UInt8(random.below(5)))
        data += random.bytes((columns * bits + 7) / 8)
      }
    }
    return data
  }
}

/// The chunks of a PNG.
enum PNGChunks {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Where type and content of each chunk lie, up to the first that does not fit.
  static func ranges(_ file: [UInt8]) -> [(type: Range<Int>, content: Range<Int>)] {
    var ranges: [(type: Range<Int>, content: Range<Int>)] = []
    var place = 8
    while place + 12 <= file.count {
      let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard place + 12 + length <= file.count else { break }
      ranges.append((place + 4..<place + 8, place + 8..<place + 8 + length))
      place += 12 + length
    }
    return ranges
  }

  /// Sets the checksums of all chunks right.
  ///
  /// - Parameter file: a mutated file.
  static func repair(_ file: inout [UInt8]) {
    for chunk in ranges(file) {
      var bytes: [UInt8] = []
      bytes.append(big: checksum(file[chunk.type.lowerBound..<chunk.content.upperBound]))
      file.replaceSubrange(chunk.content.upperBound..<chunk.content.upperBound + 4, with: bytes)
    }
  }
}
