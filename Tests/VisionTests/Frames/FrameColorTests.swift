import Testing

@testable import Vision

@Suite("Colours of luma and chroma samples")
struct FrameColorTests {
  /// BT.601 with Y from 16 and chroma around 128, in floating point, before rounding.
  private func exact(y: Int, cb: Int, cr: Int) -> (Double, Double, Double) {
    let (kr, kb) = (0.299, 0.114)
    let kg = 1 - kr - kb
    let luma = Double(y - 16) * 255 / 219
    let u = Double(cb - 128) * 255 / 224
    let v = Double(cr - 128) * 255 / 224
    return (
      luma + 2 * (1 - kr) * v,
      luma - 2 * (1 - kb) * kb / kg * u - 2 * (1 - kr) * kr / kg * v,
      luma + 2 * (1 - kb) * u
    )
  }

  @Test("every triple of samples lies within its stated bound of the exact colour")
  func allTriples() {
    // Half a step of rounding, and what the factors' 20 fraction bits leave.
    let bound = 0.5 + Double(239 + 128 + 128) / Double(1 << 21)
    var largest = 0.0
    for cb in 0...255 {
      for cr in 0...255 {
        let color = LimitedRangeColor(cb: UInt8(cb), cr: UInt8(cr))
        for y in 0...255 {
          let found = color.pixel(luma: UInt8(y))
          let wanted = exact(y: y, cb: cb, cr: cr)
          for (byte, number) in [
            (found.red, wanted.0), (found.green, wanted.1), (found.blue, wanted.2),
          ] {
            largest = max(largest, abs(Double(byte) - min(max(number, 0), 255)))
          }
        }
      }
    }
    #expect(largest <= bound)
    #expect(largest > 0.49)
  }

  @Test("the colours of the standard's bars")
  func bars() {
    func color(_ y: UInt8, _ cb: UInt8, _ cr: UInt8) -> [UInt8] {
      let pixel = LimitedRangeColor(cb: cb, cr: cr).pixel(luma: y)
      return [pixel.red, pixel.green, pixel.blue]
    }
    #expect(color(16, 128, 128) == [0, 0, 0])
    #expect(color(235, 128, 128) == [255, 255, 255])
    #expect(color(81, 90, 240) == [254, 0, 0])
    #expect(color(145, 54, 34) == [0, 255, 1])
    #expect(color(41, 240, 110) == [0, 0, 255])
    #expect(color(126, 128, 128) == [128, 128, 128])
  }
}
