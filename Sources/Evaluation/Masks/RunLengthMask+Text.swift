extension RunLengthMask {
  /// Reads the text into which COCO packs runs.
  ///
  /// Each number is written in groups of five bits, the lowest first, as characters from `0` (48) on; 32
  /// is added where further groups follow, and the highest bit of the last group is the sign. From the
  /// fourth number on it is the difference to the number two places before. A text that is none, and runs
  /// that do not fill the photograph, give nil.
  ///
  /// - Parameters:
  ///   - text: the packed runs.
  ///   - height: rows of the photograph.
  ///   - width: columns of the photograph.
  public init?(packed text: String, height: Int, width: Int) {
    var runs: [Int] = []
    var number = 0
    var shift = 0
    var isInside = false
    var sum = 0
    for byte in text.utf8 {
      guard byte >= 48, byte < 48 + 64, shift < 60 else { return nil }
      let group = Int(byte) - 48
      number |= (group & 31) << shift
      shift += 5
      isInside = true
      guard group & 32 == 0 else { continue }
      if group & 16 != 0 { number |= -1 << shift }
      if runs.count > 2 { number += runs[runs.count - 2] }
      guard number >= 0, number <= height * width - sum else { return nil }
      sum += number
      runs.append(number)
      (number, shift, isInside) = (0, 0, false)
    }
    guard !isInside, sum == height * width else { return nil }
    self.init(height: height, width: width, runs: runs)
  }

  /// The text into which COCO packs runs.
  public var packed: String {
    var bytes: [UInt8] = []
    for (index, run) in runs.enumerated() {
      var number = index > 2 ? run - runs[index - 2] : run
      var hasMore = true
      while hasMore {
        var group = number & 31
        number >>= 5
        hasMore = group & 16 != 0 ? number != -1 : number != 0
        if hasMore { group |= 32 }
        bytes.append(UInt8(group + 48))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
