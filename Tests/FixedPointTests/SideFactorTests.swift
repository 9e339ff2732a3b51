import FixedPoint
import Testing

@Suite("The ratio of two sides")
struct SideFactorTests {
  @Test("is within half a unit of the real one, or limited", arguments: 0..<20)
  func isNear(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<20_000 {
      // Magnitudes of all orders, the ends among them.
      let multiplier = Int32.random(
        in: 0...Int32.max >> Int32.random(in: 0...30, using: &random),
        using: &random
      )
      let side = Int32.random(
        in: 0...(1 << Int32.random(in: 0...30, using: &random)),
        using: &random
      )
      let box = Int32.random(
        in: 0...(1 << Int32.random(in: 0...30, using: &random)),
        using: &random
      )
      let found = sideFactor(multiplier: multiplier, side: side, box: box)
      let (product, divisor) = (Int64(multiplier) * Int64(side), Int64(max(box, 1)))
      let greatest = Int64(1) << 47 - 1
      if found < greatest {
        // |found − product / divisor| ≤ ½, without a division.
        #expect(abs(2 * (found * divisor - product)) <= divisor, "\(multiplier) \(side) \(box)")
      } else {
        #expect(product / divisor >= greatest - 1, "\(multiplier) \(side) \(box)")
      }
    }
  }

  @Test("two thirds of 2³⁰")
  func workedNumber() {
    #expect(sideFactor(multiplier: 1 << 30, side: 1 << 29, box: 3 << 28) == 715_827_883)
    #expect(sideFactor(multiplier: Int32.max, side: 1 << 30, box: 0) == (1 << 47) - 1)
  }
}
