import EdgeDETR
import Messages
import ModelFile
import Vision

/// The folder of `--annotate-dir`: pictures with the detections drawn in, as PNG.
struct AnnotationFolder {
  private let path: [UInt8]
  private let threshold: Int32

  /// Makes the folder unless it is there; nil where none is wanted.
  init?(_ options: RunOptions) throws(RunError) {
    guard let word = options.annotationFolder else { return nil }
    path = word.bytes
    threshold = options.leastScore
    guard makeFolder(Self.terminated(path)) else {
      throw .input("\(word.text): \(FileMappingError.text(systemError))")
    }
  }

  /// Draws the detections into a picture and writes it under a name with the ending `.png`.
  func write(
    _ picture: consuming Image,
    _ detections: UnsafeBufferPointer<Detection>,
    _ lines: DetectionLine,
    name: [UInt8]
  ) throws(RunError) {
    let scale = max(1, min(picture.width, picture.height) / 480)
    // The best detections are drawn last, on top.
    for detection in detections.reversed() where detection.score >= threshold {
      let percent = (Int64(detection.score) * 100 + 1 << 29) >> 30
      let label = lines.name(of: detection.label) + Array(" \(percent)".utf8)
      picture.drawDetection(
        label: label.span,
        x: Self.pixel(detection.x),
        y: Self.pixel(detection.y),
        width: Self.pixel(detection.width),
        height: Self.pixel(detection.height),
        color: .distinct(Int(detection.label)),
        scale: scale
      )
    }
    let file = path + [UInt8(ascii: "/")] + name + Array(".png".utf8)
    guard replaceFile(Self.terminated(file), with: picture.encodedPNG()) else {
      let name = String(decoding: file, as: UTF8.self)
      throw .input("\(name): cannot be written: \(FileMappingError.text(systemError))")
    }
  }

  /// The nearest pixel.
  private static func pixel(_ number: Int32) -> Int { Int((Int64(number) + 1 << 15) >> 16) }

  private static func terminated(_ bytes: [UInt8]) -> [CChar] {
    bytes.map { CChar(bitPattern: $0) } + [0]
  }
}
