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
  let luma = SIMD8<Int16>(lanes: y)
  let cb = SIMD8<Int16>(lanes: cb) &- 128
  let cr = SIMD8<Int16>(lanes: cr) &- 128
  let green = SIMD8<Int16>(
    lanes: (SIMD8<Int32>(lanes: cb) &* -22_554
      &+ SIMD8<Int32>(lanes: cr) &* 18_734 &+ 32_768) &>> 16
  )
  return (
    SIMD8<UInt8>(saturating: luma &+ cr &+ roundedProduct(cr, 26_345)),
    SIMD8<UInt8>(saturating: luma &- cr &+ green),
    SIMD8<UInt8>(saturating: luma &+ cb &+ cb &+ roundedProduct(cb, -14_942))
  )
}

/// `(value * factor + 32 768) / 65 536`, rounded down, for values of -128...127.
///
/// With `t = value * factor / 32 768` that is `(t + 1) / 2` rounded down, and it makes no difference
/// to round `t` down before: the upper half of a 16-bit product is enough.
@inline(__always)
private func roundedProduct(_ value: SIMD8<Int16>, _ factor: Int32) -> SIMD8<Int16> {
  let doubled = SIMD8<Int32>(lanes: value &+ value)
  let upper = SIMD8<Int16>(
    lanes: (doubled &* SIMD8<Int32>(repeating: factor)) &>> 16
  )
  return (upper &+ 1) &>> 1
}

/// Eight pixels as 24 bytes: red, green, blue, red, ..., in three words of little-endian bytes.
///
/// Pixels are first put together in lanes of 32 bits, then two of them in 48 bits of lanes of 64,
/// which are the same bits looked at as fewer lanes.
@inline(__always)
func interleavedRGB(
  _ red: SIMD8<UInt8>,
  _ green: SIMD8<UInt8>,
  _ blue: SIMD8<UInt8>
) -> (UInt64, UInt64, UInt64) {
  let redGreen =
    SIMD8<UInt16>(lanes: red) | SIMD8<UInt16>(lanes: green) &<< 8
  let pixels =
    SIMD8<UInt32>(lanes: redGreen) | SIMD8<UInt32>(lanes: blue) &<< 16
  let pairs = unsafeBitCast(pixels, to: SIMD4<UInt64>.self)
  let closedUp =
    pairs & SIMD4(repeating: 0xFF_FFFF) | pairs &>> 8 & SIMD4(repeating: 0xFFFF_FF00_0000)
  return (
    closedUp[0] | closedUp[1] &<< 48, closedUp[1] &>> 16 | closedUp[2] &<< 32,
    closedUp[2] &>> 32 | closedUp[3] &<< 16
  )
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
