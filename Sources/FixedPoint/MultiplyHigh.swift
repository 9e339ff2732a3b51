// The three multiplications that every polynomial here is made of. Each is one or two instructions
// on every vector unit: the 32-bit forms are `pmuludq`/`pmuldq` (x86) and `umull`/`smull` (ARM)
// with the upper halves kept, the 16-bit form is `pmulhrsw` and `sqrdmulh`.

/// Returns the upper half of the unsigned product: `floor(a · b / 2^32)`.
///
/// Range: all. Error: −1 < error ≤ 0 units, as it rounds down. Worked number:
/// `multiplyHigh(0x8000_0000, 7) = 3`.
@inlinable @inline(__always)
public func multiplyHigh(_ a: UInt32, _ b: UInt32) -> UInt32 {
  UInt32(truncatingIfNeeded: (UInt64(a) &* UInt64(b)) &>> 32)
}

/// Returns the upper half of the signed product: `floor(a · b / 2^32)`.
///
/// Range: all. Error: −1 < error ≤ 0 units, as it rounds down. Worked number:
/// `multiplyHigh(-0x4000_0000, 5) = floor(-1.25) = -2`.
@inlinable @inline(__always)
public func multiplyHigh(_ a: Int32, _ b: Int32) -> Int32 {
  Int32(truncatingIfNeeded: (Int64(a) &* Int64(b)) &>> 32)
}

/// Returns the product of two Q0.15 numbers, rounded half up: `(a · b + 2^14) >> 15`.
///
/// Range: not both −32768, whose product +1.0 is the one that saturates on ARM and wraps on x86.
/// Error: at most half a unit. Worked number: `multiplyRounding15(16384, -3) = (-49152 + 16384) >>
/// 15 = -1`, which is −1.5 rounded up.
@inlinable @inline(__always)
public func multiplyRounding15(_ a: Int16, _ b: Int16) -> Int16 {
  Int16(truncatingIfNeeded: (Int32(a) &* Int32(b) &+ 0x4000) &>> 15)
}
