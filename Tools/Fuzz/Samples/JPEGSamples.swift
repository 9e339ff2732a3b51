/// JPEG files whose data are random bits, all of which mean something.
///
/// The Huffman tables give codes of 1, 2, 3, … 16 bits to sixteen symbols, so that only sixteen ones
/// in a row are no code; short codes end a block or stand for small coefficients. Random bits are a
/// random picture then, in every kind of scan.
enum JPEGSamples {
  static let all: [[UInt8]] = {
    var files: [[UInt8]] = []
    var random = SplitMix(seed: 4, index: 0)
    let samplings: [[UInt8]] = [
      [0x11], [0x22, 0x11, 0x11], [0x21, 0x11, 0x11], [0x12, 0x11, 0x11],
    ]
    for sampling in samplings + [[0x41, 0x11, 0x11], [0x11, 0x11, 0x11, 0x11]] {
      for interval in [0, 3] as [UInt16] {
        files.append(sequential(0xC0, sampling, interval, &random))
        files.append(progressive(sampling, interval, &random))
      }
    }
    files.append(sequential(0xC1, [0x22, 0x11, 0x11], 0, &random))
    return files
  }()

  static let words: [[UInt8]] =
    [
      0xD8, 0xD9, 0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xE1, 0xEE, 0xFE, 0xD0, 0xD7, 0xC8,
      0x00,
    ]
    .map { [0xFF, $0] } + ["Adobe", "Exif\0\0", "JFIF\0"].map { Array($0.utf8) }

  private static let width: UInt16 = 37
  private static let height: UInt16 = 29

  private static func sequential(
    _ marker: UInt8,
    _ sampling: [UInt8],
    _ interval: UInt16,
    _ random: inout SplitMix
  ) -> [UInt8] {
    let members = (1...sampling.count).map { UInt8($0) }
    return beginning(marker, sampling, interval)
      + scan(members, 0, 63, 0x00, interval, &random) + [0xFF, 0xD9]
  }

  private static func progressive(
    _ sampling: [UInt8],
    _ interval: UInt16,
    _ random: inout SplitMix
  ) -> [UInt8] {
    let members = (1...sampling.count).map { UInt8($0) }
    var file = beginning(0xC2, sampling, interval)
    file += scan(members, 0, 0, 0x01, interval, &random)
    for member in members { file += scan([member], 1, 63, 0x02, interval, &random) }
    // From here on a code stands for a coefficient of one bit, the end of blocks or 16 zeros.
    let refining: [UInt8] = [
      0x00, 0x01, 0x11, 0x10, 0x21, 0x31, 0x20, 0x41, 0xF0, 0x51, 0x61, 0x30, 0x71, 0x81, 0x91,
      0xA1,
    ]
    file += segment(0xC4, [0x10] + [UInt8](repeating: 1, count: 16) + refining)
    for member in members { file += scan([member], 1, 63, 0x21, interval, &random) }
    file += scan(members, 0, 0, 0x10, interval, &random)
    for member in members { file += scan([member], 1, 63, 0x10, interval, &random) }
    return file + [0xFF, 0xD9]
  }

  private static func beginning(
    _ marker: UInt8,
    _ sampling: [UInt8],
    _ interval: UInt16
  ) -> [UInt8] {
    var file: [UInt8] = [0xFF, 0xD8]
    file += segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0])
    if sampling.count == 4 { file += segment(0xEE, Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, 2]) }
    file += segment(0xE1, Array("Exif\0\0II*\0".utf8) + exif)
    file += segment(0xDB, [0] + (0..<64).map { UInt8(1 + $0 / 4) })
    var frame: [UInt8] = [8]
    frame.append(big: height)
    frame.append(big: width)
    frame.append(UInt8(sampling.count))
    for (index, factors) in sampling.enumerated() { frame += [UInt8(index + 1), factors, 0] }
    file += segment(marker, frame)
    let lengths = [UInt8](repeating: 1, count: 16)
    let direct: [UInt8] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    let alternating: [UInt8] = [
      0x00, 0x01, 0x11, 0x02, 0x21, 0x03, 0x31, 0x10, 0x12, 0x04, 0xF0, 0x20, 0x41, 0x30, 0x22,
      0x05,
    ]
    file += segment(0xC4, [0x00] + lengths[..<12] + [0, 0, 0, 0] + direct)
    file += segment(0xC4, [0x10] + lengths + alternating)
    if interval > 0 {
      var content: [UInt8] = []
      content.append(big: interval)
      file += segment(0xDD, content)
    }
    return file
  }

  /// A directory with the orientation "rotate 90".
  private static let exif: [UInt8] = [
    8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
  ]

  private static func scan(
    _ members: [UInt8],
    _ first: UInt8,
    _ last: UInt8,
    _ steps: UInt8,
    _ interval: UInt16,
    _ random: inout SplitMix
  ) -> [UInt8] {
    var header = [UInt8(members.count)]
    for member in members { header += [member, 0] }
    header += [first, last, steps]
    var data: [UInt8] = []
    let parts = interval == 0 ? 1 : 8
    for part in 0..<parts {
      for byte in random.bytes(interval == 0 ? 400 : 40) {
        data += byte == 0xFF ? [byte, 0] : [byte]
      }
      if part < parts - 1 { data += [0xFF, 0xD0 + UInt8(part % 8)] }
    }
    return segment(0xDA, header) + data
  }

  private static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
    var segment: [UInt8] = [0xFF, marker]
    segment.append(big: UInt16(content.count + 2))
    return segment + content
  }
}
