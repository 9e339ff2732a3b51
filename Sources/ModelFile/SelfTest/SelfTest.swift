/// A sample picture that a file carries, and the digest of what the model detects in it.
///
/// Integer results are the same everywhere, so a board on which the sample gives another digest has
/// broken memory, a broken file or a broken kernel.
///
/// The record stands behind everything else in the information section, as words:
///
///     kind 1, version 1, height, width, blob of the pixels (2 words), number of detections, digest (2)
///
/// Its pixels lie in the data section, rows of interleaved RGB bytes without padding, behind the
/// last array of the operations.
public struct SelfTest: Equatable, Sendable {
  /// Rows of the picture.
  public let height: Int
  /// Columns of the picture.
  public let width: Int
  /// `height * width * 3` bytes.
  public let pixels: Blob
  /// What the picture's detections must be; see ``digest(of:)``.
  public let digest: UInt64
  /// How many detections the digest is of.
  public let detections: Int

  private static let kind: Int32 = 1
  private static let version: Int32 = 1
  /// The longest side of a picture.
  static let longestSide: Int32 = 4096

  init(height: Int, width: Int, pixels: Blob, digest: UInt64, detections: Int) {
    self.height = height
    self.width = width
    self.pixels = pixels
    self.digest = digest
    self.detections = detections
  }

  /// A digest of detections, given as their bytes: six little-endian int32 each, in order.
  ///
  /// It is the checksum of the file format, which tells damage from health and is no signature.
  public static func digest(of detections: UnsafeRawBufferPointer) -> UInt64 {
    FileLayout.checksum(detections)
  }

  func write(to words: inout WordWriter) {
    words.word(Self.kind)
    words.word(Self.version)
    words.number(height)
    words.number(width)
    words.blob(pixels)
    words.number(detections)
    words.doubleWord(digest)
  }

  init(from words: inout WordReader) throws(ModelError) {
    _ = try words.number(Self.kind...Self.kind)
    _ = try words.number(Self.version...Self.version)
    height = try words.number(1...Self.longestSide)
    width = try words.number(1...Self.longestSide)
    pixels = try words.blob()
    detections = try words.number(0...Int32.max)
    digest = try words.doubleWord()
  }
}

extension Model {
  /// The bytes of this model's file with a self-test added.
  ///
  /// - Parameters:
  ///   - height: rows of the sample picture, at most 4096.
  ///   - width: columns of the sample picture, at most 4096.
  ///   - pixels: rows of interleaved RGB bytes.
  ///   - digest: of the detections in the picture; see ``SelfTest/digest(of:)``.
  ///   - detections: how many there are.
  /// - Returns: the bytes of the new file.
  /// - Throws: ``ModelError`` never for a model that was read from its bytes.
  /// - Precondition: the model carries no self-test, and `pixels` holds `height * width * 3` bytes.
  public func fileWithSelfTest(
    height: Int,
    width: Int,
    pixels: [UInt8],
    digest: UInt64,
    detections: Int
  ) throws(ModelError) -> [UInt8] {
    precondition(information.selfTest == nil, "one self-test a file")
    precondition(pixels.count == height * width * 3, "three bytes a pixel")
    let sections = try Self.sections(of: bytes)
    func section(_ section: FileLayout.Section) -> [UInt8] {
      Array(bytes[sections[section.rawValue]])
    }
    // Arrays begin on boundaries, and so does what follows the last one.
    var data = Array(section(.data).dropLast(FileLayout.dataPadding))
    let offset = data.count
    data += pixels
    let padded = FileLayout.aligned(data.count) + FileLayout.dataPadding
    data += [UInt8](repeating: 0, count: padded - data.count)
    var information = information
    information.selfTest = SelfTest(
      height: height,
      width: width,
      pixels: Blob(offset: offset, count: pixels.count),
      digest: digest,
      detections: detections
    )
    var words = WordWriter()
    information.write(to: &words)
    return FileLayout.file(sections: [
      ModelWriter.bytes(words.words), section(.values), section(.operations), section(.text), data,
    ])
  }
}
