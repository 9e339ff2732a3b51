import Foundation
import Testing

@testable import FixedPoint

@Suite("Sigmoid, its inverse and the logarithm")
struct SigmoidTests {
  @Test("the worked numbers of the documentation come out")
  func workedNumbers() {
    #expect(binaryLogarithm(3) == 106_365_033)
    #expect(sigmoid(2 << 24) == 945_748_662)
    #expect(inverseSigmoid(805_306_368) == 18_431_656)
  }

  @Test("the binary logarithm is within 0.76 units of 2^-26 and exact for powers of two")
  func logarithm() {
    var range = ErrorRange()
    func check(_ v: UInt32) {
      range.record(Double(binaryLogarithm(v)) - Foundation.log2(Double(v)) * 0x1p26, at: UInt64(v))
    }
    for v in UInt32(1)...(1 << 23) { check(v) }
    var v: UInt64 = 1 << 23
    while v < 1 << 32 {
      check(UInt32(v))
      v += 509
    }
    for offset in UInt32(0)..<65536 { check(.max - offset) }
    print("binaryLogarithm, units of 2^-26: \(range)")
    #expect(range.largest <= 0.76)
    for power in UInt32(0)..<32 {
      #expect(binaryLogarithm(1 << power) == power << 26)
    }
    #expect(binaryLogarithm(0) == 0)
    #expect(binaryLogarithm(.max) == 1 << 31)
  }

  @Test("the sigmoid is within 2.2 units of 2^-30 over the whole range of logits")
  func sigmoidError() {
    var range = ErrorRange()
    var x = Int64(0)
    while x < 1 << 31 {
      let value = sigmoid(Int32(x))
      let exact = 1 / (1 + exp(-Double(x) * 0x1p-24)) * 0x1p30
      range.record(Double(value) - exact, at: UInt64(x))
      if sigmoid(-Int32(x)) != (1 << 30) - value {
        Issue.record("sigmoid(−x) is not 1 − sigmoid(x) at \(x)")
        return
      }
      x += x < 1 << 22 ? 1 : x < 32 << 24 ? 97 : 9973
    }
    print("sigmoid, units of 2^-30: \(range)")
    #expect(range.largest <= 2.2)
    #expect(sigmoid(0) == 1 << 29)
    #expect(sigmoid(.max) == 1 << 30)
    #expect(sigmoid(.min) == 0)
    #expect(sigmoid(22 << 24) == 1 << 30)
  }

  @Test("the inverse sigmoid with DETR's clamp is within 0.77 units of 2^-24 and odd around ½")
  func inverse() {
    var range = ErrorRange()
    let epsilon = 1e-5
    func check(_ p: Int32) {
      let x = min(max(Double(p) * 0x1p-30, 0), 1)
      let exact = log(max(x, epsilon) / max(1 - x, epsilon)) * 0x1p24
      let value = inverseSigmoid(p)
      range.record(Double(value) - exact, at: UInt64(max(p, 0)))
      let mirrored = inverseSigmoid((1 << 30) - min(max(p, 0), 1 << 30))
      if mirrored != -value { Issue.record("not odd around one half at \(p)") }
    }
    for p in Int32(0)...(1 << 17) {
      check(p)
      check((1 << 30) - p)
      check((1 << 29) - p)
    }
    var p: Int32 = 0
    while p < 1 << 30 {
      check(p)
      p += 499
    }
    for p: Int32 in [.min, -1, (1 << 30) + 1, .max] { check(p) }
    print("inverseSigmoid, units of 2^-24: \(range)")
    #expect(range.largest <= 0.77)
    #expect(inverseSigmoid(1 << 29) == 0)
  }

  @Test("the inverse sigmoid undoes the sigmoid as far as the probability's own step allows")
  func roundTrip() {
    for x in stride(from: Int32(-11 << 24), through: 11 << 24, by: 9973) {
      let p = sigmoid(x)
      let exact = Double(x) * 0x1p-24
      // d(logit)/dp = 1 / (p (1 − p)); the sigmoid is within 2.2 steps of 2^-30.
      let slope = 1 / (Double(p) * 0x1p-30 * (1 - Double(p) * 0x1p-30))
      let allowed = 2.2 * 0x1p-30 * slope * 1.001 + 0.77 * 0x1p-24
      if abs(Double(inverseSigmoid(p)) * 0x1p-24 - exact) > allowed {
        Issue.record("inverseSigmoid(sigmoid(\(x)))")
        return
      }
    }
  }
}
