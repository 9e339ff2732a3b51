import Testing

@testable import Vision

/// Pillow's coefficients as it computes them, in `double`: the reference of the integer rule.
struct FloatingPointWeights {
  var starts: [Int] = []
  var weights: [[Int32]] = []

  init(sourceLength: Int, length: Int) {
    let scale = Double(sourceLength) / Double(length)
    let filterScale = max(scale, 1)
    let support = filterScale
    for index in 0..<length {
      let center = (Double(index) + 0.5) * scale
      let first = max(0, Int(center - support + 0.5))
      let end = min(sourceLength, Int(center + support + 0.5))
      var row: [Double] = []
      var sum = 0.0
      for sample in 0..<(end - first) {
        let distance = abs((Double(sample + first) - center + 0.5) * (1 / filterScale))
        let weight = distance < 1 ? 1 - distance : 0
        row.append(weight)
        sum += weight
      }
      starts.append(first)
      weights.append(row.map { Int32(0.5 + $0 / sum * Double(1 << 22)) })
    }
  }
}

/// The first destination sample whose weights differ from Pillow's, zeros at the ends aside.
private func firstDifference(sourceLength: Int, length: Int) -> String? {
  let found = ResizeWeights(sourceLength: sourceLength, length: length)
  let expected = FloatingPointWeights(sourceLength: sourceLength, length: length)
  for index in 0..<length {
    let taps = index * found.taps
    let start = Int(found.starts[index])
    let count = Int(found.counts[index])
    for (offset, weight) in expected.weights[index].enumerated() {
      let sample = expected.starts[index] + offset
      let own =
        sample >= start && sample < start + count ? found.weights[taps + sample - start] : 0
      if own != weight {
        return "\(sourceLength) to \(length), result \(index), source \(sample): "
          + "\(own), expected \(weight)"
      }
    }
    if start < expected.starts[index]
      || start + count > expected.starts[index] + expected.weights[index].count
    {
      return "\(sourceLength) to \(length), result \(index): the window is too wide"
    }
  }
  return nil
}

@Suite("Resize")
struct ResizeTests {
  struct Manifest: Decodable {
    struct File: Decodable {
      var source: String
      var expected: String
      var width: Int
      var height: Int
    }
    var files: [File]
  }

  @Test(
    "every sample equals Pillow's bilinear filter",
    .enabled(if: SharedFiles.exist, "../shared is absent")
  )
  func golden() throws {
    let manifest = try SharedFiles.json("golden/resize/manifest.json", as: Manifest.self)
    #expect(!manifest.files.isEmpty)
    for file in manifest.files {
      let source = try readReference("golden/resize/\(file.source)")
      let expected = try readReference("golden/resize/\(file.expected)")
      let found = source.resized(width: file.width, height: file.height)
      #expect(difference(found, expected) == nil, "\(file.expected)")
    }
  }

  @Test("weights equal Pillow's double arithmetic for all lengths to 160")
  func everySmallLength() {
    for sourceLength in 1...160 {
      for length in 1...160 {
        if let text = firstDifference(sourceLength: sourceLength, length: length) {
          Issue.record("\(text)")
          return
        }
      }
    }
  }

  @Test("weights equal Pillow's double arithmetic for the lengths of photographs")
  func photographLengths() {
    let sources = [480, 640, 720, 1080, 1280, 1333, 1920, 2048, 2160, 3000, 3840, 4000, 4096, 6000]
    let results = [1, 2, 3, 31, 320, 333, 426, 480, 512, 533, 640, 750, 799, 800, 1066, 1333, 2048]
    for source in sources {
      for result in results {
        if let text = firstDifference(sourceLength: source, length: result) {
          Issue.record("\(text)")
        }
      }
    }
  }

  @Test("weights equal Pillow's double arithmetic for random lengths", arguments: [20_261_121])
  func randomLengths(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<400 {
      let source = Int.random(in: 1...8000, using: &generator)
      let result = Int.random(in: 1...2000, using: &generator)
      if let text = firstDifference(sourceLength: source, length: result) {
        Issue.record("\(text) (seed \(seed))")
      }
    }
  }

  /// One pass over a line of samples, rounded as Pillow rounds.
  private func pass(_ samples: [Int], length: Int) -> [Int] {
    let weights = FloatingPointWeights(sourceLength: samples.count, length: length)
    return (0..<length).map { index in
      var sum = 1 << 21
      for (offset, weight) in weights.weights[index].enumerated() {
        sum += samples[weights.starts[index] + offset] * Int(weight)
      }
      return max(0, min(255, sum >> 22))
    }
  }

  /// A channel in another size: along one direction, then along the other.
  private func resized(_ rows: [[Int]], width: Int, height: Int) -> [[Int]] {
    func transposed(_ rows: [[Int]]) -> [[Int]] {
      rows[0].indices.map { column in rows.map { $0[column] } }
    }
    func alongRows(_ rows: [[Int]]) -> [[Int]] {
      rows.map { pass($0, length: width) }
    }
    func alongColumns(_ rows: [[Int]]) -> [[Int]] {
      transposed(transposed(rows).map { pass($0, length: height) })
    }
    let lostRows = rows.count - height
    let lostColumns = rows[0].count - width
    return lostRows > 0 && lostRows > 2 * lostColumns
      ? alongRows(alongColumns(rows)) : alongColumns(alongRows(rows))
  }

  @Test("two rounded passes in Pillow's order, for random sizes", arguments: [13])
  func twoPasses(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var columnsFirst = 0
    for _ in 0..<120 {
      let sizes = (0..<4).map { _ in Int.random(in: 1...40, using: &generator) }
      let image = Image(
        width: sizes[0],
        height: sizes[1],
        pixels: (0..<sizes[0] * sizes[1] * 3).map { _ in
          UInt8.random(in: 0...255, using: &generator)
        }
      )
      let found = image.resized(width: sizes[2], height: sizes[3])
      for channel in 0..<3 {
        let rows = (0..<sizes[1]).map { y in
          (0..<sizes[0]).map { x in Int(image.pixels[(y * sizes[0] + x) * 3 + channel]) }
        }
        let expected = resized(rows, width: sizes[2], height: sizes[3])
        for y in 0..<sizes[3] {
          for x in 0..<sizes[2] {
            let sample = Int(found.pixels[(y * sizes[2] + x) * 3 + channel])
            if sample != expected[y][x] {
              Issue.record("\(sizes), \(x), \(y): \(sample), expected \(expected[y][x])")
              return
            }
          }
        }
      }
      columnsFirst +=
        ResizePlan(
          sourceWidth: sizes[0],
          sourceHeight: sizes[1],
          width: sizes[2],
          height: sizes[3]
        ).columnsFirst ? 1 : 0
    }
    #expect(columnsFirst > 20 && columnsFirst < 100)
  }

  @Test("rows shared out among calls, strides and unaligned scratch give the same bytes")
  func partition() {
    var generator = SeededGenerator(seed: 5)
    let source = Image(
      width: 37,
      height: 29,
      pixels: (0..<37 * 29 * 3).map { _ in UInt8.random(in: 0...255, using: &generator) }
    )
    for (width, height) in [(53, 41), (11, 9), (37, 8), (20, 29), (30, 4)] {
      let expected = source.resized(width: width, height: height)
      let plan = ResizePlan(sourceWidth: 37, sourceHeight: 29, width: width, height: height)
      let rowStride = 37 * 3 + 7
      var padded = [UInt8](repeating: 99, count: rowStride * 29)
      for row in 0..<29 {
        for column in 0..<37 * 3 {
          padded[row * rowStride + column] = source.pixels[row * 37 * 3 + column]
        }
      }
      let destinationStride = width * 3 + 5
      var result = [UInt8](repeating: 7, count: destinationStride * height)
      var scratch = [UInt8](repeating: 0, count: plan.scratchByteCount + 2)
      for range in [0..<1, 1..<height / 2, height / 2..<height] {
        padded.withUnsafeBufferPointer { source in
          result.withUnsafeMutableBufferPointer { result in
            scratch.withUnsafeMutableBytes { scratch in
              plan.run(
                source: source.baseAddress!,
                rowStride: rowStride,
                destination: result.baseAddress!,
                destinationRowStride: destinationStride,
                rows: range,
                scratch: scratch.baseAddress! + 1
              )
            }
          }
        }
        #expect(scratch[0] == 0 && scratch[plan.scratchByteCount + 1] == 0)
        scratch = [UInt8](repeating: 0, count: scratch.count)
      }
      for row in 0..<height {
        let begin = row * destinationStride
        #expect(
          Array(result[begin..<begin + width * 3])
            == Array(expected.pixels[row * width * 3..<(row + 1) * width * 3])
        )
        #expect(result[begin + width * 3..<begin + destinationStride].allSatisfy { $0 == 7 })
      }
    }
  }

  @Test("a picture of one colour keeps it in every size")
  func constant() {
    let image = Image(width: 19, height: 23, color: Color(red: 255, green: 1, blue: 128))
    for (width, height) in [(1, 1), (7, 50), (190, 3), (18, 22), (20, 24)] {
      let resized = image.resized(width: width, height: height)
      #expect(
        resized == Image(width: width, height: height, color: Color(red: 255, green: 1, blue: 128))
      )
    }
  }
}
