import Foundation
import Testing

@testable import FixedPoint

@Suite("Sine, cosine and phases")
struct SineTests {
  @Test("the worked numbers of the documentation come out")
  func workedNumbers() {
    #expect(sine(0x2000_0000) == 759_250_125)
    #expect(cosine(0x8000_0000) == -(1 << 30))
    #expect(positionPhase(3 << 16, turnsPerUnit: 44_798_133_900_177) == 2_050_695_826)
    #expect(turnsPerUnit(turnsPerExtent: 1 << 48, extent: 25) == 11_258_999_068_426)
  }

  @Test("sine and cosine are within 2 units of 2^-30 over the whole turn")
  func error() {
    var range = ErrorRange()
    func check(_ phase: UInt32) {
      let angle = Double(Int32(bitPattern: phase)) * 0x1p-31 * Double.pi
      range.record(Double(sine(phase)) - sin(angle) * 0x1p30, at: UInt64(phase))
      range.record(Double(cosine(phase)) - cos(angle) * 0x1p30, at: UInt64(phase))
      if sine(0 &- phase) != -sine(phase) || cosine(0 &- phase) != cosine(phase) {
        Issue.record("symmetry is broken at \(phase)")
      }
    }
    for offset in UInt32(0)..<(1 << 16) {
      for quarter in UInt32(0)..<4 { check((quarter << 30) &+ offset &- (1 << 15)) }
    }
    var phase: UInt64 = 0
    while phase < 1 << 32 {
      check(UInt32(phase))
      phase += 2039
    }
    print("sine, units of 2^-30: \(range)")
    #expect(range.largest <= 2)
  }

  @Test("sine and cosine are exact at the quarters and stay within −1…1")
  func quarters() {
    let one = Int32(1) << 30
    let quarters: [UInt32] = [0, 1 << 30, 1 << 31, 3 << 30]
    #expect(quarters.map(sine) == [0, one, 0, -one])
    #expect(quarters.map(cosine) == [one, 0, -one, 0])
    for offset in UInt32(0)..<(1 << 20) {
      if abs(sine((1 << 30) &+ offset &- (1 << 19))) > one {
        Issue.record("above one at \(offset)")
        return
      }
    }
  }

  @Test("rounding to 16 bits is to nearest and saturates only at plus one")
  func rounded() {
    #expect(roundedToInt16(1 << 30) == 32767)
    #expect(roundedToInt16(-(1 << 30)) == -32768)
    #expect(roundedToInt16(1 << 29) == 16384)
    for value in stride(from: Int32(-1 << 30), through: 1 << 30, by: 4093) {
      let exact = (Double(value) * 0x1p-15 + 0.5).rounded(.down)
      if Double(roundedToInt16(value)) != min(exact, 32767) {
        Issue.record("\(value)")
        return
      }
    }
  }

  @Test("DETR's position codes come out for 64 frequencies and positions up to 2000")
  func positionCodes() {
    // sin(position · 2π / 10000^(2i/128)), as positions normalised to 2π give.
    var range = ErrorRange()
    for index in 0..<64 {
      let turns = pow(10000, -Double(2 * index) / 128)
      let frequency = UInt64((turns * 0x1p48).rounded())
      for position in stride(from: 0, to: 2000, by: 0.25) {
        let phase = positionPhase(Int64(position * 65536), turnsPerUnit: frequency)
        let exactTurns = position * turns
        let difference = Double(
          Int32(
            bitPattern: phase
              &- UInt32(
                truncatingIfNeeded: Int64((exactTurns - exactTurns.rounded(.down)) * 0x1p32)
              )
          )
        )
        range.record(difference, at: UInt64(index))
        let error =
          Double(sine(phase)) * 0x1p-30
          - sin(2 * Double.pi * (exactTurns - exactTurns.rounded(.down)))
        if abs(error) > 0x1p-28 * 1.6 {
          Issue.record("frequency \(index), position \(position): off by \(error)")
          return
        }
      }
    }
    print("positionPhase, units of 2^-32: \(range)")
    #expect(range.largest <= 2)
  }

  @Test("negative positions and many turns wrap exactly")
  func wrapping() {
    #expect(positionPhase(-1 << 16, turnsPerUnit: 1 << 46) == 3 << 30)
    #expect(positionPhase(1_000_001 << 16, turnsPerUnit: 1 << 46) == 1 << 30)
    #expect(positionPhase(.min, turnsPerUnit: .max) == 1 << 31)
  }

  @Test("a frequency per extent divides with rounding to nearest")
  func extents() {
    for extent in UInt32(1)...2000 {
      let exact = (Double(1 << 48) / Double(extent) + 0.5).rounded(.down)
      #expect(Double(turnsPerUnit(turnsPerExtent: 1 << 48, extent: extent)) == exact)
    }
  }
}
