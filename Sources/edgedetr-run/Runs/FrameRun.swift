import EdgeDETR
import Kernels
import Messages
import ModelFile
import Vision

/// Detects in raw frames from standard input until it ends.
///
/// All memory is taken before the first frame, but for annotated pictures, whose memory is given back
/// frame by frame.
struct FrameRun {
  private let options: RunOptions
  private let model: MappedModel
  private let layout: FrameLayout
  private let detector: FrameDetector
  private let annotations: AnnotationFolder?

  init(_ options: RunOptions) throws(RunError) {
    self.options = options
    guard let format = options.format, let size = options.frameSize else {
      throw .usage("--input needs --frame-size WxH")
    }
    do throws(FrameError) {
      layout = try FrameLayout(
        format: format,
        width: size.width,
        height: size.height,
        stride: options.stride
      )
    } catch { throw .usage("--frame-size: \(error.description)") }
    let table = try RunCommand.table(options)
    model = try RunCommand.model(options)
    do throws(DetectorError) {
      detector = try FrameDetector(
        model: model.model,
        layout: layout,
        threads: options.threads,
        table: table
      )
    } catch { throw .input("\(model.path): \(error.description)") }
    annotations = try AnnotationFolder(options)
  }

  func run() throws(RunError) -> Int32 {
    var frame = [UInt8](repeating: 0, count: layout.byteCount)
    var lines = DetectionLine(labels: model.labels, options: options)
    var number = 0
    while true {
      guard let count = frame.withUnsafeMutableBytes({ readFully(0, $0) }) else {
        throw .input("standard input: \(FileMappingError.text(systemError))")
      }
      guard count == frame.count else { return try finish(number, rest: count) }
      if number % options.every == 0 { try detect(frame, number, &lines) }
      number += 1
    }
  }

  private func detect(
    _ frame: [UInt8],
    _ number: Int,
    _ lines: inout DetectionLine
  ) throws(RunError) {
    let arrival = wallNanoseconds()
    let start = monotonicNanoseconds()
    do throws(DetectorError) { try detector.run(frame.span) } catch {
      throw .input("frame \(number): \(error.description)")
    }
    let duration = monotonicNanoseconds() - start
    let detections = detector.detections
    try lines.print(.frame(number), detections, arrival: arrival, duration: duration)
    if let annotations {
      try annotations.write(picture(frame), detections, lines, name: Self.name(number))
    }
  }

  /// What is left at the end of the input.
  private func finish(_ frames: Int, rest: Int) throws(RunError) -> Int32 {
    guard rest > 0 else {
      guard frames > 0 else { throw .input("standard input: no frame in it") }
      return 0
    }
    let text: Message =
      "standard input ends inside of frame \(frames), at byte \(rest) of \(layout.byteCount)"
    guard frames > 0 else { throw .input("\(text): not one whole frame") }
    Diagnostics.error("\(text); that frame is left out")
    return 0
  }

  /// A frame as a picture.
  private func picture(_ frame: [UInt8]) throws(RunError) -> Image {
    var pixels = [UInt8](repeating: 0, count: layout.width * layout.height * 3)
    let first = layout.firstPlaneByteCount
    do throws(FrameError) {
      var rgb = pixels.mutableSpan
      let bytes = frame.span
      try layout.convert(
        bytes.extracting(0..<first),
        bytes.extracting(first..<frame.count),
        to: &rgb
      )
    } catch { throw .input("\(error.description)") }
    return Image(width: layout.width, height: layout.height, pixels: pixels)
  }

  /// `frame-000042`
  private static func name(_ number: Int) -> [UInt8] {
    var digits = Array("\(number)".utf8)
    while digits.count < 6 { digits.insert(UInt8(ascii: "0"), at: 0) }
    return Array("frame-".utf8) + digits
  }
}
