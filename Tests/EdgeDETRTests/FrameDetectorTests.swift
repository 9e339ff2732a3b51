import EdgeDETR
import Kernels
import Runtime
import Testing
import Vision

@Suite("Frames of one size in memory of the caller's")
struct FrameDetectorTests {
  private let image = SmallModel.picture(width: 64, height: 48, seed: 5)

  /// The picture's samples in a format of RGB, rows padded.
  private func frame(_ format: PixelFormat, stride: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 7, count: stride * image.height)
    for y in 0..<image.height {
      for x in 0..<image.width {
        let color = image[x, y]
        let step = format == .rgb24 || format == .bgr24 ? 3 : 4
        let samples =
          format == .rgb24 || format == .rgba
          ? [color.red, color.green, color.blue] : [color.blue, color.green, color.red]
        for (index, sample) in samples.enumerated() {
          bytes[y * stride + x * step + index] = sample
        }
      }
    }
    return bytes
  }

  @Test(
    "the same pixels in any order and with padded rows give the same detections",
    arguments: [PixelFormat.rgb24, .bgr24, .rgba, .bgra]
  )
  func formats(format: PixelFormat) throws {
    let model = try SmallModel.shared.get()
    let expected = try Detector(model: model.path).detect(image)
    for stride in [64 * 4, 64 * 4 + 13] {
      let layout = try FrameLayout(format: format, width: 64, height: 48, stride: stride)
      let detector = try FrameDetector(model: model.file.model, layout: layout, threads: 2)
      #expect(detector.detections.isEmpty)
      let bytes = frame(format, stride: stride)
      for _ in 0..<2 {
        try detector.run(bytes.span)
        #expect(Array(detector.detections) == expected)
      }
    }
  }

  @Test(
    "frames of luma and chroma give what their colours give",
    arguments: [PixelFormat.nv12, .yuyv]
  )
  func chroma(format: PixelFormat) throws {
    let model = try SmallModel.shared.get()
    let layout = try FrameLayout(format: format, width: 64, height: 48)
    let bytes = (0..<layout.byteCount).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) }
    var pixels = [UInt8](repeating: 0, count: 64 * 48 * 3)
    let (first, second) = (
      Array(bytes[..<layout.firstPlaneByteCount]), Array(bytes[layout.firstPlaneByteCount...])
    )
    var rgb = pixels.mutableSpan
    try layout.convert(first.span, second.span, to: &rgb)
    let expected = try Detector(model: model.path)
      .detect(Image(width: 64, height: 48, pixels: pixels))

    let detector = try FrameDetector(model: model.file.model, layout: layout, threads: 1)
    try detector.run(bytes.span)
    #expect(Array(detector.detections) == expected)
    try detector.run(first.span, second.span)
    #expect(Array(detector.detections) == expected)
  }

  @Test("a detector needs exactly the bytes that it says, on a boundary, and touches no others")
  func memory() throws {
    let model = try SmallModel.shared.get().file.model
    let layout = try FrameLayout(format: .bgr24, width: 64, height: 48)
    let count = try FrameDetector.byteCount(model: model, layout: layout, threads: 2)
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: count + 128, alignment: 64)
    defer { room.deallocate() }
    room.initializeMemory(as: UInt8.self, repeating: 0xA5)
    let memory = UnsafeMutableRawBufferPointer(rebasing: room[64..<64 + count])
    do {
      let detector = try FrameDetector(model: model, layout: layout, threads: 2, memory: memory)
      try detector.run(frame(.bgr24, stride: 64 * 3).span)
      #expect(!detector.detections.isEmpty)
    }
    #expect(room[..<64].allSatisfy { $0 == 0xA5 })
    #expect(room[(64 + count)...].allSatisfy { $0 == 0xA5 })

    let short = UnsafeMutableRawBufferPointer(rebasing: memory[..<(count - 1)])
    #expect(throws: DetectorError.session(.arenaTooSmall(needed: count, given: count - 1))) {
      try FrameDetector(model: model, layout: layout, threads: 2, memory: short)
    }
    let shifted = UnsafeMutableRawBufferPointer(rebasing: room[8..<8 + count])
    #expect(throws: DetectorError.session(.arenaMisaligned(remainder: 8, alignment: 64))) {
      try FrameDetector(model: model, layout: layout, threads: 2, memory: shifted)
    }
  }

  @Test("frames that are too short are refused, and the last detections stay")
  func shortFrames() throws {
    let model = try SmallModel.shared.get().file.model
    for format in PixelFormat.allCases {
      let layout = try FrameLayout(format: format, width: 64, height: 48)
      let detector = try FrameDetector(model: model, layout: layout, threads: 1)
      let bytes = [UInt8](repeating: 100, count: layout.byteCount)
      try detector.run(bytes.span)
      let count = detector.detections.count
      for length in [0, layout.firstPlaneByteCount - 1, layout.byteCount - 1] {
        #expect(throws: DetectorError.self) { try detector.run(bytes.span.extracting(0..<length)) }
      }
      #expect(detector.detections.count == count)
    }
  }
}
