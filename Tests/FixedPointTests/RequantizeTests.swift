import Testing

@testable import FixedPoint

/// floor((a · b + 2^(shift − 1)) / 2^shift) in 128 bits, written without the ring's shortcuts.
private func exactRequantized(_ a: Int64, _ b: Int32, _ shift: Int32) -> Int128 {
  let numerator = Int128(a) * Int128(b) + (Int128(1) << Int128(shift - 1))
  let divisor = Int128(1) << Int128(shift)
  let quotient = numerator / divisor
  return numerator % divisor < 0 ? quotient - 1 : quotient
}

private let edges32: [Int32] = [
  .min, .min + 1, -0x4000_0001, -0x4000_0000, -65537, -3, -2, -1, 0, 1, 2, 3, 65535, 0x3fff_ffff,
  0x4000_0000, .max - 1, .max,
]

private let multipliers: [Int32] = [
  0, 1, 2, 3, 0x4000_0000, 0x4000_0001, 1_288_490_189, .max - 1, .max,
]

@Suite("Requantisation")
struct RequantizeTests {
  @Test("the worked numbers of the documentation come out")
  func workedNumbers() {
    #expect(requantize(Int32(-15), multiplier: 1_288_490_189, shift: 32) == -5)
    #expect(requantize(Int32(-1), multiplier: 3, shift: 1) == -1)
    #expect(requantizeSaturating(1 << 30, multiplier: 1 << 30, shift: 28) == .max)
    #expect(requantize(Int64(1) << 40, multiplier: 3, shift: 42) == 1)
    #expect(Rescale(multiplier: 1_288_490_189, shift: 32).apply(Int32(10)) == 3)
    #expect(multiplyHigh(UInt32(0x8000_0000), 7) == 3)
    #expect(multiplyHigh(Int32(-0x4000_0000), 5) == -2)
    #expect(multiplyRounding15(16384, -3) == -1)
  }

  @Test("every edge of accumulator and multiplier at every shift equals 128-bit arithmetic")
  func edges() {
    for shift in Int32(1)...62 {
      for multiplier in multipliers {
        for accumulator in edges32 {
          let exact = exactRequantized(Int64(accumulator), multiplier, shift)
          if let expected = Int32(exactly: exact) {
            #expect(requantize(accumulator, multiplier: multiplier, shift: shift) == expected)
          } else {
            #expect(shift < 31, "the documented range without a proof begins at 31")
          }
          let clamped = Int32(clamping: exact)
          #expect(
            Rescale(multiplier: multiplier, shift: shift).applySaturating(accumulator) == clamped
          )
        }
      }
    }
  }

  @Test("random 64-bit accumulators equal 128-bit arithmetic", arguments: [UInt64(20_240_607)])
  func wideAccumulators(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var compared = 0
    for round in 0..<400_000 {
      let shift = Int32.random(in: 1...62, using: &generator)
      let multiplier =
        round % 8 == 0
        ? multipliers.randomElement(using: &generator)!
        : Int32.random(in: 0 ... .max, using: &generator)
      let narrowed =
        Int64(bitPattern: generator.next()) >> Int64.random(in: 0...63, using: &generator)
      guard let expected = Int64(exactly: exactRequantized(narrowed, multiplier, shift)) else {
        continue
      }
      compared += 1
      if requantize(narrowed, multiplier: multiplier, shift: shift) != expected {
        Issue.record("accumulator \(narrowed) multiplier \(multiplier) shift \(shift)")
        return
      }
    }
    #expect(compared > 200_000)
  }

  @Test("random 32-bit accumulators equal 128-bit arithmetic", arguments: [UInt64(7)])
  func narrowAccumulators(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<400_000 {
      let shift = Int32.random(in: 31...62, using: &generator)
      let multiplier = Int32.random(in: 0 ... .max, using: &generator)
      let accumulator = Int32(truncatingIfNeeded: generator.next())
      let expected = exactRequantized(Int64(accumulator), multiplier, shift)
      if Int128(requantize(accumulator, multiplier: multiplier, shift: shift)) != expected {
        Issue.record("accumulator \(accumulator) multiplier \(multiplier) shift \(shift)")
        return
      }
    }
  }

  @Test("halves round towards plus infinity for both signs")
  func halves() {
    for value in Int32(-1000)...1000 {
      let expected = (Double(value) / 2 + 0.5).rounded(.down)
      #expect(Double(requantize(value, multiplier: 1, shift: 1)) == expected)
    }
  }

  @Test("the 16-bit rounding product is right for every pair on a dense grid and at the edges")
  func roundingProduct() {
    for a in stride(from: -32768, through: 32767, by: 127) {
      for b in stride(from: -32767, through: 32767, by: 61) {
        let expected = (Double(a) * Double(b) / 32768 + 0.5).rounded(.down)
        if Double(multiplyRounding15(Int16(a), Int16(b))) != expected {
          Issue.record("\(a) · \(b)")
          return
        }
      }
    }
    #expect(multiplyRounding15(-32768, 32767) == -32767)
    #expect(multiplyRounding15(32767, 32767) == 32766)
  }
}
