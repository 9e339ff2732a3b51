extension Mutator {
  /// Replaces a binary integer of 2, 4 or 8 bytes, in either order, by one near an edge or by itself
  /// plus or minus a little.
  static func tweakInteger(_ bytes: inout [UInt8], at place: Int, _ random: inout SplitMix) {
    let size = [2, 4, 8][random.below(3)]
    guard place + size <= bytes.count else { return }
    let isLittle = random.oneIn(2)
    func byte(_ index: Int) -> Int { place + (isLittle ? index : size - 1 - index) }
    var number: UInt64 = 0
    for index in 0..<size { number |= UInt64(bytes[byte(index)]) << UInt64(8 * index) }
    switch random.below(5) {
    case 0: number &+= UInt64(random.below(17)) &- 8
    case 1: number = number << 1 | UInt64(random.below(2))
    case 2: number = UInt64(bytes.count) &+ UInt64(random.below(17)) &- 8
    case 3: number = 1 << UInt64(random.below(8 * size)) &- UInt64(random.below(2))
    default: number = 0 &- UInt64(random.below(3))
    }
    for index in 0..<size {
      bytes[byte(index)] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
    }
  }

  /// Replaces the next run of decimal digits by another number.
  static func tweakDecimal(_ bytes: inout [UInt8], from place: Int, _ random: inout SplitMix) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    // Binary files may have none.
    let end = min(bytes.count, place + 4096)
    guard let start = bytes[place..<end].firstIndex(where: { digits.contains($0) }) else { return }
    let stop = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.count
    let number = decimals[random.below(decimals.count)]
    bytes.replaceSubrange(start..<stop, with: number.utf8)
  }

  private static let decimals = [
    "0", "1", "2", "3", "7", "-1", "00", "1.5", "1e9", "1e308", "1e309", "-0.0", "1E-400",
    "127", "255", "256", "32767", "65535", "65536", "1000000", "2147483647", "2147483648",
    "4294967295", "4294967296", "9007199254740993", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "18446744073709551615",
    "18446744073709551616", "340282366920938463463374607431768211456",
    "0.1000000000000000055511151231257827", "NaN", "Infinity", "null",
  ]
}
