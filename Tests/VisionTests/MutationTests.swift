import Testing

@testable import Vision

@Suite("Mutations")
struct MutationTests {
  /// Small files of every kind.
  private func files() -> [[UInt8]] {
    var files: [[UInt8]] = []
    for (index, sampling) in [
      [(1, 1)], [(2, 2), (1, 1), (1, 1)], [(2, 1), (1, 1), (1, 1), (2, 1)],
    ]
    .enumerated() {
      var fixture = JPEGFixture(
        width: 37,
        height: 21,
        sampling: sampling,
        seed: UInt64(index),
        amplitude: 12
      )
      files += [fixture.baseline(), fixture.progressive(), fixture.separateScans()]
      fixture.restartInterval = 2
      fixture.codeLength = 12
      fixture.segments = [
        JPEGFixture.segment(
          0xE1,
          Array("Exif\0\0".utf8) + exifData(orientation: 5, littleEndian: true)
        )
      ]
      files += [fixture.baseline(), fixture.progressive()]
    }
    for (colorType, bitDepth) in PNGTests.kinds {
      var fixture = PNGFixture(
        width: 19,
        height: 13,
        colorType: colorType,
        bitDepth: bitDepth,
        seed: 1
      )
      fixture.isInterlaced = bitDepth > 4
      fixture.chunks = colorType == 3 ? [PNGFixture.chunk("PLTE", [1, 2, 3, 4, 5, 6])] : []
      files.append(fixture.file())
    }
    var generator = SeededGenerator(seed: 3)
    let image = Image(
      width: 31,
      height: 27,
      pixels: (0..<31 * 27 * 3).map { _ in UInt8.random(in: 0...9, using: &generator) }
    )
    return files + [image.encodedPNG(), image.encodedPPM(), Array("P5 9 1 1023 ".utf8) + files[0]]
  }

  /// Changes, removes, inserts, repeats and cuts.
  private func mutate(_ file: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var file = file
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !file.isEmpty {
      let place = Int.random(in: 0..<file.count, using: &generator)
      let count = min(file.count - place, Int.random(in: 1...8, using: &generator))
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: file[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      case 1: file[place] = [0, 1, 127, 128, 255].randomElement(using: &generator)!
      case 2: file[place] = UInt8.random(in: 0...255, using: &generator)
      case 3: file.removeSubrange(place..<place + count)
      case 4:
        file.insert(
          contentsOf: (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) },
          at: place
        )
      case 5: file.insert(contentsOf: file[place..<place + count], at: place)
      default:
        if Int.random(in: 0..<4, using: &generator) == 0 {
          file.removeSubrange(place...)
        }
      }
    }
    return file
  }

  /// Sets the checksums of all chunks right, so that mutations reach what lies behind them.
  private func withChecksums(_ file: [UInt8]) -> [UInt8] {
    var file = file
    var offset = 8
    while let size = file.span.uint32(at: offset), Int(size) <= file.count - offset - 12 {
      let end = offset + 8 + Int(size)
      file.replaceSubrange(
        end..<end + 4,
        with: bigEndianBytes(Int(slowCRC(Array(file[offset + 4..<end]))))
      )
      offset = end + 4
    }
    return file
  }

  @Test("mutated files are decoded or refused, quickly and without harm", arguments: [20_261_121])
  func mutations(seed: UInt64) {
    let limits = DecodingLimits(
      side: 5000,
      pixelCount: 1 << 20,
      byteCount: 32 << 20,
      scanCount: 256
    )
    var generator = SeededGenerator(seed: seed)
    let files = files()
    var decoded = 0
    var refused = 0
    for round in 0..<9000 {
      var file = mutate(files[round % files.count], using: &generator)
      if file.starts(with: [0x89]), round % 3 > 0 {
        file = withChecksums(file)
      }
      let start = threadTime()
      do {
        let image = try Image(decoding: file, limits: limits)
        #expect(image.pixels.count == image.width * image.height * 3)
        #expect(image.width * image.height <= limits.pixelCount)
        decoded += 1
      } catch {
        #expect(!error.description.isEmpty)
        refused += 1
      }
      #expect(
        threadTime() - start < .seconds(1),
        "round \(round) of seed \(seed): too slow"
      )
    }
    #expect(decoded > 500 && refused > 3000, "\(decoded) decoded, \(refused) refused, seed \(seed)")
  }
}
