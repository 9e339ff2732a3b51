#if arch(arm64) || arch(arm)
  import _Builtin_intrinsics.arm.neon

  // The vocabulary that the shared kernels are written in, for the 128-bit registers of NEON.
  //
  // What the shared kernels call even and odd lanes are the lower and the upper half here: widening
  // multiplications take halves, and narrowing ones put them together again.

  /// One 128-bit register.
  typealias Register = int32x4_t

  /// 32-bit lanes of a register.
  let lanes = 4

  @_transparent
  func load(_ source: UnsafeRawPointer) -> Register { source.loadUnaligned(as: Register.self) }

  @_transparent
  func store(_ register: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: register, as: Register.self)
  }

  @_transparent
  func zeroes() -> Register { vdupq_n_s32(0) }

  @_transparent
  func broadcast(_ number: Int32) -> Register { vdupq_n_s32(number) }

  @_transparent
  func broadcast64(_ number: Int64) -> Register { vreinterpretq_s32_s64(vdupq_n_s64(number)) }

  @_transparent
  func add32(_ a: Register, _ b: Register) -> Register { vaddq_s32(a, b) }

  @_transparent
  func subtract32(_ a: Register, _ b: Register) -> Register { vsubq_s32(a, b) }

  @_transparent
  func minimum32(_ a: Register, _ b: Register) -> Register { vminq_s32(a, b) }

  @_transparent
  func maximum32(_ a: Register, _ b: Register) -> Register { vmaxq_s32(a, b) }

  @_transparent
  func minimumUnsigned32(_ a: Register, _ b: Register) -> Register {
    vreinterpretq_s32_u32(vminq_u32(vreinterpretq_u32_s32(a), vreinterpretq_u32_s32(b)))
  }

  @_transparent
  func multiplyLow32(_ a: Register, _ b: Register) -> Register { vmulq_s32(a, b) }

  @_transparent
  func add64(_ a: Register, _ b: Register) -> Register {
    vreinterpretq_s32_s64(vaddq_s64(vreinterpretq_s64_s32(a), vreinterpretq_s64_s32(b)))
  }

  /// The 64-bit products of the even signed lanes.
  @_transparent
  func multiplyEven(_ a: Register, _ b: Register) -> Register {
    vreinterpretq_s32_s64(vmull_s32(vget_low_s32(a), vget_low_s32(b)))
  }

  /// The 64-bit products of the even unsigned lanes.
  @_transparent
  func multiplyEvenUnsigned(_ a: Register, _ b: Register) -> Register {
    let left = vreinterpret_u32_s32(vget_low_s32(a))
    let right = vreinterpret_u32_s32(vget_low_s32(b))
    return vreinterpretq_s32_u64(vmull_u32(left, right))
  }

  /// Sums of the products of neighbouring 16-bit numbers.
  @_transparent
  func multiplyPairs(_ a: Register, _ b: Register) -> Register {
    total(addPairs(noPairs(), a, b))
  }

  /// Sums of products of neighbouring 16-bit numbers, of which ``total(_:)`` makes a register.
  ///
  /// Each product has a lane of its own until then, so that a widening multiply-add does all of the work.
  typealias PairSums = (low: Register, high: Register)

  @_transparent
  func noPairs() -> PairSums { (low: zeroes(), high: zeroes()) }

  @_transparent
  func addPairs(_ sums: PairSums, _ a: Register, _ b: Register) -> PairSums {
    let left = vreinterpretq_s16_s32(a)
    let right = vreinterpretq_s16_s32(b)
    return (
      low: vmlal_s16(sums.low, vget_low_s16(left), vget_low_s16(right)),
      high: vmlal_s16(sums.high, vget_high_s16(left), vget_high_s16(right))
    )
  }

  @_transparent
  func total(_ sums: PairSums) -> Register {
    #if arch(arm64)
      vpaddq_s32(sums.low, sums.high)
    #else
      vcombine_s32(
        vpadd_s32(vget_low_s32(sums.low), vget_high_s32(sums.low)),
        vpadd_s32(vget_low_s32(sums.high), vget_high_s32(sums.high))
      )
    #endif
  }

  /// Odd lanes in the place of even ones.
  @_transparent
  func oddLanes(_ a: Register) -> Register { vcombine_s32(vget_high_s32(a), vget_high_s32(a)) }

  /// The upper halves of 64-bit numbers as even and odd lanes.
  @_transparent
  func upperHalves(_ even: Register, _ odd: Register) -> Register {
    Register(even[1], even[3], odd[1], odd[3])
  }

  /// The lower halves of 64-bit numbers as even and odd lanes.
  @_transparent
  func lowerHalves(_ even: Register, _ odd: Register) -> Register {
    Register(even[0], even[2], odd[0], odd[2])
  }

  /// A number of bits, as the shifts below take it.
  typealias BitCount = Int32

  @_transparent
  func bitCount(_ bits: Int32) -> BitCount { bits }

  @_transparent
  func shiftRight32(_ a: Register, _ bits: BitCount) -> Register {
    vshlq_s32(a, vdupq_n_s32(0 &- bits))
  }

  @_transparent
  func shiftRightUnsigned32(_ a: Register, _ bits: BitCount) -> Register {
    vreinterpretq_s32_u32(vshlq_u32(vreinterpretq_u32_s32(a), vdupq_n_s32(0 &- bits)))
  }

  @_transparent
  func shiftLeft32(_ a: Register, _ bits: BitCount) -> Register { vshlq_s32(a, vdupq_n_s32(bits)) }

  @_transparent
  func bitwiseOr(_ a: Register, _ b: Register) -> Register { vorrq_s32(a, b) }

  @_transparent
  func shiftRight16(_ a: Register, _ bits: BitCount) -> Register {
    let count = vdupq_n_s16(Int16(truncatingIfNeeded: 0 &- bits))
    return vreinterpretq_s32_s16(vshlq_s16(vreinterpretq_s16_s32(a), count))
  }

  @_transparent
  func shiftRightUnsigned64(_ a: Register, _ bits: BitCount) -> Register {
    let count = vdupq_n_s64(Int64(0 &- bits))
    return vreinterpretq_s32_u64(vshlq_u64(vreinterpretq_u64_s32(a), count))
  }

  @_transparent
  func bitwiseAnd(_ a: Register, _ b: Register) -> Register { vandq_s32(a, b) }

  @_transparent
  func widenUInt8(_ source: UnsafeRawPointer) -> Register {
    let bytes = vreinterpret_u8_s32(vdup_n_s32(source.loadUnaligned(as: Int32.self)))
    return vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(vmovl_u8(bytes))))
  }

  @_transparent
  func widenInt8(_ source: UnsafeRawPointer) -> Register {
    let bytes = vreinterpret_s8_s32(vdup_n_s32(source.loadUnaligned(as: Int32.self)))
    return vmovl_s16(vget_low_s16(vmovl_s8(bytes)))
  }

  @_transparent
  func widenInt16(_ source: UnsafeRawPointer) -> Register {
    vmovl_s16(source.loadUnaligned(as: int16x4_t.self))
  }

  /// Stores lanes that lie in 0…255.
  @_transparent
  func storeUInt8(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    let words = vmovn_s32(a)
    let bytes = vreinterpret_s32_s8(vmovn_s16(vcombine_s16(words, words)))
    destination.storeBytes(of: bytes[0], as: Int32.self)
  }

  /// Stores lanes that lie in −128…127.
  @_transparent
  func storeInt8(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    storeUInt8(a, destination)
  }

  @_transparent
  func storeInt16(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: vmovn_s32(a), as: int16x4_t.self)
  }

  /// Sums of unsigned lanes, added to sums of 64 bits.
  @_transparent
  func addUnsignedLanes(_ sums: Register, _ lanes: Register) -> Register {
    vreinterpretq_s32_u64(
      vpadalq_u32(vreinterpretq_u64_s32(sums), vreinterpretq_u32_s32(lanes))
    )
  }

  /// The sum of all 32-bit lanes in 64 bits.
  @_transparent
  func sumOfLanes32(_ a: Register) -> Int64 {
    let pairs = vpaddlq_s32(a)
    return pairs[0] &+ pairs[1]
  }

  @_transparent
  func sumOfLanes64(_ a: Register) -> Int64 {
    let numbers = vreinterpretq_s64_s32(a)
    return numbers[0] &+ numbers[1]
  }
#endif
