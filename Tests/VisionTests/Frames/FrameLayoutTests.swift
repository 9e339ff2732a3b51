import Testing

@testable import Vision

@Suite("Frames of cameras")
struct FrameLayoutTests {
  private static let seed: UInt64 = 1202

  /// Random bytes for the planes of a layout, and the RGB that they are.
  private func converted(
    _ layout: FrameLayout,
    seed: UInt64 = Self.seed
  ) throws -> (first: [UInt8], second: [UInt8], rgb: [UInt8]) {
    var generator = SeededGenerator(seed: seed)
    func bytes(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
    let first = bytes(layout.firstPlaneByteCount)
    let second = bytes(layout.secondPlaneByteCount)
    var rgb = [UInt8](repeating: 0, count: layout.width * layout.height * 3)
    var span = rgb.mutableSpan
    try layout.convert(first.span, second.span, to: &span)
    return (first, second, rgb)
  }

  @Test(
    "every pixel comes from its own samples, at odd sizes and with padded rows too",
    arguments: PixelFormat.allCases
  )
  func pixels(format: PixelFormat) throws {
    for (width, height, padding) in [(1, 1, 0), (2, 2, 0), (5, 3, 0), (7, 4, 9), (16, 5, 1)] {
      let shortest = format.rowByteCount(width: width)
      let layout = try FrameLayout(
        format: format,
        width: width,
        height: height,
        stride: shortest + padding
      )
      let (first, second, rgb) = try converted(layout)
      for y in 0..<height {
        for x in 0..<width {
          let row = first[(y * layout.stride)...]
          func sample(_ index: Int) -> UInt8 { row[row.startIndex + index] }
          let wanted: [UInt8]
          switch format {
          case .rgb24: wanted = [sample(3 * x), sample(3 * x + 1), sample(3 * x + 2)]
          case .bgr24: wanted = [sample(3 * x + 2), sample(3 * x + 1), sample(3 * x)]
          case .rgba: wanted = [sample(4 * x), sample(4 * x + 1), sample(4 * x + 2)]
          case .bgra: wanted = [sample(4 * x + 2), sample(4 * x + 1), sample(4 * x)]
          case .nv12:
            let chroma = y / 2 * layout.chromaStride + x / 2 * 2
            wanted = color(sample(x), second[chroma], second[chroma + 1])
          case .yuyv:
            let pair = x / 2 * 4
            wanted = color(sample(2 * x), sample(pair + 1), sample(pair + 3))
          }
          let place = (y * width + x) * 3
          #expect(Array(rgb[place..<place + 3]) == wanted, "\(width)x\(height), \(x), \(y)")
        }
      }
    }
  }

  private func color(_ y: UInt8, _ cb: UInt8, _ cr: UInt8) -> [UInt8] {
    let pixel = LimitedRangeColor(cb: cb, cr: cr).pixel(luma: y)
    return [pixel.red, pixel.green, pixel.blue]
  }

  @Test("a frame has the bytes that ffmpeg writes")
  func byteCounts() throws {
    // ffmpeg -f lavfi -i testsrc2 -vf scale=W:H -frames:v 1 -pix_fmt FORMAT -f rawvideo - | wc -c
    let sizes: [(format: PixelFormat, width: Int, height: Int, bytes: Int)] = [
      (.rgb24, 64, 48, 9216), (.bgr24, 63, 47, 8883), (.rgba, 64, 48, 12288),
      (.bgra, 63, 47, 11844), (.nv12, 64, 48, 4608), (.nv12, 63, 47, 4497), (.yuyv, 64, 48, 6144),
    ]
    for (format, width, height, bytes) in sizes {
      #expect(try FrameLayout(format: format, width: width, height: height).byteCount == bytes)
    }
  }

  @Test("sizes, strides and planes that do not fit are refused with what is needed")
  func refusals() throws {
    func refusal(
      _ format: PixelFormat,
      _ width: Int,
      _ height: Int,
      _ stride: Int? = nil,
      _ chromaStride: Int? = nil
    ) -> FrameError? {
      do throws(FrameError) {
        _ = try FrameLayout(
          format: format,
          width: width,
          height: height,
          stride: stride,
          chromaStride: chromaStride
        )
        return nil
      } catch { return error }
    }
    #expect(refusal(.rgb24, 0, 5) == .size(width: 0, height: 5, limit: 32_767))
    #expect(refusal(.rgb24, 5, 32_768) == .size(width: 5, height: 32_768, limit: 32_767))
    #expect(refusal(.rgb24, 5, 5, 14) == .stride(plane: 0, found: 14, needed: 15))
    #expect(refusal(.yuyv, 5, 5, 11) == .stride(plane: 0, found: 11, needed: 12))
    #expect(refusal(.nv12, 5, 5, 5, 5) == .stride(plane: 1, found: 5, needed: 6))
    #expect(refusal(.rgb24, 5, 5, 15, 6) == .noSecondPlane(format: .rgb24))
    #expect(refusal(.rgb24, 5, 5, -1) == .stride(plane: 0, found: -1, needed: 15))
    #expect(refusal(.rgb24, 5, 5, .max) == .tooManyBytes(stride: .max, height: 5))
    #expect(refusal(.nv12, 5, 5, 5) == nil)

    let layout = try FrameLayout(format: .nv12, width: 4, height: 4, stride: 8)
    // The last row needs no padding: 3 · 8 + 4 and 8 + 4 bytes.
    #expect(throws: Never.self) { try layout.check(first: 28, second: 12) }
    #expect(throws: FrameError.byteCount(plane: 0, found: 27, needed: 28)) {
      try layout.check(first: 27, second: 12)
    }
    #expect(throws: FrameError.byteCount(plane: 1, found: 11, needed: 12)) {
      try layout.check(first: 28, second: 11)
    }
  }
}
