import Foundation
import Vision

/// Writes photographs with the detections drawn in, as PNG.
struct Annotator {
  let folder: String
  let threshold: Double

  init(folder: String, threshold: Double) throws(OutputError) {
    self.folder = folder
    self.threshold = threshold
    try AtomicFile.createDirectory(folder)
  }

  func write(
    _ photograph: DecodedPhotograph,
    objects: [FoundObject],
    detector: any ObjectDetector
  ) throws {
    var picture = photograph.image
    let scale = max(1, min(picture.width, picture.height) / 480)
    // The best detections are drawn last, on top.
    for object in objects.reversed() where object.score >= threshold {
      let label = "\(detector.name(of: object.label)) \(Int((object.score * 100).rounded()))"
      picture.drawDetection(
        label: Array(label.utf8).span,
        x: Int(object.x.rounded()),
        y: Int(object.y.rounded()),
        width: Int(object.width.rounded()),
        height: Int(object.height.rounded()),
        color: .distinct(object.label),
        scale: scale
      )
    }
    let name = (photograph.file.name as NSString).deletingPathExtension
    let path = (folder as NSString).appendingPathComponent("\(name).png")
    try AtomicFile.write(picture.encodedPNG(), to: path)
  }
}
