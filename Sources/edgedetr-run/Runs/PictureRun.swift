import EdgeDETR
import Kernels
import Messages
import ModelFile
import Runtime
import Vision

/// Detects in picture files; one that cannot be used is named and skipped.
struct PictureRun {
  private let options: RunOptions
  private let detector: Detector
  private let annotations: AnnotationFolder?

  init(_ options: RunOptions) throws(RunError) {
    self.options = options
    let table = try RunCommand.table(options)
    detector = Detector(
      file: try RunCommand.model(options),
      threads: options.threads,
      table: table
    )
    annotations = try AnnotationFolder(options)
  }

  func run() throws(RunError) -> Int32 {
    var lines = DetectionLine(labels: detector.labels, options: options)
    var done = 0
    var failures = 0
    for path in options.operands.dropFirst() {
      if let image = decoded(path), try detect(path, image, &lines) {
        done += 1
      } else {
        failures += 1
      }
    }
    return failures == 0 ? 0 : done > 0 ? 1 : 3
  }

  private func decoded(_ path: Word) -> Image? {
    let file: FileMapping
    do throws(FileMappingError) { file = try FileMapping(path: path.start) } catch {
      Diagnostics.error("\(path.text): \(error.description)")
      return nil
    }
    do throws(PictureError) {
      // The mapping lives until the end of this function, and a picture is a copy.
      let bytes = file.bytes.bindMemory(to: UInt8.self)
      let image = try Image(decoding: bytes.span)
      return withExtendedLifetime(file) { image }
    } catch {
      Diagnostics.error("\(path.text): \(error.description)")
      return nil
    }
  }

  private func detect(
    _ path: Word,
    _ image: Image,
    _ lines: inout DetectionLine
  ) throws(RunError) -> Bool {
    let arrival = wallNanoseconds()
    let start = monotonicNanoseconds()
    let detections: UnsafeBufferPointer<Detection>
    do throws(SessionError) { detections = try detector.run(image) } catch {
      Diagnostics.error("\(path.text): \(error.description)")
      return false
    }
    let duration = monotonicNanoseconds() - start
    try lines.print(.picture(path), detections, arrival: arrival, duration: duration)
    try annotations?.write(image, detections, lines, name: Self.name(path))
    return true
  }

  /// A file's name without folders and ending.
  private static func name(_ path: Word) -> [UInt8] {
    let file = path.bytes.split(separator: UInt8(ascii: "/")).last ?? path.bytes[...]
    guard let point = file.lastIndex(of: UInt8(ascii: ".")), point > file.startIndex else {
      return Array(file)
    }
    return Array(file[..<point])
  }
}
