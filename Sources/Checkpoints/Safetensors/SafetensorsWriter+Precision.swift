extension SafetensorsWriter {
  /// Adds a tensor of floating-point numbers in a precision of choice.
  ///
  /// Half precision and the upper half of single precision are rounded to nearest, ties to even;
  /// numbers beyond their range become infinite.
  ///
  /// - Parameters:
  ///   - name: a name that was not given before.
  ///   - shape: the extents.
  ///   - dtype: `.f32`, `.f16` or `.bf16`.
  ///   - floats: as many numbers as the shape has elements, in row-major order, computed when the
  ///     file is written.
  public mutating func add(
    _ name: String,
    shape: [Int],
    storedAs dtype: ElementType,
    floats: @autoclosure @escaping () -> [Float]
  ) {
    switch dtype {
    case .f32: add(name, dtype, shape, littleEndianBytes: floats)
    case .f16: add(name, dtype, shape) { floats().map { halfPrecision($0) } }
    case .bf16: add(name, dtype, shape) { floats().map { upperHalf($0) } }
    default: preconditionFailure("\(dtype.rawValue) is not a precision of floating-point numbers")
    }
  }
}

/// The bits of the nearest half-precision number, ties to even.
///
/// - Parameter number: any number.
/// - Returns: sign, five bits of exponent, ten of significand.
func halfPrecision(_ number: Float) -> UInt16 {
  let sign = UInt16(truncatingIfNeeded: number.bitPattern >> 16) & 0x8000
  let magnitude = number.magnitude
  if magnitude.isNaN { return sign | 0x7E00 }
  // 65520 is half-way between the largest number and what would follow it.
  if magnitude >= 65520 { return sign | 0x7C00 }
  if magnitude < 0x1p-14 {
    // Multiples of 2⁻²⁴; a result of 1024 is the bit pattern of the smallest normal number.
    return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven))
  }
  let bits = magnitude.bitPattern
  let odd = bits >> 13 & 1
  return sign | UInt16(truncatingIfNeeded: (bits - 112 << 23 + 0xFFF + odd) >> 13)
}

/// The upper half of the nearest single-precision number that ends in 16 zeros, ties to even.
///
/// - Parameter number: any number.
/// - Returns: sign, eight bits of exponent, seven of significand.
func upperHalf(_ number: Float) -> UInt16 {
  let bits = number.bitPattern
  if number.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
  return UInt16(truncatingIfNeeded: (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
}
