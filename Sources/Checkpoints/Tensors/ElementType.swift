/// The types of elements that checkpoints hold, spelled as safetensors spells them.
public enum ElementType: String, Sendable, CaseIterable {
  /// IEEE 754 double precision.
  case f64 = "F64"
  /// IEEE 754 single precision.
  case f32 = "F32"
  /// IEEE 754 half precision.
  case f16 = "F16"
  /// The upper half of single precision.
  case bf16 = "BF16"
  /// Signed integers of 64 bits.
  case i64 = "I64"
  /// Signed integers of 32 bits.
  case i32 = "I32"
  /// Signed integers of 16 bits.
  case i16 = "I16"
  /// Signed integers of 8 bits.
  case i8 = "I8"
  /// Unsigned integers of 64 bits.
  case u64 = "U64"
  /// Unsigned integers of 32 bits.
  case u32 = "U32"
  /// Unsigned integers of 16 bits.
  case u16 = "U16"
  /// Unsigned integers of 8 bits.
  case u8 = "U8"
  /// Truth values in one byte each; anything but 0 is true.
  case bool = "BOOL"

  /// The bytes of one element.
  public var byteCount: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool: 1
    }
  }

  /// Whether elements are floating-point numbers.
  public var isFloatingPoint: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    default: false
    }
  }
}
