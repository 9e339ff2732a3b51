@testable import Vision

/// The pixels of a fixture, computed one sample at a time from the definitions.
extension JPEGFixture {
  /// The samples of a component in its own size.
  func samples(_ index: Int) -> (values: [[Int]], width: Int, height: Int) {
    let component = components[index]
    let single = components.count == 1
    let horizontal = single ? 1 : component.horizontal
    let vertical = single ? 1 : component.vertical
    let width =
      (width * horizontal + (single ? 1 : maxHorizontal) - 1) / (single ? 1 : maxHorizontal)
    let height = (height * vertical + (single ? 1 : maxVertical) - 1) / (single ? 1 : maxVertical)
    var values = [[Int]](repeating: [Int](repeating: 0, count: width), count: height)
    for row in 0..<(height + 7) / 8 {
      for column in 0..<(width + 7) / 8 {
        let block = component.blocks[blockIndex(index, row: row, column: column)]
        let samples = referenceInverseDCT(block, factors: component.factors)
        for y in 0..<min(8, height - row * 8) {
          for x in 0..<min(8, width - column * 8) {
            values[row * 8 + y][column * 8 + x] = samples[y * 8 + x]
          }
        }
      }
    }
    return (values, width, height)
  }

  /// A component in the size of the picture.
  func enlarged(_ index: Int) -> [[Int]] {
    let (values, width, height) = samples(index)
    let component = components[index]
    let single = components.count == 1
    let ratioX = single ? 1 : maxHorizontal / component.horizontal
    let ratioY = single ? 1 : maxVertical / component.vertical
    let smoothX = ratioX == 2 && ratioY <= 2 && width > 2
    let smoothY = ratioY == 2 && (ratioX == 1 || smoothX)
    return (0..<self.height).map { y in
      let near = y / ratioY
      let far = max(0, min(height - 1, y % 2 == 0 ? near - 1 : near + 1))
      return (0..<self.width).map { x in
        let column = x / ratioX
        let next = max(0, min(width - 1, x % 2 == 0 ? column - 1 : column + 1))
        switch (smoothX, smoothY) {
        case (false, false):
          return values[near][column]
        case (true, false):
          return (3 * values[near][column] + values[near][next] + (x % 2 == 0 ? 1 : 2)) / 4
        case (false, true):
          return (3 * values[near][column] + values[far][column] + (y % 2 == 0 ? 1 : 2)) / 4
        case (true, true):
          let own = 3 * values[near][column] + values[far][column]
          let other = 3 * values[near][next] + values[far][next]
          return (3 * own + other + (x % 2 == 0 ? 8 : 7)) / 16
        }
      }
    }
  }

  /// The picture, the components being gray, YCbCr or (inverted) CMYK.
  func picture(_ colorSpace: JPEGColorSpace) -> Image {
    let planes = components.indices.map(enlarged)
    var image = Image(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        let samples = planes.map { $0[y][x] }
        image[x, y] = referenceColor(samples, colorSpace)
      }
    }
    return image
  }
}

func referenceColor(_ samples: [Int], _ colorSpace: JPEGColorSpace) -> Color {
  func rgb(_ red: Int, _ green: Int, _ blue: Int) -> [Int] {
    [red, green, blue].map { max(0, min(255, $0)) }
  }
  func fromYCbCr() -> [Int] {
    let (y, cb, cr) = (samples[0], samples[1] - 128, samples[2] - 128)
    return rgb(
      y + (91_881 * cr + 32_768) >> 16,
      y + (-22_554 * cb - 46_802 * cr + 32_768) >> 16,
      y + (116_130 * cb + 32_768) >> 16
    )
  }
  func fromInks(_ inks: [Int]) -> [Int] {
    let black = samples[3]
    return inks.map { ink in
      // The nearest whole number to the quotient.
      black - ((255 - ink) * black * 2 + 255) / 510
    }
  }
  let color: [Int] =
    switch colorSpace {
    case .gray: [samples[0], samples[0], samples[0]]
    case .rgb: Array(samples[0...2])
    case .yCbCr: fromYCbCr()
    case .cmyk: fromInks(Array(samples[0...2]))
    case .ycck: fromInks(fromYCbCr().map { 255 - $0 })
    }
  return Color(red: UInt8(color[0]), green: UInt8(color[1]), blue: UInt8(color[2]))
}

/// The inverse transform with the multiplications in their published order: columns, then rows.
///
/// The sums that libjpeg-turbo computes in 16 and in 32 bits wrap here as they do there.
func referenceInverseDCT(_ coefficients: [Int16], factors: [UInt16]) -> [Int] {
  func short(_ value: Int) -> Int { Int(Int16(truncatingIfNeeded: value)) }
  func long(_ value: Int) -> Int { Int(Int32(truncatingIfNeeded: value)) }
  func pass(_ input: [Int], shift: Int) -> [Int] {
    let z1 = (input[2] + input[6]) * 4433
    let even2 = z1 - input[6] * 15_137
    let even3 = z1 + input[2] * 6270
    let even0 = short(input[0] + input[4]) << 13
    let even1 = short(input[0] - input[4]) << 13
    let bases = [even0 + even3, even1 + even2, even1 - even2, even0 - even3]
    let (a, b, c, d) = (input[7], input[5], input[3], input[1])
    let z5 = (short(a + c) + short(b + d)) * 9633
    let z3 = z5 - short(a + c) * 16_069
    let z4 = z5 - short(b + d) * 3196
    let first = (a + d) * -7373
    let second = (b + c) * -20_995
    let odds = [
      d * 12_299 + first + z4, c * 25_172 + second + z3, b * 16_819 + second + z4,
      a * 2446 + first + z3,
    ]
    let half = 1 << (shift - 1)
    return (0..<4).map { long(bases[$0] + odds[$0] + half) >> shift }
      + (0..<4).reversed().map { long(bases[$0] - odds[$0] + half) >> shift }
  }
  var columns = [Int](repeating: 0, count: 64)
  let block = zip(coefficients, factors).map { short(Int($0) * Int($1)) }
  let isFlat = coefficients[8...].allSatisfy { $0 == 0 }
  for x in 0..<8 {
    if isFlat {
      // Where only the first row has coefficients, the first pass is a shift that wraps.
      for y in 0..<8 {
        columns[y * 8 + x] = short(block[x] << 2)
      }
      continue
    }
    for (y, value) in pass((0..<8).map { block[$0 * 8 + x] }, shift: 11).enumerated() {
      columns[y * 8 + x] = max(-32_768, min(32_767, value))
    }
  }
  return (0..<8).flatMap { y in
    pass(Array(columns[y * 8..<y * 8 + 8]), shift: 18).map { max(0, min(255, $0 + 128)) }
  }
}
