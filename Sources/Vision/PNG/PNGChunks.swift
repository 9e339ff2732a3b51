import Deflate

/// What the chunks of a PNG hold, found in one walk over the file; nothing is unpacked here.
struct PNGChunks {
  let header: PNGHeader
  /// Where the compressed data stand, in order, without empty pieces.
  private(set) var data: [Range<Int>] = []
  /// Red, green and blue of each palette entry, where the picture needs a palette.
  private(set) var palette: [UInt8] = []
  /// How the picture is to be turned: EXIF first, then XMP.
  var orientation: Orientation { exifOrientation ?? xmpOrientation ?? .upright }

  private var exifOrientation: Orientation?
  private var xmpOrientation: Orientation?

  private static let ihdr: PNGError.ChunkName = 0x4948_4452
  private static let plte: PNGError.ChunkName = 0x504C_5445
  private static let idat: PNGError.ChunkName = 0x4944_4154
  private static let iend: PNGError.ChunkName = 0x4945_4E44
  private static let exif: PNGError.ChunkName = 0x6558_4966
  private static let itxt: PNGError.ChunkName = 0x6954_5874

  /// Walks over the chunks from the header to the end.
  ///
  /// A wrong checksum is an error in a chunk that decoding needs; any other chunk with one is passed
  /// over.
  init(_ bytes: Span<UInt8>, limits: DecodingLimits) throws(PictureError) {
    let checksums = CRC32()
    let first = try Self.chunk(bytes, at: 8, checksums: checksums)
    guard first.name == Self.ihdr else {
      throw .png(.misplacedChunk(chunk: first.name, offset: 8))
    }
    guard first.content.count == 13 else {
      throw .png(.chunkLength(chunk: first.name, offset: 8, length: first.content.count))
    }
    header = try PNGHeader(bytes, at: first.content.lowerBound, limits: limits)

    var offset = first.content.upperBound + 4
    var dataEnded = false
    while true {
      let chunk = try Self.chunk(bytes, at: offset, checksums: checksums)
      let content = chunk.content
      if !data.isEmpty, chunk.name != Self.idat {
        dataEnded = true
      }
      switch chunk.name {
      case Self.iend:
        return
      case Self.idat:
        guard !dataEnded else {
          throw .png(.misplacedChunk(chunk: chunk.name, offset: offset))
        }
        if !content.isEmpty {
          data.append(content)
        }
      case Self.plte:
        guard palette.isEmpty, data.isEmpty else {
          throw .png(.misplacedChunk(chunk: chunk.name, offset: offset))
        }
        guard !content.isEmpty, content.count % 3 == 0, content.count <= 768 else {
          throw .png(.chunkLength(chunk: chunk.name, offset: offset, length: content.count))
        }
        for index in content {
          palette.append(bytes[index])
        }
      case Self.exif:
        exifOrientation = exifOrientation ?? Orientation(exif: bytes, in: content)
      case Self.itxt:
        if bytes.holds(Array("XML:com.adobe.xmp".utf8), at: content.lowerBound) {
          xmpOrientation = xmpOrientation ?? Orientation(xmp: bytes, in: content)
        }
      default:
        // An upper-case first letter marks a chunk that a decoder has to understand.
        guard chunk.name >> 29 & 1 == 1 else {
          throw .png(.unknownCriticalChunk(chunk: chunk.name, offset: offset))
        }
      }
      offset = content.upperBound + 4
    }
  }

  /// Reads the name, the place and the checksum of a chunk.
  ///
  /// - Returns: the place is empty for a chunk that can be passed over and has a wrong checksum.
  private static func chunk(
    _ bytes: Span<UInt8>,
    at offset: Int,
    checksums: CRC32
  ) throws(PictureError) -> (name: PNGError.ChunkName, content: Range<Int>) {
    guard let size = bytes.uint32(at: offset), let name = bytes.uint32(at: offset + 4) else {
      throw .png(.ends(offset: bytes.count))
    }
    let length = Int(clamping: size)
    let start = offset + 8
    guard length <= bytes.count - start - 4 else {
      throw .png(
        .chunkPastEnd(
          chunk: name,
          offset: offset,
          length: length,
          available: bytes.count - start
        )
      )
    }
    let content = start..<start + length
    let isNeeded = name >> 29 & 1 == 0
    guard isNeeded || name == exif || name == itxt else {
      return (name, content)
    }
    let expected = checksums.checksum(bytes, offset + 4..<content.upperBound)
    let found = bytes.uint32(at: content.upperBound) ?? 0
    if found != expected {
      guard isNeeded else {
        return (name, content.upperBound..<content.upperBound)
      }
      throw .png(.wrongChecksum(chunk: name, offset: offset, found: found, expected: expected))
    }
    return (name, content)
  }
}
