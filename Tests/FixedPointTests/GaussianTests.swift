import FixedPoint
import Foundation
import Testing

@Suite("The logarithm of a Gaussian")
struct GaussianTests {
  @Test("is within 1.5 units of the square, for all factors and distances")
  func dense() {
    var greatest = 0.0
    for factorStep in 0...400 {
      // From a thousandth to 200 per pixel, evenly in the logarithm.
      let factor = UInt32(pow(10, Double(factorStep) / 400 * 5.3 - 3) * 1_048_576)
      for distanceStep in 0...700 {
        let distance = UInt32(Double(distanceStep * distanceStep) * 137.3)
        let width = Double(distance) / 65536 * Double(factor) / 1_048_576
        let real = min(width * width, 4096) * 65536
        let found = Double(gaussianOctaves(distance: distance, factor: factor))
        greatest = max(greatest, abs(found - real))
      }
    }
    #expect(greatest <= 1.5, "\(greatest) units")
    #expect(greatest > 0.5)
  }

  @Test("stays below 4096 octaves wherever the centre lies")
  func limits() {
    for distance in [UInt32.max, 1 << 31, 1 << 30] {
      for factor in [UInt32.max, 1 << 31, 1 << 20] {
        #expect((0...1 << 28).contains(gaussianOctaves(distance: distance, factor: factor)))
      }
    }
    #expect(gaussianOctaves(distance: 0, factor: .max) == 0)
    #expect(gaussianOctaves(distance: .max, factor: 0) == 0)
  }

  @Test("the worked number of its documentation")
  func workedNumber() {
    #expect(gaussianOctaves(distance: 3 << 16, factor: 445_289) == 106_367)
  }

  @Test("distances and their products are rounded and limited")
  func distances() {
    #expect(limitedDistance(-5, 7) == 12)
    #expect(limitedDistance(1 << 40, -1 << 40) == .max)
    #expect(distanceProduct(3 << 15, 5 << 15) == 15 << 14)
    #expect(distanceProduct(1 << 8, 1 << 7) == 1, "half a unit is rounded up")
    #expect(distanceProduct(.max, .max) == .max)
  }

  @Test("scores become octaves, rounded half up and limited")
  func octaves() {
    let half = Rescale(multiplier: 1 << 30, shift: 31)
    #expect(limitedOctaves(3, half) == 2)
    #expect(limitedOctaves(-3, half) == -1)
    #expect(limitedOctaves(.max, Rescale(multiplier: 1 << 30, shift: 30)) == 1 << 29)
    #expect(limitedOctaves(.min, Rescale(multiplier: 1 << 30, shift: 30)) == -(1 << 29))
  }
}
