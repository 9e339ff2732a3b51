import Foundation
import Testing

@testable import FixedPoint

/// Normalised arguments: both ends exhaustively, the middle densely.
private func normalised(from first: UInt32) -> [UInt32] {
  var values: [UInt32] = []
  for offset in UInt32(0)..<(1 << 17) {
    values.append(first + offset)
    values.append(.max - offset)
  }
  var value = UInt64(first)
  while value <= UInt64(UInt32.max) {
    values.append(UInt32(value))
    value += 1021
  }
  return values
}

@Suite("Reciprocal and inverse square root")
struct ReciprocalTests {
  @Test("the worked numbers of the documentation come out")
  func workedNumbers() {
    #expect(reciprocalMantissa(3 << 30) == 1_431_655_766)
    let tenth = Reciprocal(of: UInt32(10))
    #expect(tenth.mantissa == 1_717_986_919 && tenth.shift == 34)
    let small = Reciprocal(of: UInt64(1) << 40)
    #expect(small.mantissa == 1 << 31 && small.shift == 71)
    #expect(inverseSquareRootMantissa(1 << 30) == 1 << 31)
    #expect(inverseSquareRootMantissa(1 << 31) == 1_518_500_250)
    let quarter = InverseSquareRoot(of: UInt64(16))
    #expect(quarter.mantissa == 1 << 31 && quarter.shift == 33)
  }

  @Test("the reciprocal's mantissa is within 1 unit and within 2^-30")
  func mantissa() {
    var units = ErrorRange()
    var relative = ErrorRange()
    for d in normalised(from: 1 << 31) {
      let exact = 0x1p62 / Double(d)
      let value = reciprocalMantissa(d)
      if value < 1 << 30 || value > 1 << 31 {
        Issue.record("mantissa \(value) of \(d) is not normalised")
        return
      }
      units.record(Double(value) - exact, at: UInt64(d))
      relative.record(Double(value) / exact - 1, at: UInt64(d))
    }
    print("reciprocal, units: \(units), relative 2^\(log2(relative.largest))")
    #expect(units.largest <= 1)
    #expect(relative.largest <= 0x1p-30)
  }

  @Test(
    "the reciprocal of every integer up to 2^20 and of powers of two and their neighbours holds"
  )
  func integers() {
    for d in UInt32(1)...(1 << 20) {
      let r = Reciprocal(of: d)
      let relative = Double(r.mantissa) * exp2(-Double(r.shift)) * Double(d) - 1
      if abs(relative) > 0x1p-30 || r != Reciprocal(of: UInt64(d)) {
        Issue.record("1 / \(d) is off by \(relative)")
        return
      }
    }
    for power in 0..<64 {
      for offset in [-1, 0, 1] {
        let d = (UInt64(1) << UInt64(power)) &+ UInt64(bitPattern: Int64(offset))
        if d == 0 { continue }
        let r = Reciprocal(of: d)
        let relative = Double(r.mantissa) * exp2(-Double(r.shift)) * Double(d) - 1
        #expect(abs(relative) <= exp2(-29.4), "1 / \(d)")
        #expect((31...94).contains(r.shift))
        if offset == 0 { #expect(relative == 0) }
      }
    }
  }

  @Test("the reciprocal of random 64-bit integers is within 2^-29.4", arguments: [UInt64(11)])
  func wideIntegers(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var range = ErrorRange()
    for _ in 0..<1_000_000 {
      let d = max(generator.next() >> UInt64.random(in: 0..<64, using: &generator), 1)
      let r = Reciprocal(of: d)
      range.record(Double(r.mantissa) * exp2(-Double(r.shift)) * Double(d) - 1, at: d)
    }
    print("Reciprocal(of: UInt64), relative: \(range) 2^\(log2(range.largest))")
    #expect(range.largest <= exp2(-29.4))
  }

  @Test("the inverse square root's mantissa is within 1.3 units and within 2^-29.6")
  func inverseSquareRootMantissas() {
    var units = ErrorRange()
    var relative = ErrorRange()
    for d in normalised(from: 1 << 30) {
      let exact = 0x1p46 / Double(d).squareRoot()
      let value = inverseSquareRootMantissa(d)
      if value < 1 << 30 - 1 || value > 1 << 31 {
        Issue.record("mantissa \(value) of \(d) is not normalised")
        return
      }
      units.record(Double(value) - exact, at: UInt64(d))
      relative.record(Double(value) / exact - 1, at: UInt64(d))
    }
    print("inverse square root, units: \(units), relative 2^\(log2(relative.largest))")
    #expect(units.largest <= 1.3)
    #expect(relative.largest <= exp2(-29.6))
  }

  @Test(
    "the inverse square root of small, special and random integers is within 2^-29.1",
    arguments: [UInt64(13)]
  )
  func inverseSquareRoots(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var range = ErrorRange()
    func check(_ value: UInt64) {
      let r = InverseSquareRoot(of: value)
      let relative = Double(r.mantissa) * exp2(-Double(r.shift)) * Double(value).squareRoot() - 1
      range.record(relative, at: value)
    }
    for value in UInt64(1)...(1 << 20) { check(value) }
    for power in 0..<64 {
      for offset in -3...3 {
        let value = (UInt64(1) << UInt64(power)) &+ UInt64(bitPattern: Int64(offset))
        if value != 0 { check(value) }
      }
    }
    for _ in 0..<1_000_000 {
      check(max(generator.next() >> UInt64.random(in: 0..<64, using: &generator), 1))
    }
    print("InverseSquareRoot, relative: \(range) 2^\(log2(range.largest))")
    #expect(range.largest <= exp2(-29.1))
  }
}
