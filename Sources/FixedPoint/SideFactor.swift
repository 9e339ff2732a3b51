/// A multiplier times the ratio of two sides, at most 2⁴⁷ − 1.
///
///     min(⌊(multiplier · side + ⌊box / 2⌋) / max(box, 1)⌋, 2⁴⁷ − 1)
///
/// Sides are numbers in 0…1 with 30 fraction bits (DAB-DETR, "Dynamic Anchor Boxes are Better Queries for
/// DETR", Liu et al., 2022, section 4.4: attention modulated by width and height). The numerator stays below
/// 2⁶², and the result times an int16 too.
///
/// Range: multiplier 0…2³¹ − 1, side and box 0…2³⁰; negative ones count as 0.
///
/// Error: at most half a unit against `multiplier · side / box` where that is below 2⁴⁷ and the box is not 0.
///
/// Worked number: multiplier 2³⁰, side 2²⁹ (½), box 3 · 2²⁸ (¾): ⅔ · 2³⁰ becomes 715827883.
public func sideFactor(multiplier: Int32, side: Int32, box: Int32) -> Int64 {
  let divisor = UInt64(max(box, 1))
  let product = UInt64(max(multiplier, 0)) &* UInt64(max(side, 0))
  let quotient = (product &+ divisor / 2) / divisor
  return Int64(min(quotient, (1 << 47) - 1))
}
