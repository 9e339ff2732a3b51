import Foundation
import Runtime
import Testing

@testable import ModelFile

/// A model file that passes validation may hold anything: it must be refused or run inside of its
/// memory.
@Suite("Damaged models are refused or run safely")
struct HostileModelTests {
  private static let size = PictureSize(height: 17, width: 21)

  /// A small file with every operation.
  static func file() -> [UInt8] {
    var draft = ModelDraft(seed: 20)
    let three = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    let stem = draft.convolution(draft.picture, to: .uint8, 6, three)
    let first = draft.maxPool(stem, three)
    let second = draft.convolution(first, to: .uint8, 5, three)
    let maps = [
      draft.groupNorm(draft.convolution(first, to: .int16, 8), groups: 2, to: .int16),
      draft.groupNorm(draft.convolution(second, to: .int16, 8), groups: 2, to: .int16),
    ]
    let tokens = draft.concatenate(maps)
    let table = draft.sinePosition(maps, features: 4)
    let learned = draft.learnedPosition([second], features: 3, positions: 6)
    let position = draft.convolution(table, to: .int32, 8, spread: 25_000)
    let learnedPosition = draft.convolution(learned, to: .int32, 8, spread: 25_000)
    let source = draft.requantize(tokens, to: .uint8)
    let value = draft.mask(draft.convolution(source, to: .int8, 8), maps)
    let offsets = draft.convolution(
      source,
      to: .int16,
      8,
      position: position,
      levels: maps
    )
    let offsets16 = draft.convolution(offsets, to: .int16, 16)
    let sampled = draft.deformableAttention(
      value: value,
      offsets: offsets16,
      logits: offsets,
      references: nil,
      heads: 2,
      points: 2,
      levels: maps,
      to: .uint8
    )
    let encoded = draft.layerNorm(
      draft.convolution(sampled, to: .int16, 8, residual: tokens),
      to: .int16
    )
    let proposed = draft.mask(encoded, maps, onlyProposals: true)
    let scores = draft.convolution(proposed, to: .int32, 3)
    let chosen = draft.topRows(scores, count: 4, column: 1)
    let deltas = draft.gather(draft.convolution(proposed, to: .int32, 4), chosen)
    let references = draft.proposals(deltas, chosen, maps)
    let sines = draft.boxSine(references, features: 4)
    let sum = draft.add(
      draft.slice(sines, first: 8, count: 8),
      draft.slice(sines, first: 0, count: 8),
      to: .int16
    )
    let constant = draft.constant(.int16, rows: 4, channels: 8)
    let queries = draft.convolution(
      draft.add(sum, constant, to: .int16),
      to: .int16,
      8,
      spread: 600
    )
    let key = draft.convolution(
      second,
      to: .int16,
      8,
      position: learnedPosition,
      levels: [second],
      spread: 600
    )
    let attended = draft.attention(queries, key, key, heads: 2, keyGrid: second, to: .uint8)
    let aligned = draft.aligned(
      queries,
      map: maps[0],
      boxes: references,
      logits: draft.convolution(attended, to: .int32, 4),
      seed: 7
    )
    _ = aligned
    let sampledBox = draft.deformableAttention(
      value: value,
      offsets: draft.convolution(attended, to: .int16, 16),
      logits: draft.convolution(attended, to: .int16, 8),
      references: references,
      heads: 2,
      points: 2,
      levels: maps,
      to: .uint8
    )
    let logits = draft.convolution(sampledBox, to: .int32, 3)
    let boxes = draft.refine(
      draft.sigmoid(draft.convolution(sampledBox, to: .int32, 4)),
      references
    )
    // Maps of 3×3 and 6×6, tables of bytes and words, points of one pixel.
    let halved = draft.averagePool(first)
    let joined = draft.concatenateColumns([halved, draft.averagePool(first)])
    let looked = draft.lookup(draft.upsample(joined, factor: 2), to: .int16)
    let words = draft.lookup(draft.convolution(looked, to: .int16, 8), to: .int8, entries: 300)
    _ = draft.rowMaximum(draft.convolution(draft.requantize(words, to: .uint8), to: .int32, 3))
    _ = draft.convolution(draft.sineHalvesPosition(second, frequencies: 2), to: .int32, 8)
    _ = draft.deformableAttention(
      value: value,
      offsets: draft.convolution(attended, to: .int16, 16),
      logits: draft.convolution(attended, to: .int16, 8),
      references: references,
      heads: 2,
      points: 2,
      levels: maps,
      to: .uint8,
      isDiscrete: true
    )
    return draft.file(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 7))
  }

  /// Where the data section begins: the last entry of the section table.
  private static func dataOffset(_ file: [UInt8]) -> Int {
    Int(file.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 40 + 4 * 16, as: UInt64.self) })
  }

  /// Puts the checksum right where the damage left the sections in place.
  private static func sign(_ file: inout [UInt8], dataOffset: Int) {
    let sum = file.withUnsafeBytes { Model.structureChecksum($0, dataOffset: dataOffset) }
    withUnsafeBytes(of: sum.littleEndian) { file.replaceSubrange(24..<32, with: $0) }
  }

  private enum Outcome { case refused, unfit, tooLarge, ran }

  /// Validates and runs; whatever leaves the guarded memory ends the test run.
  private static func attempt(_ file: [UInt8]) -> Outcome {
    let memory = GuardedMemory(byteCount: file.count)
    memory.bytes.copyBytes(from: file)
    guard let model = try? Model(validating: UnsafeRawBufferPointer(memory.bytes)) else {
      return .refused
    }
    guard
      let needed = try? Session.arenaByteCount(
        model: model,
        height: size.height,
        width: size.width,
        threads: 1
      )
    else { return .unfit }
    guard needed < 4 << 20 else { return .tooLarge }
    let arena = GuardedMemory(byteCount: needed)
    guard
      let session = try? Session(
        model: model,
        height: size.height,
        width: size.width,
        threads: 1,
        arena: arena.bytes
      )
    else {
      Issue.record("a session failed after its size was stated")
      return .unfit
    }
    let picture = (0..<size.height * size.width * 3).map { UInt8(truncatingIfNeeded: $0 * 31) }
    session.run(picture: picture, rowStride: size.width * 3)
    #expect(arena.isIntact)
    withExtendedLifetime(memory) {}
    return .ran
  }

  @Test("every byte of the structure flipped in turn, with a valid checksum")
  func flippedBytes() {
    let file = Self.file()
    let dataOffset = Self.dataOffset(file)
    #expect(Self.attempt(file) == .ran)
    var counts: [Outcome: Int] = [:]
    for byte in 8..<dataOffset where !(24..<40).contains(byte) {
      for mask: UInt8 in [0x01, 0x80, 0xFF] {
        var damaged = file
        damaged[byte] ^= mask
        Self.sign(&damaged, dataOffset: dataOffset)
        counts[Self.attempt(damaged), default: 0] += 1
      }
    }
    // Both ways must have been taken often for this to mean anything.
    #expect(counts[.refused, default: 0] > 1000, "\(counts)")
    #expect(counts[.ran, default: 0] > 1000, "\(counts)")
  }

  @Test("words of the structure replaced by numbers that tempt", arguments: 0..<40)
  func replacedWords(seed: Int) {
    let file = Self.file()
    let dataOffset = Self.dataOffset(file)
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<250 {
      var damaged = file
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = 128 + 4 * Int.random(in: 0..<(dataOffset - 128) / 4, using: &random)
        let tempting: [Int32] = [
          0, 1, -1, 2, 3, 4, 7, 8, 16, 17, 255, 256, 65535, 65536, Int32.max, Int32.min,
          Int32.random(in: 0...40, using: &random), Int32.random(in: .min ... .max, using: &random),
        ]
        withUnsafeBytes(of: tempting.randomElement(using: &random)!.littleEndian) {
          damaged.replaceSubrange(place..<place + 4, with: $0)
        }
      }
      Self.sign(&damaged, dataOffset: dataOffset)
      _ = Self.attempt(damaged)
    }
  }

  /// A file whose header states its length, its data section and both checksums rightly, as far as
  /// the sections lie in it.
  private static func repaired(_ file: [UInt8]) -> [UInt8] {
    var file = file
    guard file.count >= 128 else { return file }
    func put(_ number: Int, at place: Int) {
      withUnsafeBytes(of: UInt64(number).littleEndian) {
        file.replaceSubrange(place..<place + 8, with: $0)
      }
    }
    put(file.count, at: 16)
    let dataOffset = dataOffset(file)
    guard (128...file.count).contains(dataOffset) else { return file }
    put(file.count - dataOffset, at: 112)
    let sum = file.withUnsafeBytes {
      FileLayout.checksum(UnsafeRawBufferPointer(rebasing: $0[dataOffset...]))
    }
    withUnsafeBytes(of: sum.littleEndian) { file.replaceSubrange(32..<40, with: $0) }
    sign(&file, dataOffset: dataOffset)
    return file
  }

  @Test("a file cut at any length is refused, with the header made to fit too")
  func cut() {
    let file = Self.file()
    for count in 0..<file.count {
      let rest = Array(file[..<count])
      #expect(Self.attempt(rest) == .refused)
      #expect(Self.attempt(Self.repaired(rest)) == .refused)
    }
  }

  @Test("every byte of the data flipped in turn runs")
  func flippedData() {
    let file = Self.file()
    for byte in Self.dataOffset(file)..<file.count {
      var damaged = file
      damaged[byte] ^= 0xFF
      #expect(Self.attempt(damaged) == .ran)
    }
  }

  @Test("bytes inserted, removed and moved, with the header made to fit", arguments: 0..<20)
  func shiftedBytes(seed: Int) {
    let file = Self.file()
    let dataOffset = Self.dataOffset(file)
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<50 {
      var damaged = file
      // Multiples of a word keep the rest meaningful.
      let count = 4 * Int.random(in: 1...24, using: &random)
      let place = 4 * Int.random(in: 32..<dataOffset / 4, using: &random)
      let source = 4 * Int.random(in: 32..<(file.count - count) / 4, using: &random)
      switch Int.random(in: 0...2, using: &random) {
      case 0: damaged.insert(contentsOf: file[source..<source + count], at: place)
      case 1: damaged.removeSubrange(place..<min(place + count, file.count))
      default:
        damaged.replaceSubrange(
          place..<min(place + count, file.count),
          with: file[source..<source + count]
        )
      }
      _ = Self.attempt(Self.repaired(damaged))
    }
  }

  @Test("any data runs: weights, biases and tables of random bytes", arguments: 0..<20)
  func randomData(seed: Int) {
    var file = Self.file()
    var random = SeededGenerator(seed: UInt64(seed))
    let start = Self.dataOffset(file)
    for byte in start..<file.count { file[byte] = UInt8.random(in: 0...255, using: &random) }
    #expect(Self.attempt(file) == .ran)
  }

  @Test("damage to the data is found when it is asked for")
  func dataChecksum() throws {
    var file = Self.file()
    let whole = try LoadedModel(file)
    try whole.model.verifyData()
    file[Self.dataOffset(file) + 5] ^= 1
    let damaged = try LoadedModel(file)
    #expect(throws: ModelError.self) { try damaged.model.verifyData() }
    withExtendedLifetime((whole, damaged)) {}
  }
}
