@testable import Vision

/// A PNG of given raw samples, written with any colour type, depth, filter and interlacing.
struct PNGFixture {
  var width: Int
  var height: Int
  var colorType: Int
  var bitDepth: Int
  var isInterlaced = false
  /// The samples of each pixel, row by row.
  var pixels: [[Int]]
  /// Chunks between the header and the data.
  var chunks: [[UInt8]] = []
  /// How many pieces the data have.
  var pieceCount = 1

  static let channelCounts = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4]

  init(width: Int, height: Int, colorType: Int, bitDepth: Int, seed: UInt64) {
    self.width = width
    self.height = height
    self.colorType = colorType
    self.bitDepth = bitDepth
    var generator = SeededGenerator(seed: seed)
    pixels = (0..<width * height).map { index in
      (0..<Self.channelCounts[colorType]!).map { channel in
        // Smooth enough that every filter has something to do.
        let noise = Int.random(in: 0..<8, using: &generator)
        return (index * (channel + 3) + noise) & ((1 << bitDepth) - 1)
      }
    }
  }

  var fileSignature: [UInt8] { [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] }

  func file() -> [UInt8] {
    var file = fileSignature
    file += Self.chunk("IHDR", header())
    for chunk in chunks {
      file += chunk
    }
    let data = zlibStored(rows())
    let size = (data.count + pieceCount - 1) / pieceCount
    for start in stride(from: 0, to: data.count, by: size) {
      file += Self.chunk("IDAT", Array(data[start..<min(data.count, start + size)]))
    }
    return file + Self.chunk("IEND", [])
  }

  func header() -> [UInt8] {
    bigEndianBytes(width) + bigEndianBytes(height)
      + [UInt8(bitDepth), UInt8(colorType), 0, 0, isInterlaced ? 1 : 0]
  }

  /// The filtered rows of all passes; the filter changes from row to row.
  func rows() -> [UInt8] {
    var result: [UInt8] = []
    let starts = isInterlaced ? [(0, 0), (4, 0), (0, 4), (2, 0), (0, 2), (1, 0), (0, 1)] : [(0, 0)]
    let steps =
      isInterlaced ? [(8, 8), (8, 8), (4, 8), (4, 4), (2, 4), (2, 2), (1, 2)] : [(1, 1)]
    let pixelSize = max(1, bitDepth * Self.channelCounts[colorType]! / 8)
    for (start, step) in zip(starts, steps) {
      var above: [UInt8] = []
      for y in stride(from: start.1, to: height, by: step.1) {
        let columns = Array(stride(from: start.0, to: width, by: step.0))
        if columns.isEmpty {
          continue
        }
        let row = packed(columns.flatMap { pixels[y * width + $0] })
        let filter = y % 5
        result.append(UInt8(filter))
        for index in row.indices {
          let left = index >= pixelSize ? Int(row[index - pixelSize]) : 0
          let up = above.isEmpty ? 0 : Int(above[index])
          let upLeft = above.isEmpty || index < pixelSize ? 0 : Int(above[index - pixelSize])
          let estimate = left + up - upLeft
          let distances = [abs(estimate - left), abs(estimate - up), abs(estimate - upLeft)]
          let nearest = [left, up, upLeft][distances.firstIndex(of: distances.min()!)!]
          let prediction = [0, left, up, (left + up) / 2, nearest][filter]
          result.append(row[index] &- UInt8(prediction))
        }
        above = row
      }
    }
    return result
  }

  private func packed(_ samples: [Int]) -> [UInt8] {
    var bytes: [UInt8] = []
    if bitDepth == 16 {
      return samples.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    }
    var bits = 0
    for sample in samples {
      if bits % 8 == 0 {
        bytes.append(0)
      }
      bytes[bytes.count - 1] |= UInt8(sample << (8 - bitDepth - bits % 8))
      bits += bitDepth
    }
    return bytes
  }

  static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return bigEndianBytes(content.count) + body + bigEndianBytes(Int(slowCRC(body)))
  }

  /// The picture that a decoder has to give.
  func picture(palette: [Color] = []) -> Image {
    var image = Image(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        let samples = pixels[y * width + x]
        let levels = samples.map { sample in
          UInt8(bitDepth == 16 ? sample >> 8 : sample * 255 / ((1 << bitDepth) - 1))
        }
        switch colorType {
        case 0, 4: image[x, y] = Color(red: levels[0], green: levels[0], blue: levels[0])
        case 3: image[x, y] = samples[0] < palette.count ? palette[samples[0]] : .black
        default: image[x, y] = Color(red: levels[0], green: levels[1], blue: levels[2])
        }
      }
    }
    return image
  }
}

/// Bytes as a zlib stream of stored blocks.
func zlibStored(_ bytes: [UInt8], blockSize: Int = 1000) -> [UInt8] {
  var result: [UInt8] = [0x78, 0x01]
  var start = 0
  repeat {
    let end = min(bytes.count, start + blockSize)
    let count = end - start
    result += [
      end == bytes.count ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255),
      UInt8(~count >> 8 & 255),
    ]
    result += bytes[start..<end]
    start = end
  } while start < bytes.count
  var sums = (1, 0)
  for byte in bytes {
    sums.0 = (sums.0 + Int(byte)) % 65_521
    sums.1 = (sums.1 + sums.0) % 65_521
  }
  return result + bigEndianBytes(sums.1 << 16 | sums.0)
}

func bigEndianBytes(_ value: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

/// The checksum of PNG, bit by bit.
func slowCRC(_ bytes: [UInt8]) -> UInt32 {
  var value = UInt32.max
  for byte in bytes {
    value ^= UInt32(byte)
    for _ in 0..<8 {
      value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
    }
  }
  return ~value
}
