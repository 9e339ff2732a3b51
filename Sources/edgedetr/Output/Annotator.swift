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

  /// Colours that stay apart on photographs, one a class, in turn.
  private static let palette = [
    Color(red: 230, green: 60, blue: 50), Color(red: 40, green: 120, blue: 220),
    Color(red: 20, green: 150, blue: 70), Color(red: 200, green: 110, blue: 0),
    Color(red: 140, green: 60, blue: 190), Color(red: 0, green: 140, blue: 150),
    Color(red: 190, green: 40, blue: 120), Color(red: 100, green: 100, blue: 20),
  ]

  func write(
    _ photograph: DecodedPhotograph, objects: [FoundObject], detector: any ObjectDetector
  ) throws {
    var picture = photograph.image
    let thickness = max(1, min(picture.width, picture.height) / 240)
    // The best detections are drawn last, on top.
    for object in objects.reversed() where object.score >= threshold {
      let color = Self.palette[object.label % Self.palette.count]
      let x = Int(object.x.rounded())
      let y = Int(object.y.rounded())
      picture.drawBox(
        x: x, y: y, width: Int(object.width.rounded()), height: Int(object.height.rounded()),
        color: color, thickness: thickness)
      let score = Int((object.score * 100).rounded())
      picture.drawLabel(
        "\(detector.name(of: object.label)) \(score)", x: x, y: y, color: .white,
        background: color)
    }
    let name = (photograph.file.name as NSString).deletingPathExtension
    let path = (folder as NSString).appendingPathComponent("\(name).png")
    try AtomicFile.write(picture.encodedPNG(), to: path)
  }
}
