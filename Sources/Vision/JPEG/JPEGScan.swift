/// The header of a scan, checked against its frame.
struct JPEGScan {
  /// What the scan codes of each block.
  enum Content {
    /// All of it.
    case sequential
    /// The upper bits of DC coefficients.
    case firstDC(lowBit: Int)
    /// One more bit of DC coefficients.
    case nextDC(lowBit: Int)
    /// The upper bits of a band of AC coefficients.
    case firstAC(ProgressiveBand)
    /// One more bit of a band of AC coefficients.
    case nextAC(ProgressiveBand)
  }

  /// A component of the scan.
  struct Member {
    /// The index of the component in the frame.
    let component: Int
    let dcTable: Int
    let acTable: Int
  }

  let members: [Member]
  let content: Content
  /// Where the scan's segment begins, for errors.
  let offset: Int
  /// The first byte of its data.
  let dataOffset: Int

  /// Reads the content of a scan segment.
  init(_ bytes: Span<UInt8>, segment: Range<Int>, frame: JPEGFrame) throws(JPEGError) {
    offset = segment.lowerBound - 4
    dataOffset = segment.upperBound
    let tooShort = JPEGError.segmentTooShort(
      marker: JPEGMarker.startOfScan,
      offset: offset,
      length: segment.count + 2
    )
    guard let count = segment.isEmpty ? nil : Int(bytes[segment.lowerBound]) else {
      throw tooShort
    }
    guard (1...4).contains(count), count <= frame.components.count else {
      throw .scanComponentCount(found: count, offset: offset)
    }
    guard segment.count >= 4 + 2 * count else {
      throw tooShort
    }

    var members: [Member] = []
    var blocksInUnit = 0
    for index in 0..<count {
      let id = bytes[segment.lowerBound + 1 + 2 * index]
      let tables = bytes[segment.lowerBound + 2 + 2 * index]
      var found: Int?
      for component in frame.components.indices where frame.components[component].id == id {
        found = component
      }
      for member in members where member.component == found {
        found = nil
      }
      guard let found else {
        throw .scanComponent(id: id, offset: offset)
      }
      members.append(
        Member(component: found, dcTable: Int(tables >> 4), acTable: Int(tables & 15))
      )
      blocksInUnit += frame.components[found].horizontal * frame.components[found].vertical
    }
    guard count == 1 || blocksInUnit <= 10 else {
      throw .tooManyBlocksInUnit(found: blocksInUnit)
    }
    self.members = members

    let end = segment.lowerBound + 1 + 2 * count
    content =
      frame.isProgressive
      ? try Self.progressiveContent(
        first: Int(bytes[end]),
        last: Int(bytes[end + 1]),
        highBit: Int(bytes[end + 2] >> 4),
        lowBit: Int(bytes[end + 2] & 15),
        memberCount: count,
        offset: offset
      )
      : .sequential
  }

  private static func progressiveContent(
    first: Int,
    last: Int,
    highBit: Int,
    lowBit: Int,
    memberCount: Int,
    offset: Int
  ) throws(JPEGError) -> Content {
    guard first <= last, last <= 63, first > 0 || last == 0, first == 0 || memberCount == 1,
      lowBit <= 13, highBit == 0 || highBit == lowBit + 1
    else {
      throw .scanParameters(
        first: first,
        last: last,
        highBit: highBit,
        lowBit: lowBit,
        offset: offset
      )
    }
    if first == 0 {
      return highBit == 0 ? .firstDC(lowBit: lowBit) : .nextDC(lowBit: lowBit)
    }
    let band = ProgressiveBand(coefficients: first...last, lowBit: lowBit)
    return highBit == 0 ? .firstAC(band) : .nextAC(band)
  }

  /// Whether blocks of several components follow one another in units.
  var isInterleaved: Bool { members.count > 1 }

  /// Whether the scan needs DC tables.
  var usesDCTables: Bool {
    switch content {
    case .sequential, .firstDC: true
    case .nextDC, .firstAC, .nextAC: false
    }
  }

  /// Whether the scan needs AC tables.
  var usesACTables: Bool {
    switch content {
    case .sequential, .firstAC, .nextAC: true
    case .firstDC, .nextDC: false
    }
  }
}
