import Testing

@testable import Vision

@Suite("Refusals of JPEG")
struct JPEGRefusalTests {
  @Test("each way in which the segments of a JPEG can be wrong has its error")
  func jpegSegments() {
    let fixture = JPEGFixture(width: 16, height: 16, sampling: [(2, 1), (1, 1), (1, 1)], seed: 1)
    let start: [UInt8] = [0xFF, 0xD8]
    func check(
      _ bytes: [UInt8],
      _ expected: JPEGError,
      _ comment: Comment? = nil
    ) {
      #expect(refusal(bytes) == .jpeg(expected), comment)
    }
    func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
      start + JPEGFixture.segment(marker, content)
    }

    check(start, .ends(offset: 2))
    check(start + [0xFF, 0xDB, 0], .ends(offset: 5))
    check(start + [0xFF, 0xD9], .noScan)
    check(start + [0xFF, 0xFE, 0, 1], .segmentTooShort(marker: 0xFE, offset: 2, length: 1))
    check(
      start + [0xFF, 0xFE, 0, 9, 1],
      .segmentPastEnd(marker: 0xFE, offset: 2, length: 9, available: 3)
    )
    for marker in [0xC3, 0xC5, 0xC9, 0xCB, 0xCC, 0xCF] as [UInt8] {
      check(
        segment(marker, [8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
        .unsupportedProcess(marker: marker, offset: 2)
      )
    }

    // Frames.
    check(segment(0xC0, [8, 0, 8, 0]), .segmentTooShort(marker: 0xC0, offset: 2, length: 6))
    check(
      segment(0xC0, [8, 0, 8, 0, 8, 3, 1, 0x11, 0]),
      .segmentTooShort(marker: 0xC0, offset: 2, length: 11)
    )
    check(segment(0xC1, [12, 0, 8, 0, 8, 1, 1, 0x11, 0]), .unsupportedPrecision(bits: 12))
    check(
      segment(0xC0, [8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 0]),
      .unsupportedComponentCount(2)
    )
    #expect(
      refusal(segment(0xC0, [8, 0, 0, 0, 8, 1, 1, 0x11, 0])) == .noPixels(width: 8, height: 0)
    )
    for factors in [0x01, 0x10, 0x51, 0x15, 0xFF] as [UInt8] {
      check(
        segment(0xC0, [8, 0, 8, 0, 8, 1, 1, factors, 0]),
        .samplingFactor(component: 0, horizontal: Int(factors >> 4), vertical: Int(factors & 15))
      )
    }
    check(
      segment(0xC0, [8, 0, 8, 0, 8, 3, 1, 0x31, 0, 2, 0x21, 0, 3, 0x11, 0]),
      .fractionalSampling(component: 1, horizontal: 2, vertical: 1)
    )
    check(
      segment(0xC0, [8, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 1, 0x11, 0]),
      .duplicateComponent(id: 1)
    )
    check(
      segment(0xC0, [8, 0, 8, 0, 8, 1, 1, 0x11, 4]),
      .missingQuantizationTable(number: 4, component: 1)
    )
    let frame = fixture.frame(marker: 0xC0)
    check(start + frame + frame, .secondFrame(offset: 2 + frame.count))

    // Tables.
    check(segment(0xDB, [0x20]), .quantizationTable(number: 0, precision: 2, offset: 6))
    check(segment(0xDB, [0x04]), .quantizationTable(number: 4, precision: 0, offset: 6))
    check(segment(0xDB, [0, 1]), .segmentTooShort(marker: 0xDB, offset: 2, length: 4))
    check(segment(0xC4, [0x20]), .huffmanTable(number: 0, kind: 2, offset: 6))
    check(segment(0xC4, [0x04]), .huffmanTable(number: 4, kind: 0, offset: 6))
    check(segment(0xC4, [0, 1]), .segmentTooShort(marker: 0xC4, offset: 2, length: 4))
    let lengths = [UInt8](repeating: 0, count: 14)
    check(
      segment(0xC4, [0, 2] + [0] + lengths + [1, 2]),
      .huffmanOverfull(length: 1, offset: 6),
      "codes 0 and 1 leave none for all ones"
    )
    check(segment(0xC4, [0, 0, 4] + lengths), .huffmanOverfull(length: 2, offset: 6))
    check(
      segment(0xC4, [0, 0, 2] + lengths),
      .segmentTooShort(marker: 0xC4, offset: 2, length: 19)
    )
    check(segment(0xC4, [0, 1, 0] + lengths + [16]), .huffmanSymbol(offset: 6))
    let many = [0] + [UInt8](repeating: 0, count: 8) + [255, 2] + [UInt8](repeating: 0, count: 6)
    check(
      segment(0xC4, many + [UInt8](repeating: 0, count: 257)),
      .huffmanSymbol(offset: 6)
    )
    check(segment(0xDD, [0]), .segmentTooShort(marker: 0xDD, offset: 2, length: 3))
  }

  @Test("each way in which a scan header of a JPEG can be wrong has its error")
  func jpegScanHeaders() {
    let fixture = JPEGFixture(width: 16, height: 16, sampling: [(2, 1), (1, 1), (1, 1)], seed: 1)
    let sequential = fixture.beginning(marker: 0xC0)
    let progressive = fixture.beginning(marker: 0xC2)
    func check(_ beginning: [UInt8], _ content: [UInt8], _ expected: (Int) -> JPEGError) {
      let file = beginning + JPEGFixture.segment(0xDA, content) + [0, 0, 0, 0xFF, 0xD9]
      #expect(refusal(file) == .jpeg(expected(beginning.count)))
    }
    check([0xFF, 0xD8], [1, 1, 0, 0, 63, 0]) { .scanBeforeFrame(offset: $0) }
    check(sequential, []) { .segmentTooShort(marker: 0xDA, offset: $0, length: 2) }
    check(sequential, [2, 1, 0]) { .segmentTooShort(marker: 0xDA, offset: $0, length: 5) }
    check(sequential, [0, 0, 63, 0]) { .scanComponentCount(found: 0, offset: $0) }
    check(sequential, [4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]) {
      .scanComponentCount(found: 4, offset: $0)
    }
    check(sequential, [1, 9, 0, 0, 63, 0]) { .scanComponent(id: 9, offset: $0) }
    check(sequential, [2, 1, 0, 1, 0, 0, 63, 0]) { .scanComponent(id: 1, offset: $0) }
    check(sequential, [1, 1, 0x20, 0, 63, 0]) {
      .missingHuffmanTable(number: 2, forDC: true, offset: $0)
    }
    check(sequential, [1, 1, 0x0F, 0, 63, 0]) {
      .missingHuffmanTable(number: 15, forDC: false, offset: $0)
    }
    check(progressive, [1, 1, 0x10, 0, 0, 0]) {
      .missingHuffmanTable(number: 1, forDC: true, offset: $0)
    }
    let parameters: [(first: Int, last: Int, high: Int, low: Int, members: Int)] = [
      (0, 5, 0, 0, 1), (5, 4, 0, 0, 1), (1, 64, 0, 0, 1), (1, 5, 0, 0, 2), (0, 0, 0, 14, 1),
      (0, 0, 2, 0, 1), (1, 5, 1, 1, 1),
    ]
    for (first, last, high, low, members) in parameters {
      let header: [UInt8] = members == 1 ? [1, 1, 0] : [2, 1, 0, 2, 0]
      check(progressive, header + [UInt8(first), UInt8(last), UInt8(high << 4 | low)]) {
        .scanParameters(first: first, last: last, highBit: high, lowBit: low, offset: $0)
      }
    }
    check(progressive, [1, 1, 0, 1, 5, 0]) {
      .progressionOrder(coefficient: 1, highBit: 0, expected: 0, offset: $0)
    }
    check(progressive, [1, 1, 0, 0, 0, 0x10]) {
      .progressionOrder(coefficient: 0, highBit: 1, expected: 0, offset: $0)
    }

    var wide = JPEGFixture(width: 16, height: 16, sampling: [(1, 1), (1, 1), (1, 1)], seed: 1)
    for (index, factors) in [(4, 2), (2, 1), (1, 1)].enumerated() {
      (wide.components[index].horizontal, wide.components[index].vertical) = factors
    }
    check(wide.beginning(marker: 0xC0), [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]) { _ in
      .tooManyBlocksInUnit(found: 11)
    }
    var missing = fixture
    missing.components[1].factors = missing.components[0].factors
    let frame = missing.frame(marker: 0xC0)
    #expect(
      refusal(
        [0xFF, 0xD8] + frame + JPEGFixture.segment(0xDA, [1, 1, 0, 0, 63, 0]) + [0, 0xFF, 0xD9]
      )
        == .jpeg(.missingQuantizationTable(number: 0, component: 1))
    )
  }

  @Test("each way in which the data of a JPEG scan can be wrong has its error")
  func jpegData() {
    var fixture = JPEGFixture(width: 40, height: 16, sampling: [(1, 1)], seed: 1)
    fixture.codeLength = 9
    func file(_ marker: UInt8, _ headers: [UInt8], _ data: [UInt8]) -> [UInt8] {
      fixture.beginning(marker: marker) + headers + data + [0xFF, 0xD9]
    }
    let header = fixture.scanHeader([0], first: 0, last: 63, high: 0, low: 0)
    // All ones are no code.
    let ones: [UInt8] = [0xFF, 0, 0xFF, 0, 0xFF, 0]
    let begin = fixture.beginning(marker: 0xC0).count + header.count
    #expect(refusal(file(0xC0, header, ones)) == .jpeg(.badCode(offset: begin + 6)))
    // DC 0, then 15 zeros and a value four times.
    var writer = EntropyWriter()
    writer.write(0, 9)
    for _ in 0..<4 {
      writer.writeValue(1, run: 15, codeLength: 9)
    }
    guard case .jpeg(.runPastBlock)? = refusal(file(0xC0, header, writer.finish())) else {
      Issue.record("a run past the block was decoded")
      return
    }
    #expect(
      refusal(file(0xC0, header, [0, 0, 0]))
        == .jpeg(.scanEnds(offset: begin + 3, unit: 1, unitCount: 10))
    )

    // Restart markers.
    fixture.restartInterval = 2
    var restarted = fixture.baseline()
    let place = restarted.indices.first {
      restarted[$0] == 0xFF && restarted[$0 + 1] == 0xD1
    }!
    restarted[place + 1] = 0xD5
    #expect(
      refusal(restarted)
        == .jpeg(.restartMarker(offset: place, found: 0xD5, expected: 0xD1))
    )
    let cut = Array(restarted[..<place])
    #expect(
      refusal(cut) == .jpeg(.scanEnds(offset: cut.count, unit: 4, unitCount: 10))
    )
    fixture.restartInterval = 0

    // Progressive: a value of two bits in a refinement, a new coefficient behind the band, a run
    // behind the band, a component that no scan codes.
    func progressive(_ low: Int, _ write: (inout EntropyWriter) -> Void) -> [UInt8] {
      var first = EntropyWriter()
      for _ in 0..<10 {
        first.write(0, 9)
      }
      var next = EntropyWriter()
      write(&next)
      let dc = fixture.scanHeader([0], first: 0, last: 0, high: 0, low: 0) + first.finish()
      let ac = fixture.scanHeader([0], first: 1, last: 5, high: 0, low: 1)
      var blocks = EntropyWriter()
      for _ in 0..<10 {
        blocks.write(0, 9)
      }
      let refinement = fixture.scanHeader([0], first: 1, last: 5, high: 1, low: 0)
      return low == 1
        ? file(0xC2, dc + ac, next.finish())
        : file(0xC2, dc + ac + blocks.finish() + refinement, next.finish())
    }
    guard
      case .jpeg(.runPastBlock)? = refusal(
        progressive(1) { $0.writeValue(1, run: 5, codeLength: 9) }
      )
    else {
      Issue.record("a run past the band was decoded")
      return
    }
    guard
      case .jpeg(.badCode)? = refusal(
        progressive(0) { $0.writeValue(3, run: 0, codeLength: 9) }
      )
    else {
      Issue.record("two bits in a refinement were decoded")
      return
    }
    guard
      case .jpeg(.runPastBlock)? = refusal(
        progressive(0) { $0.writeValue(1, run: 7, codeLength: 9) }
      )
    else {
      Issue.record("a new coefficient behind the band was decoded")
      return
    }
    let two = JPEGFixture(width: 8, height: 8, sampling: [(1, 1), (1, 1), (1, 1)], seed: 1)
    var separate = two.separateScans()
    separate.removeLast(2)
    let last = separate.lastIndex(of: 0xDA)! - 1
    #expect(
      refusal(Array(separate[..<last]) + [0xFF, 0xD9]) == .jpeg(.componentNotCoded(id: 3))
    )
  }

  @Test("scans that visit blocks over and over for nothing are refused")
  func visits() {
    let fixture = JPEGFixture(width: 1000, height: 1000, sampling: [(1, 1)], seed: 1)
    var dc = EntropyWriter()
    for _ in 0..<125 * 125 {
      dc.write(0, 9)
    }
    var nothing = EntropyWriter()
    nothing.write(13 << 4, 9)
    nothing.write(125 * 125 - 1 << 13, 13)
    var file = fixture.beginning(marker: 0xC2)
    file += fixture.scanHeader([0], first: 0, last: 0, high: 0, low: 0) + dc.finish()
    for low in [2, 1, 0] {
      for coefficient in 1...63 {
        let high = low == 2 ? 0 : low + 1
        file += fixture.scanHeader(
          [0],
          first: coefficient,
          last: coefficient,
          high: high,
          low: low
        )
        file += nothing.finish()
      }
    }
    file += [0xFF, 0xD9]
    let limit = 24 * 125 * 125 + 64 * file.count + 1 << 20
    let visits = (limit / (125 * 125) + 1) * 125 * 125
    #expect(refusal(file) == .jpeg(.tooManyVisits(blocks: visits, limit: limit)))
  }
}
