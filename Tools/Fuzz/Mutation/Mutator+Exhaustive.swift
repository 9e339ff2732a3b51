extension Mutator {
  /// What is done with each byte in turn: three masks, and an end in place of it.
  private static let masks: [UInt8] = [0x01, 0x80, 0xFF]
  private static let waysAByte = masks.count + 1

  /// The number of inputs that change every byte of every sample in turn, and cut it there.
  var exhaustiveCount: Int { samples.reduce(0) { $0 + $1.count * Self.waysAByte } }

  /// A sample with one byte changed, or cut at one length; lengths and checksums are set right.
  ///
  /// - Parameter index: below ``exhaustiveCount``; four for each byte, sample after sample.
  /// - Returns: its bytes.
  func exhaustiveInput(index: Int) -> [UInt8] {
    var rest = index
    for sample in samples {
      let own = sample.count * Self.waysAByte
      guard rest >= own else {
        let (place, way) = rest.quotientAndRemainder(dividingBy: Self.waysAByte)
        var bytes = sample
        if way < Self.masks.count {
          bytes[place] ^= Self.masks[way]
        } else {
          bytes.removeSubrange(place...)
        }
        repair?(&bytes)
        return bytes
      }
      rest -= own
    }
    return []
  }
}
