/// Red, green and blue of the luma and chroma samples that cameras and video decoders give.
///
/// Y has 219 steps from 16 on, Cb and Cr 224 steps around 128 (ITU-R BT.601-7, 2.5.1 to 2.5.3, with
/// Kr = 0.299 and Kb = 0.114). With y = Y − 16, u = Cb − 128, v = Cr − 128:
///
///     R = 255/219 y                                   + 255/224 · 2 (1 − Kr) v
///     G = 255/219 y − 255/224 · 2 (1 − Kb) Kb/Kg u    − 255/224 · 2 (1 − Kr) Kr/Kg v
///     B = 255/219 y + 255/224 · 2 (1 − Kb) u
///
/// each rounded half up and held to 0…255. The factors have 20 fraction bits, so that before
/// rounding a sum is off by at most (239 + 128 + 128) / 2²¹ < 0.0003; sums stay below 2³⁰.
///
/// Example: Y 81, Cb 90, Cr 240 is R 254, G 0, B 0.
struct LimitedRangeColor {
  /// What a pair of chroma samples adds to each channel, the rounding included.
  let red: Int32
  let green: Int32
  let blue: Int32

  @inline(__always)
  init(cb: UInt8, cr: UInt8) {
    let u = Int32(cb) &- 128
    let v = Int32(cr) &- 128
    let half: Int32 = 1 << 19
    red = 1_673_555 &* v &+ half
    green = half &- 410_793 &* u &- 852_458 &* v
    blue = 2_115_221 &* u &+ half
  }

  /// The colour of one luma sample beside these chroma samples.
  @inline(__always)
  func pixel(luma: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let y = 1_220_945 &* (Int32(luma) &- 16)
    return (Self.byte(y &+ red), Self.byte(y &+ green), Self.byte(y &+ blue))
  }

  @inline(__always)
  private static func byte(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(max(sum &>> 20, 0), 255))
  }
}
