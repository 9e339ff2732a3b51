import Testing

@testable import Vision

@Suite("DETR's size rule")
struct DetrSizeTests {
  struct Rows: Decodable {
    var rows: [[Int]]
    var differing: [[Int]]
    enum CodingKeys: String, CodingKey {
      case rows
      case differing = "rows_where_the_official_repository_differs"
    }
  }

  @Test(
    "all reference rows come out, of both rules",
    .enabled(if: SharedFiles.exist, "../shared is absent")
  )
  func golden() throws {
    let table = try SharedFiles.json("golden/resize/size-rule.json", as: Rows.self)
    #expect(!table.rows.isEmpty && !table.differing.isEmpty)
    for row in table.rows {
      let found = detrSize(
        height: row[0],
        width: row[1],
        shortestEdge: row[2],
        longestEdge: row[3]
      )
      #expect([found.height, found.width] == [row[4], row[5]], "\(row)")
      let official = officialDetrSize(
        height: row[0],
        width: row[1],
        shortestEdge: row[2],
        longestEdge: row[3]
      )
      let differing = table.differing.first { $0.prefix(4) == row.prefix(4) }
      let expected = differing.map { Array($0[6...7]) } ?? Array(row[4...5])
      #expect([official.height, official.width] == expected, "\(row)")
    }
  }

  /// The rule of transformers, in the floating point of its Python.
  private func reference(
    height: Int,
    width: Int,
    shortestEdge: Int,
    longestEdge: Int
  ) -> (height: Int, width: Int) {
    var size = shortestEdge
    var unrounded: Double?
    let shorter = Double(min(height, width))
    let longer = Double(max(height, width))
    if longer / shorter * Double(size) > Double(longestEdge) {
      unrounded = Double(longestEdge) * shorter / longer
      size = Int(unrounded!.rounded(.toNearestOrEven))
    }
    if (height <= width && height == size) || (width <= height && width == size) {
      return (height, width)
    }
    if width < height {
      let long = unrounded.map { Int($0 * Double(height) / Double(width)) }
      return (max(1, long ?? Int(Double(size * height) / Double(width))), max(1, size))
    }
    let long = unrounded.map { Int($0 * Double(width) / Double(height)) }
    return (max(1, size), max(1, long ?? Int(Double(size * width) / Double(height))))
  }

  @Test("integers give what double arithmetic gives, for 2 million random sizes")
  func sweep() {
    var generator = SeededGenerator(seed: 81)
    var lost = 0
    for round in 0..<2_000_000 {
      let limit = round & 1 == 0 ? 4000 : 65_535
      let height = Int.random(in: 1...limit, using: &generator)
      let width = Int.random(in: 1...limit, using: &generator)
      let shortestEdge = Int.random(in: 1...1500, using: &generator)
      let longestEdge = Int.random(in: shortestEdge...2500, using: &generator)
      let found = detrSize(
        height: height,
        width: width,
        shortestEdge: shortestEdge,
        longestEdge: longestEdge
      )
      let expected = reference(
        height: height,
        width: width,
        shortestEdge: shortestEdge,
        longestEdge: longestEdge
      )
      if found != expected {
        Issue.record(
          "\(height) x \(width), \(shortestEdge), \(longestEdge): \(found), expected \(expected)"
        )
        return
      }
      // Exact arithmetic gives the longest edge wherever it binds.
      let binds = max(height, width) * shortestEdge > longestEdge * min(height, width)
      lost += binds && max(found.height, found.width) == longestEdge - 1 ? 1 : 0
    }
    #expect(lost > 0, "no size was drawn where rounding costs a pixel")
  }

  @Test("without a longest edge only the shortest one counts")
  func unlimited() {
    #expect(detrSize(height: 100, width: 1000, shortestEdge: 800, longestEdge: nil) == (800, 8000))
    #expect(detrSize(height: 1000, width: 100, shortestEdge: 50, longestEdge: nil) == (500, 50))
  }

  @Test("no side ever becomes 0")
  func extremeShape() {
    #expect(detrSize(height: 1, width: 65_535, shortestEdge: 800, longestEdge: 1333).height == 1)
    #expect(
      officialDetrSize(height: 65_535, width: 1, shortestEdge: 800, longestEdge: 1333).width == 1
    )
  }

  @Test("rounded numbers multiply and divide as double does")
  func roundedNumbers() {
    var generator = SeededGenerator(seed: 53)
    for _ in 0..<200_000 {
      let numbers = (0..<4).map { _ in
        Int(
          UInt32.random(in: 1...UInt32.max, using: &generator)
            >> UInt32.random(in: 0...31, using: &generator)
        ) | 1
      }
      let expected =
        Double(numbers[0]) / Double(numbers[1]) * Double(numbers[2]) / Double(numbers[3])
      let found = RoundedNumber(numbers[0]).divided(by: numbers[1]).multiplied(by: numbers[2])
        .divided(by: numbers[3])
      #expect(
        expected
          == Double(sign: .plus, exponent: found.exponent, significand: Double(found.significand))
      )
      if expected < 1_000_000 {
        #expect(found.floor == Int(expected))
        #expect(found.nearest == Int(expected.rounded(.toNearestOrEven)))
      }
    }
    #expect(RoundedNumber(5).divided(by: 2).nearest == 2)
    #expect(RoundedNumber(7).divided(by: 2).nearest == 4)
    #expect(RoundedNumber(1333).exceeds(1332) && !RoundedNumber(1333).exceeds(1333))
  }
}
