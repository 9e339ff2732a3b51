/// Reads a file by its documentation alone, `FileFormat` in `ModelFile.docc`: no code of the reader
/// under test is used, so that the page, the writer and the reader are held against one another.
struct FormatWalk {
  struct Broken: Error { let what: String }

  struct Text: Equatable { let bytes: [UInt8] }

  struct Operation {
    let code: Int32
    /// The words behind the code and the count.
    let words: [Int32]
    /// Indices of values that are read, made last.
    let values: [Int]
    let arrays: [Array]
  }

  struct Array: Hashable {
    let offset: Int
    let byteCount: Int
  }

  let file: [UInt8]
  private(set) var sections: [Range<Int>] = []
  /// Element, channels and zero point of every value, and its name.
  private(set) var values: [(element: Int32, channels: Int32, zeroPoint: Int32, name: Text)] = []
  private(set) var operations: [Operation] = []
  private(set) var labels: [Text] = []
  private(set) var facts: [(name: Text, text: Text)] = []
  private(set) var landmarks: [(name: Text, value: Int32)] = []
  /// Size rule and scores.
  private(set) var rules: [Int32] = []
  private(set) var outputs: [Int32] = []
  private(set) var normalization: [UInt64] = []
  /// The picture of a self-test.
  private var picture: Array?

  init(_ file: [UInt8]) throws(Broken) {
    self.file = file
    try readHeader()
    try readValues()
    try readOperations()
    try readInformation()
    try checkData()
  }

  // MARK: Header

  private mutating func readHeader() throws(Broken) {
    try expect(
      Swift.Array(file[0..<8]) == [0x65, 0x64, 0x65, 0x74, 0x72, 0x00, 0x0D, 0x0A],
      "magic"
    )
    try expect(number(8, 4) == 1 && number(12, 4) == 5, "version 1, five sections")
    try expect(number(16, 8) == UInt64(file.count), "length")
    var next = 128
    for index in 0..<5 {
      let offset = Int(number(40 + 16 * index, 8))
      let count = Int(number(48 + 16 * index, 8))
      try expect(offset == next, "section \(index) begins at \(next)")
      sections.append(offset..<offset + count)
      next = index == 4 ? offset + count : (offset + count + 63) / 64 * 64
      try expect(next <= file.count, "section \(index) ends inside")
      try expect(file[offset + count..<next].allSatisfy { $0 == 0 }, "zeros behind \(index)")
    }
    try expect(next == file.count, "the data end the file")
    try expect(file[120..<128].allSatisfy { $0 == 0 }, "the header's last bytes")
    let seed: UInt64 = 0x6564_6574_7200_0D0A
    try expect(number(32, 8) == sum(sections[4], seed), "data checksum")
    let head = sum(8..<24, seed)
    try expect(number(24, 8) == sum(32..<sections[4].lowerBound, head), "structure checksum")
  }

  private func sum(_ range: Range<Int>, _ start: UInt64) -> UInt64 {
    var hash = start
    for place in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
      var word: UInt64 = 0
      for byte in 0..<min(8, range.upperBound - place) {
        word += UInt64(file[place + byte]) << UInt64(8 * byte)
      }
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    return hash
  }

  // MARK: Words

  private func number(_ place: Int, _ size: Int) -> UInt64 {
    file[place..<place + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func word(_ place: Int) -> Int32 {
    Int32(truncatingIfNeeded: number(place, 4))
  }

  private func text(_ place: Int) throws(Broken) -> Text {
    let (offset, count) = (Int(word(place)), Int(word(place + 4)))
    try expect(offset >= 0 && count >= 0 && offset + count <= sections[3].count, "text")
    let start = sections[3].lowerBound + offset
    return Text(bytes: Swift.Array(file[start..<start + count]))
  }

  private func expect(_ condition: Bool, _ what: String) throws(Broken) {
    if !condition { throw Broken(what: what) }
  }

  // MARK: Values and operations

  private mutating func readValues() throws(Broken) {
    try expect(sections[1].count % 32 == 0, "whole records")
    for place in stride(from: sections[1].lowerBound, to: sections[1].upperBound, by: 32) {
      try expect((0...3).contains(word(place)) && word(place + 28) == 0, "record")
      values.append((word(place), word(place + 4), word(place + 8), try text(place + 20)))
    }
    try expect(values[0].element == 0 && values[0].channels == 3, "the picture")
  }

  /// The fields of each operation as in the table: v value, o value or none, l values, r rescale,
  /// w word, W window, n norm, and arrays by the bytes of their elements: 1, 2, 4, or e for those of
  /// the output.
  private static let fields: [Int32: String] = [
    1: "vvW144wwwowolw", 2: "vvW", 3: "vvvwwwww", 4: "vvr", 5: "vvn", 6: "vvwn",
    7: "vvvvworr", 8: "vvvovwwlrrr", 10: "ewv", 11: "lv", 12: "vvw", 13: "vvl", 14: "vvl",
    15: "vvww", 16: "vvv", 17: "vv", 18: "vvv", 19: "vvvl", 20: "vv4",
    64: "vve", 65: "vv", 66: "vvw", 67: "lv", 68: "vv", 69: "vvvovwwlrrr",
    80: "vvvr", 81: "vvwww", 82: "vvvvr", 83: "vlv", 84: "vv", 85: "vvvworw", 86: "vvv",
    96: "vvvvwwvrrooowwwwrr", 97: "vvl44www", 98: "vvvw4r", 99: "vvvvwr", 100: "vvv",
    101: "vvvw4r",
  ]
  private static let positionFields = ["w4wl2rv", "w22wwl2rv", "w4l2rv"]

  private mutating func readOperations() throws(Broken) {
    var place = sections[2].lowerBound
    while place < sections[2].upperBound {
      let code = word(place)
      let count = Int(word(place + 4))
      let words = (0..<count).map { word(place + 8 + 4 * $0) }
      let fields =
        code == 9 ? Self.positionFields[Int(words[0])] : Self.fields[code] ?? ""
      operations.append(try operation(code, words, fields))
      place += 8 + 4 * count
    }
    try expect(place == sections[2].upperBound, "operations fill their section")
  }

  private func operation(
    _ code: Int32,
    _ words: [Int32],
    _ fields: String
  ) throws(Broken) -> Operation {
    var next = 0
    func take() throws(Broken) -> Int32 {
      try expect(next < words.count, "operation \(code): a word more")
      defer { next += 1 }
      return words[next]
    }
    var read: [Int] = []
    var arrays: [(offset: Int, count: Int, size: Int)] = []
    func array(_ size: Int) throws(Broken) {
      let block = Int(try take())
      arrays.append((block * 64, Int(try take()), size))
    }
    for field in fields {
      switch field {
      case "v": read.append(Int(try take()))
      case "o":
        let index = try take()
        if index >= 0 { read.append(Int(index)) } else { try expect(index == -1, "none is −1") }
      case "l": for _ in 0..<(try take()) { read.append(Int(try take())) }
      case "r": _ = (try take(), try take())
      case "w": _ = try take()
      case "W": for _ in 0..<4 { _ = try take() }
      case "n":
        try array(4)
        try array(4)
        for _ in 0..<3 { _ = try take() }
      case "e": try array(0)
      default: try array(Int(String(field))!)
      }
    }
    try expect(next == words.count && !fields.isEmpty, "operation \(code): its words")
    try expect(read.allSatisfy { values.indices.contains($0) }, "operation \(code): its values")
    let elementBytes = [1, 1, 2, 4][Int(values[read.last!].element)]
    return Operation(
      code: code,
      words: words,
      values: read,
      arrays: arrays.filter { $0.count > 0 }.map {
        Array(offset: $0.offset, byteCount: $0.count * ($0.size == 0 ? elementBytes : $0.size))
      }
    )
  }

  // MARK: Information and data

  private mutating func readInformation() throws(Broken) {
    var place = sections[0].lowerBound
    func take() -> Int32 {
      defer { place += 4 }
      return word(place)
    }
    func takeText() throws(Broken) -> Text {
      defer { place += 8 }
      return try text(place)
    }
    rules = (0..<5).map { _ in take() }
    outputs = (0..<3).map { _ in take() }
    for _ in 0..<7 {
      normalization.append(number(place, 8))
      place += 8
    }
    for _ in 0..<take() { labels.append(try takeText()) }
    for _ in 0..<take() { facts.append((try takeText(), try takeText())) }
    for _ in 0..<take() { landmarks.append((try takeText(), take())) }
    if place < sections[0].upperBound {
      let words = (0..<9).map { _ in take() }
      try expect(words[0] == 1 && words[1] == 1, "a self-test of version 1")
      try expect(words[5] == words[2] * words[3] * 3, "three bytes a pixel")
      picture = Array(offset: Int(words[4]) * 64, byteCount: Int(words[5]))
    }
    try expect(place == sections[0].upperBound, "information fills its section")
  }

  /// Arrays tile the section: each at the next multiple of 64, zeros between, 64 zeros at the end.
  private func checkData() throws(Broken) {
    let arrays = Set(operations.flatMap(\.arrays) + (picture.map { [$0] } ?? []))
      .sorted { $0.offset < $1.offset }
    let data = sections[4]
    var end = 0
    for array in arrays {
      try expect(array.offset == (end + 63) / 64 * 64, "an array at \(array.offset) behind \(end)")
      try expect(isZero(data.lowerBound + end..<data.lowerBound + array.offset), "zeros")
      end = array.offset + array.byteCount
    }
    try expect(data.count == (end + 63) / 64 * 64 + 64, "64 bytes behind the last array")
    try expect(isZero(data.lowerBound + end..<data.upperBound), "zeros at the end")
  }

  private func isZero(_ range: Range<Int>) -> Bool { file[range].allSatisfy { $0 == 0 } }
}
