import Testing

@testable import Vision

@Suite("Drawing")
struct DrawingTests {
  private let red = Color(red: 255, green: 0, blue: 0)

  /// The pixels that differ from black.
  private func drawn(_ image: Image) -> Set<[Int]> {
    var places: Set<[Int]> = []
    for y in 0..<image.height {
      for x in 0..<image.width where image[x, y] != .black {
        places.insert([x, y])
      }
    }
    return places
  }

  /// The pixels of the picture that `contains` holds for.
  private func places(
    _ image: Image,
    where contains: (Int, Int) -> Bool
  ) -> Set<[Int]> {
    var places: Set<[Int]> = []
    for y in 0..<image.height {
      for x in 0..<image.width where contains(x, y) {
        places.insert([x, y])
      }
    }
    return places
  }

  @Test("a box colours its frame and nothing else, clipped at the borders", arguments: [404])
  func boxes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<400 {
      let numbers = (0..<4).map { _ in Int.random(in: -15...30, using: &generator) }
      let (x, y, width, height) = (numbers[0], numbers[1], numbers[2], numbers[3])
      let thickness = Int.random(in: 0...6, using: &generator)
      var image = Image(width: 20, height: 16)
      image.drawBox(x: x, y: y, width: width, height: height, color: red, thickness: thickness)
      let expected = places(image) { column, row in
        let left = column - x
        let top = row - y
        let isInside = left >= 0 && top >= 0 && left < width && top < height
        let isFrame =
          left < thickness || top < thickness || left >= width - thickness
          || top >= height - thickness
        return isInside && isFrame && thickness > 0
      }
      #expect(drawn(image) == expected, "\(x) \(y) \(width) \(height) \(thickness), seed \(seed)")
    }
  }

  @Test("numbers at the ends of their range draw nothing wrong")
  func extremes() {
    let extremes = [Int.min, Int.min + 1, -1, 0, 1, 5, Int.max - 1, Int.max]
    var image = Image(width: 4, height: 3)
    for x in extremes {
      for width in extremes {
        for thickness in extremes {
          image.drawBox(x: x, y: 0, width: width, height: 3, color: red, thickness: thickness)
          image.drawBox(x: 0, y: x, width: 3, height: width, color: red, thickness: thickness)
        }
        image.fill(x: x, y: x, width: width, height: width, color: red)
        image.drawText("ab", x: x, y: width, color: red, background: .white, scale: 1)
        image.drawText("ab", x: 0, y: 0, color: red, background: .white, scale: x)
        image.drawDetection(
          label: Array("a".utf8).span,
          x: x,
          y: width,
          width: width,
          height: x,
          color: red
        )
      }
    }
    image = Image(width: 4, height: 3)
    image.fill(x: -1, y: Int.min, width: 3, height: Int.max, color: red)
    #expect(drawn(image).isEmpty)
    image.fill(x: -1, y: -1, width: 3, height: Int.max, color: red)
    #expect(drawn(image) == [[0, 0], [1, 0], [0, 1], [1, 1], [0, 2], [1, 2]])
  }

  @Test("every character has a shape of its own inside its cell")
  func characters() {
    var shapes: Set<[UInt8]> = []
    for character in 32...126 as ClosedRange<UInt8> {
      let shape = (0..<BitmapFont.rows).map { BitmapFont.row($0, of: character) }
      #expect(shape.allSatisfy { $0 < 32 })
      #expect(character == 32 || shape.contains { $0 != 0 })
      shapes.insert(shape)
    }
    #expect(shapes.count == 95)
    let question = (0..<BitmapFont.rows).map { BitmapFont.row($0, of: UInt8(ascii: "?")) }
    for character in [0, 31, 127, 200, 255] as [UInt8] {
      #expect((0..<BitmapFont.rows).map { BitmapFont.row($0, of: character) } == question)
    }
  }

  @Test("text fills its background and draws its characters, at every scale and place")
  func text() {
    for scale in [1, 2, 3] {
      let size = Image.textSize(2, scale: scale)
      #expect(size == (13 * scale, 11 * scale))
      for (x, y) in [(0, 0), (5, 3), (-4, -7), (30, 20)] {
        var image = Image(width: 40, height: 30)
        image.drawText("Lj", x: x, y: y, color: .white, background: red, scale: scale)
        let background = places(image) { column, row in
          column >= x && row >= y && column < x + size.width && row < y + size.height
        }
        #expect(drawn(image) == background)
        let ink = places(image) { image[$0, $1] == .white }
        let expected = places(image) { column, row in
          guard column >= x + scale, row >= y + scale else { return false }
          let cell = (column - x - scale) / scale
          let line = (row - y - scale) / scale
          guard cell < 12, cell % 6 < 5, line < 9 else { return false }
          let character = Array("Lj".utf8)[cell / 6]
          return BitmapFont.row(line, of: character) >> UInt8(4 - cell % 6) & 1 == 1
        }
        #expect(ink == expected, "scale \(scale) at \(x), \(y)")
      }
    }
  }

  @Test("a label stands above its box, or inside where there is no room")
  func labels() {
    var image = Image(width: 60, height: 60)
    let label = Array("ab 1".utf8)
    image.drawDetection(label: label.span, x: 10, y: 30, width: 30, height: 20, color: red)
    #expect(image[10, 19] == red && image[10, 18] == .black)
    image = Image(width: 60, height: 60)
    image.drawDetection(label: label.span, x: 50, y: 4, width: 30, height: 20, color: red)
    #expect(image[35, 4] == red && image[34, 4] == .black && image[35, 3] == .black)
  }

  @Test("letters on a colour are black on light and white on dark")
  func contrast() {
    #expect(Color.white.contrasting == .black)
    #expect(Color.black.contrasting == .white)
    #expect(
      Set((0..<12).map { [Color.distinct($0)].map { [$0.red, $0.green, $0.blue] } }).count == 12
    )
    #expect(Color.distinct(-1) == Color.distinct(11))
    #expect(Color.distinct(Int.min) == Color.distinct(Int.min % 12 + 12))
  }
}
