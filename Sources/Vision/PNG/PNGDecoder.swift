import Deflate

/// Decodes a PNG (ISO/IEC 15948), upright as its EXIF data ask for.
///
/// Transparency, gamma and colour profiles are passed over, as Pillow's `convert("RGB")` does; of 16
/// bits the upper 8 count. The data are unpacked only as far as rows need them, through a window of
/// fixed size; what follows the last row, the checksum of zlib included, is not read: every chunk has
/// a checksum of its own.
func decodePNG(_ bytes: Span<UInt8>, limits: DecodingLimits) throws(PictureError) -> Image {
  let chunks = try PNGChunks(bytes, limits: limits)
  let header = chunks.header
  if chunks.data.isEmpty {
    throw .png(.missingData)
  }
  if header.colorType == .palette, chunks.palette.isEmpty {
    throw .png(.missingPalette)
  }
  try checkSize(chunks, fileByteCount: bytes.count, limits: limits)

  var image = Image(width: header.width, height: header.height)
  var pixels = image.pixels.mutableSpan
  let unpacker = PNGRowUnpacker(header: header, palette: chunks.palette)
  do throws(PNGError) {
    try unpacker.unpack(bytes, data: chunks.data, pixels: &pixels)
  } catch {
    throw .png(error)
  }
  return try image.oriented(chunks.orientation, limits: limits)
}

/// Holds the size of the picture against the limits and the amount of compressed data.
///
/// Deflate takes at least two bits for a copy of at most 258 bytes, so that it expands at most 1032
/// times.
private func checkSize(
  _ chunks: PNGChunks,
  fileByteCount: Int,
  limits: DecodingLimits
) throws(PictureError) {
  let header = chunks.header
  var packed: UInt64 = 0
  for piece in chunks.data {
    packed += UInt64(piece.count)
  }
  let needed = header.dataByteCount / 1032
  guard packed >= needed else {
    throw .tooFewBytes(
      width: header.width,
      height: header.height,
      needed: Int(clamping: needed),
      found: Int(clamping: packed)
    )
  }
  try limits.checkMemory(
    (header.width * header.height, 3),
    (header.rowByteCount(columns: header.width), 2),
    (header.width, 3),
    (Inflater.memoryByteCount, 1)
  )
}
