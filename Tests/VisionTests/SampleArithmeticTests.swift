import Foundation
import Testing

@testable import Vision

@Suite("The arithmetic of JPEG samples")
struct SampleArithmeticTests {
  /// The samples of one block.
  private func samples(_ coefficients: [Int16], factors: [UInt16]) -> [Int] {
    var values = coefficients
    var words = [SIMD8<UInt8>](repeating: SIMD8(repeating: 0), count: 8)
    let coefficientSpan = values.mutableSpan
    var wordSpan = words.mutableSpan
    InverseDCT.reconstruct(
      coefficientSpan,
      at: 0,
      last: InverseDCT.last(coefficientSpan, at: 0),
      factors: InverseDCT.factors(factors.map { Int16(bitPattern: $0) }),
      into: &wordSpan,
      at: 0,
      stride: 1
    )
    return (0..<64).map { Int(wordSpan[$0 / 8][$0 % 8]) }
  }

  @Test("the vector transform equals the scalar one, to the extremes of 16 bits", arguments: [1701])
  func scalarTransform(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for round in 0..<20_000 {
      var coefficients = [Int16](repeating: 0, count: 64)
      let limit = [3, 40, 300, 2047, 32_767][round % 5]
      let reach = [1, 2, 4, 8][round / 5 % 4]
      for _ in 0..<Int.random(in: 0...20, using: &generator) {
        let place =
          8 * Int.random(in: 0..<reach, using: &generator)
          + Int.random(in: 0..<[1, 4, 8][round % 3], using: &generator)
        coefficients[place] = Int16(Int.random(in: -limit...limit, using: &generator))
      }
      let factors = (0..<64).map { _ in
        UInt16.random(in: 1...(round % 2 == 0 ? 1 : 300), using: &generator)
      }
      let found = samples(coefficients, factors: factors)
      let expected = referenceInverseDCT(coefficients, factors: factors)
      if found != expected {
        Issue.record(
          "\(coefficients) times \(factors): \(found), expected \(expected), seed \(seed)"
        )
        return
      }
    }
  }

  @Test("the transform is within one level of the cosine sum")
  func cosineSum() {
    var generator = SeededGenerator(seed: 12)
    var sumOfErrors = 0.0
    for _ in 0..<500 {
      var coefficients = [Int16](repeating: 0, count: 64)
      for place in 0..<64 {
        coefficients[place] = Int16.random(in: -60...60, using: &generator) / Int16(1 + place / 4)
      }
      let found = samples(coefficients, factors: [UInt16](repeating: 4, count: 64))
      for y in 0..<8 {
        for x in 0..<8 {
          var sum = 0.0
          for v in 0..<8 {
            for u in 0..<8 {
              let scale = (u == 0 ? 0.5.squareRoot() : 1) * (v == 0 ? 0.5.squareRoot() : 1) / 4
              sum +=
                scale * Double(coefficients[v * 8 + u]) * 4
                * cos(Double((2 * x + 1) * u) * .pi / 16)
                * cos(Double((2 * y + 1) * v) * .pi / 16)
            }
          }
          let expected = max(0, min(255, sum + 128))
          let error = abs(Double(found[y * 8 + x]) - expected)
          #expect(error < 1)
          sumOfErrors += error
        }
      }
    }
    #expect(sumOfErrors / (500 * 64) < 0.3)
  }

  @Test("all 16 million colours convert as the formula says")
  func colorConversion() {
    for cb in 0..<256 {
      for cr in 0..<256 {
        for start in stride(from: 0, to: 256, by: 8) {
          var luma = SIMD8<UInt8>(repeating: 0)
          for lane in 0..<8 {
            luma[lane] = UInt8(start + lane)
          }
          let found = convertYCbCr(
            luma,
            SIMD8(repeating: UInt8(cb)),
            SIMD8(repeating: UInt8(cr))
          )
          let red = (91_881 * (cr - 128) + 32_768) >> 16
          let green = (-22_554 * (cb - 128) - 46_802 * (cr - 128) + 32_768) >> 16
          let blue = (116_130 * (cb - 128) + 32_768) >> 16
          for lane in 0..<8 {
            let y = start + lane
            let isEqual =
              Int(found.red[lane]) == max(0, min(255, y + red))
              && Int(found.green[lane]) == max(0, min(255, y + green))
              && Int(found.blue[lane]) == max(0, min(255, y + blue))
            if !isEqual {
              Issue.record("Y \(y), Cb \(cb), Cr \(cr)")
              return
            }
          }
        }
      }
    }
  }

  @Test("eight pixels become 24 bytes in order")
  func interleaving() {
    var channels: [SIMD8<UInt8>] = []
    for channel in 0..<3 {
      var lanes = SIMD8<UInt8>(repeating: 0)
      for lane in 0..<8 {
        lanes[lane] = UInt8(200 - 3 * lane - channel)
      }
      channels.append(lanes)
    }
    let words = interleavedRGB(channels[0], channels[1], channels[2])
    for index in 0..<24 {
      let word = [words.0, words.1, words.2][index / 8]
      #expect(UInt8(truncatingIfNeeded: word >> UInt64(index % 8 * 8)) == UInt8(200 - index))
    }
  }

  @Test("inks give what rounding the exact quotient gives")
  func inks() {
    for ink in 0...255 {
      for black in 0...255 {
        let quotient = (Double((255 - ink) * black) / 255).rounded()
        #expect(
          Double(convertInvertedInk(UInt8(ink), black: UInt8(black))) == Double(black) - quotient
        )
      }
    }
  }

  @Test("value bits stand for what the standard says")
  func valueBits() {
    #expect((0..<8).map { extend($0, bits: 3) } == [-7, -6, -5, -4, 4, 5, 6, 7])
    #expect((0..<2).map { extend($0, bits: 1) } == [-1, 1])
  }
}
