/// The lengths of a block's codes as they stand in front of it (RFC 1951, 3.2.7).
struct CodeDescription {
  /// A symbol of the code for lengths with its extra bits.
  private struct Item {
    let symbol: Int
    var extra = 0
    var extraBits = 0
  }

  private var items: [Item] = []
  private let lengths: [UInt8]
  private let lengthCount: Int
  private let literalCount: Int
  private let distanceCount: Int

  /// - Parameters:
  ///   - literals: the lengths of 286 codes of literals and lengths.
  ///   - distances: the lengths of 30 codes of distances.
  init(literals: [UInt8], distances: [UInt8]) {
    literalCount = max(257, 1 + (literals.lastIndex { $0 > 0 } ?? 0))
    distanceCount = max(1, 1 + (distances.lastIndex { $0 > 0 } ?? 0))
    let all = Array(literals.prefix(literalCount)) + distances.prefix(distanceCount)
    var items: [Item] = []
    var place = 0
    while place < all.count {
      var end = place + 1
      while end < all.count, all[end] == all[place] {
        end += 1
      }
      Self.append(length: Int(all[place]), count: end - place, to: &items)
      place = end
    }
    var frequencies = [Int](repeating: 0, count: 19)
    for item in items {
      frequencies[item.symbol] += 1
    }
    // A code has at least two symbols.
    if frequencies.count(where: { $0 > 0 }) < 2 {
      frequencies[frequencies[0] > 0 ? 1 : 0] = 1
    }
    let lengths = codeLengths(frequencies: frequencies, limit: 7)
    var lengthCount = 19
    while lengthCount > 4, lengths[codeLengthOrder[lengthCount - 1]] == 0 {
      lengthCount -= 1
    }
    self.items = items
    self.lengths = lengths
    self.lengthCount = lengthCount
  }

  /// Writes `count` equal lengths: zeros in runs to 138, others once and then in runs of 3 to 6.
  private static func append(length: Int, count: Int, to items: inout [Item]) {
    var left = count
    if length > 0 {
      items.append(Item(symbol: length))
      left -= 1
    }
    while left > 0 {
      if length == 0, left >= 11 {
        let run = min(left, 138)
        items.append(Item(symbol: 18, extra: run - 11, extraBits: 7))
        left -= run
      } else if length == 0, left >= 3 {
        items.append(Item(symbol: 17, extra: left - 3, extraBits: 3))
        left = 0
      } else if length > 0, left >= 3 {
        let run = min(left, 6)
        items.append(Item(symbol: 16, extra: run - 3, extraBits: 2))
        left -= run
      } else {
        items.append(Item(symbol: length))
        left -= 1
      }
    }
  }

  /// The number of bits that `write` writes.
  var bitCount: Int {
    var count = 5 + 5 + 4 + 3 * lengthCount
    for item in items {
      count += Int(lengths[item.symbol]) + item.extraBits
    }
    return count
  }

  /// Writes the description.
  func write(to output: inout BitWriter) {
    output.write(literalCount - 257, count: 5)
    output.write(distanceCount - 1, count: 5)
    output.write(lengthCount - 4, count: 4)
    for index in 0..<lengthCount {
      output.write(Int(lengths[codeLengthOrder[index]]), count: 3)
    }
    let codes = codes(lengths: lengths)
    for item in items {
      output.write(codes[item.symbol], count: Int(lengths[item.symbol]))
      output.write(item.extra, count: item.extraBits)
    }
  }
}
