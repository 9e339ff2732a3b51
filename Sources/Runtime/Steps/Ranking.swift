/// The best of many numbered scores, best first, ties to the lower number.
///
/// A heap of `capacity` keys with the worst one on top; a key is the score above the inverted
/// number, so that the greater key is the better one and no two are equal.
struct Ranking {
  /// Room for `capacity` keys.
  private let keys: UnsafeMutablePointer<UInt64>
  private let capacity: Int
  private(set) var count = 0

  /// - Parameters:
  ///   - memory: room for `capacity` numbers of 64 bits.
  ///   - capacity: how many are kept, at least 1.
  init(_ memory: UnsafeMutablePointer<UInt64>, capacity: Int) {
    keys = memory
    self.capacity = capacity
  }

  static func key(score: Int32, number: Int) -> UInt64 {
    let ordered = UInt32(bitPattern: score) ^ 0x8000_0000
    return UInt64(ordered) << 32 | UInt64(~UInt32(truncatingIfNeeded: number))
  }

  static func score(of key: UInt64) -> Int32 {
    Int32(bitPattern: UInt32(truncatingIfNeeded: key >> 32) ^ 0x8000_0000)
  }

  static func number(of key: UInt64) -> Int { Int(~UInt32(truncatingIfNeeded: key)) }

  mutating func insert(score: Int32, number: Int) {
    let key = Self.key(score: score, number: number)
    if count < capacity {
      var place = count
      count += 1
      while place > 0, keys[(place - 1) / 2] > key {
        keys[place] = keys[(place - 1) / 2]
        place = (place - 1) / 2
      }
      keys[place] = key
    } else if key > keys[0] {
      sink(key, count: count)
    }
  }

  /// Sorts the keys, best first, and returns them; nothing may be inserted afterwards.
  mutating func sorted() -> UnsafePointer<UInt64> {
    var remaining = count
    while remaining > 1 {
      remaining -= 1
      let worst = keys[0]
      sink(keys[remaining], count: remaining)
      keys[remaining] = worst
    }
    return UnsafePointer(keys)
  }

  /// Puts a key in the place of the one on top.
  private func sink(_ key: UInt64, count: Int) {
    var place = 0
    while true {
      var child = 2 * place + 1
      if child >= count { break }
      if child + 1 < count, keys[child + 1] < keys[child] { child += 1 }
      if keys[child] >= key { break }
      keys[place] = keys[child]
      place = child
    }
    keys[place] = key
  }
}
