@testable import Vision

/// A JPEG made of given coefficients, written in any of the ways in which a file may store them.
///
/// Its Huffman tables give all 256 symbols codes of one length, so that the code of a symbol is the
/// symbol itself.
struct JPEGFixture {
  struct Component {
    var id: UInt8
    var horizontal: Int
    var vertical: Int
    /// 64 quantisation factors, row by row.
    var factors: [UInt16]
    /// Blocks of 64 coefficients row by row, in whole units.
    var blocks: [[Int16]] = []
  }

  var width: Int
  var height: Int
  var components: [Component]
  var codeLength = 9
  var restartInterval = 0
  /// Segments that stand before the frame.
  var segments: [[UInt8]] = []

  var maxHorizontal: Int { components.map(\.horizontal).max()! }
  var maxVertical: Int { components.map(\.vertical).max()! }
  var unitsPerRow: Int { (width + 8 * maxHorizontal - 1) / (8 * maxHorizontal) }
  var unitRows: Int { (height + 8 * maxVertical - 1) / (8 * maxVertical) }

  /// Random coefficients: a few of low frequency, seldom one of a high frequency.
  init(
    width: Int,
    height: Int,
    sampling: [(Int, Int)],
    seed: UInt64,
    amplitude: Int16 = 40,
    factors: (Int) -> UInt16 = { UInt16(2 + $0 / 4) }
  ) {
    self.width = width
    self.height = height
    components = sampling.enumerated().map { index, factor in
      Component(
        id: UInt8(index + 1),
        horizontal: factor.0,
        vertical: factor.1,
        factors: (0..<64).map(factors)
      )
    }
    var generator = SeededGenerator(seed: seed)
    for index in components.indices {
      let count =
        unitsPerRow * unitRows * components[index].horizontal * components[index].vertical
      components[index].blocks = (0..<count).map { _ in
        var block = [Int16](repeating: 0, count: 64)
        block[0] = Int16.random(in: -200...200, using: &generator)
        let kind = Int.random(in: 0...9, using: &generator)
        let coefficientCount = kind < 3 ? 0 : kind < 7 ? 4 : 24
        let reach = kind < 7 ? 4 : 8
        for _ in 0..<coefficientCount {
          let place =
            Int.random(in: 0..<reach, using: &generator) * 8
            + Int.random(in: 0..<reach, using: &generator)
          if place > 0 {
            block[place] = Int16.random(in: -amplitude...amplitude, using: &generator)
          }
        }
        return block
      }
    }
  }

  /// The index of a block of a component that stands at the given row and column.
  func blockIndex(_ component: Int, row: Int, column: Int) -> Int {
    row * unitsPerRow * components[component].horizontal + column
  }

  /// One scan with everything.
  func baseline(marker: UInt8 = 0xC0) -> [UInt8] {
    beginning(marker: marker) + sequentialScan(Array(components.indices)) + [0xFF, 0xD9]
  }

  /// One sequential scan for each component.
  func separateScans() -> [UInt8] {
    beginning(marker: 0xC0) + components.indices.flatMap { sequentialScan([$0]) } + [0xFF, 0xD9]
  }

  /// Progressive: DC in two steps, AC in two bands and three steps.
  func progressive() -> [UInt8] {
    let interleaved =
      components.count > 1
      && components.map { $0.horizontal * $0.vertical }.reduce(0, +) <= 10
    let dcScans = interleaved ? [Array(components.indices)] : components.indices.map { [$0] }
    var file = beginning(marker: 0xC2)
    for members in dcScans {
      file += scan(members, first: 0, last: 0, high: 0, low: 1)
    }
    for member in components.indices {
      file += scan([member], first: 1, last: 5, high: 0, low: 2)
      file += scan([member], first: 6, last: 63, high: 0, low: 2)
    }
    for low in [1, 0] {
      for member in components.indices {
        file += scan([member], first: 1, last: 63, high: low + 1, low: low)
      }
    }
    for members in dcScans {
      file += scan(members, first: 0, last: 0, high: 1, low: 0)
    }
    return file + [0xFF, 0xD9]
  }

  /// All segments before the first scan.
  func beginning(marker: UInt8) -> [UInt8] {
    var file: [UInt8] = [0xFF, 0xD8]
    for segment in segments {
      file += segment
    }
    for (index, component) in components.enumerated() {
      let isWide = component.factors.contains { $0 > 255 }
      var content = [UInt8(isWide ? 16 : 0) | UInt8(index)]
      for place in 0..<64 {
        let factor = component.factors[Int(zigzag[place])]
        content += isWide ? [UInt8(factor >> 8), UInt8(factor & 255)] : [UInt8(factor)]
      }
      file += Self.segment(0xDB, content)
    }
    file += frame(marker: marker)
    for kind in [0x00, 0x10] as [UInt8] {
      file += huffmanTable(kind)
    }
    if restartInterval > 0 {
      file += Self.segment(0xDD, [UInt8(restartInterval >> 8), UInt8(restartInterval & 255)])
    }
    return file
  }

  func frame(marker: UInt8) -> [UInt8] {
    var content: [UInt8] = [
      8, UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255),
      UInt8(components.count),
    ]
    for (index, component) in components.enumerated() {
      content += [
        component.id, UInt8(component.horizontal << 4 | component.vertical), UInt8(index),
      ]
    }
    return Self.segment(marker, content)
  }

  /// A table of all symbols, for DC of the 16 that are allowed.
  func huffmanTable(_ kind: UInt8) -> [UInt8] {
    let symbolCount = kind < 16 ? 16 : 255
    var content: [UInt8] = [kind] + [UInt8](repeating: 0, count: 16)
    content[codeLength] = UInt8(symbolCount)
    return Self.segment(0xC4, content + (0..<symbolCount).map { UInt8($0) })
  }

  static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
    let length = content.count + 2
    return [0xFF, marker, UInt8(length >> 8), UInt8(length & 255)] + content
  }
}
