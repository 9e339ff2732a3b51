/// Finds earlier occurrences of what comes next in a text (LZ77).
///
/// Places with the same hash of six bytes are chained, the newest first; a search follows a chain for
/// a few steps. Shorter copies are not looked for: behind the filters of a PNG, four bytes that occurred
/// somewhere in the window by chance cost more bits as a copy than as themselves.
struct CopyFinder {
  static let reach = 32_768
  static let longest = 258
  static let shortest = 6

  private static let hashBits = 15
  private static let steps = 24

  /// For each hash the last place with it, one too large; 0 for none.
  private var heads = [Int32](repeating: 0, count: 1 << hashBits)
  /// For each place, in a ring, the one before it in the chain.
  private var previous = [Int32](repeating: 0, count: reach)

  /// Makes a place known to later searches.
  mutating func add(_ text: Span<UInt8>, _ place: Int) {
    guard place + 8 <= text.count else { return }
    let hash = Self.hash(text, place)
    previous[place & (Self.reach - 1)] = heads[hash]
    heads[hash] = Int32(truncatingIfNeeded: place + 1)
  }

  /// The longest copy that the chain of a place offers within a few steps.
  ///
  /// - Returns: the length, 0 when there is none, and the distance.
  func find(_ text: Span<UInt8>, _ place: Int) -> (length: Int, distance: Int) {
    let limit = min(Self.longest, text.count - place)
    guard place + 8 <= text.count else { return (0, 0) }
    var best = (length: Self.shortest - 1, distance: 0)
    var candidate = Int(heads[Self.hash(text, place)]) - 1
    var steps = Self.steps
    while candidate >= 0, place - candidate <= Self.reach, steps > 0 {
      if text[candidate + best.length] == text[place + best.length] {
        var length = 0
        while length < limit, text[candidate &+ length] == text[place &+ length] {
          length &+= 1
        }
        if length > best.length {
          best = (length, place - candidate)
          if length == limit {
            break
          }
        }
      }
      let next = Int(previous[candidate & (Self.reach - 1)]) - 1
      // A ring entry that was overwritten leads forward.
      guard next < candidate else { break }
      candidate = next
      steps -= 1
    }
    return best.distance > 0 ? best : (0, 0)
  }

  /// Six of the eight bytes from a place on count; the load is checked against the length of the text.
  private static func hash(_ text: Span<UInt8>, _ place: Int) -> Int {
    let word = UInt64(
      littleEndian: text.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
    )
    return Int(
      truncatingIfNeeded: ((word &<< 16) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - hashBits)
    )
  }
}
