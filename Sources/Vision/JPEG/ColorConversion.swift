/// The conversion of eight pixels from YCbCr, with libjpeg's constants of 16 fraction bits:
///
///     R = Y                  + 1.40200 Cr
///     G = Y - 0.34414 Cb - 0.71414 Cr
///     B = Y + 1.77200 Cb
///
/// Cb and Cr less 128, each product sum rounded half up, results held to 0...255. The constants
/// 91 881, 22 554, 46 802 and 116 130 are split so that all factors have 16 bits: 91 881 is
/// 65 536 + 26 345, 46 802 is 65 536 - 18 734, 116 130 is 2 * 65 536 - 14 942.
///
/// Example: Y 100, Cb 90, Cr 200 is R 100 + 101 = 201, G 100 + 13 - 51 = 62, B 100 - 67 = 33.
@inline(__always)
func convertYCbCr(
  _ y: SIMD8<UInt8>,
  _ cb: SIMD8<UInt8>,
  _ cr: SIMD8<UInt8>
) -> (red: SIMD8<UInt8>, green: SIMD8<UInt8>, blue: SIMD8<UInt8>) {
  let luma = SIMD8<Int16>(truncatingIfNeeded: y)
  let cb = SIMD8<Int16>(truncatingIfNeeded: cb) &- 128
  let cr = SIMD8<Int16>(truncatingIfNeeded: cr) &- 128
  let half = SIMD8<Int32>(repeating: 32_768)
  let wideCb = SIMD8<Int32>(truncatingIfNeeded: cb)
  let wideCr = SIMD8<Int32>(truncatingIfNeeded: cr)

  let red = SIMD8<Int16>(truncatingIfNeeded: (wideCr &* 26_345 &+ half) &>> 16)
  let green = SIMD8<Int16>(
    truncatingIfNeeded: (wideCb &* -22_554 &+ wideCr &* 18_734 &+ half) &>> 16
  )
  let blue = SIMD8<Int16>(truncatingIfNeeded: (wideCb &* -14_942 &+ half) &>> 16)
  return (
    SIMD8<UInt8>(saturating: luma &+ cr &+ red),
    SIMD8<UInt8>(saturating: luma &- cr &+ green),
    SIMD8<UInt8>(saturating: luma &+ cb &+ cb &+ blue)
  )
}

/// Eight pixels as 24 bytes: red, green, blue, red, ..., in three words of little-endian bytes.
@inline(__always)
func interleavedRGB(
  _ red: SIMD8<UInt8>,
  _ green: SIMD8<UInt8>,
  _ blue: SIMD8<UInt8>
) -> (UInt64, UInt64, UInt64) {
  let pixels =
    SIMD8<UInt32>(truncatingIfNeeded: red) | SIMD8<UInt32>(truncatingIfNeeded: green) &<< 8
    | SIMD8<UInt32>(truncatingIfNeeded: blue) &<< 16
  // Pairs of pixels of 24 bits in 64-bit lanes, moved together.
  let low = joined(pixels.evenHalf, pixels.oddHalf)
  return (
    low[0] | low[1] &<< 48, low[1] &>> 16 | low[2] &<< 32, low[2] &>> 32 | low[3] &<< 16
  )
}

@inline(__always)
private func joined(_ even: SIMD4<UInt32>, _ odd: SIMD4<UInt32>) -> SIMD4<UInt64> {
  SIMD4<UInt64>(truncatingIfNeeded: even) | SIMD4<UInt64>(truncatingIfNeeded: odd) &<< 24
}

/// The colour of inverted cyan, magenta, yellow and black, as Pillow converts: black `k` and each
/// ink `c` give `k - (255 - c) k / 255`, the quotient rounded to the nearest.
///
/// - Parameters:
///   - ink: the inverted cyan, magenta or yellow; 255 is no ink.
///   - black: the inverted black.
/// - Returns: red, green or blue.
@inline(__always)
func convertInvertedInk(_ ink: UInt8, black: UInt8) -> UInt8 {
  // (p + p / 256) / 256 with p = product + 128 is the rounded quotient by 255 for all bytes.
  let product = (255 - Int(ink)) * Int(black) + 128
  return UInt8(truncatingIfNeeded: max(0, Int(black) - ((product >> 8) + product) >> 8))
}
