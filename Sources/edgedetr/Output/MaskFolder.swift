import CheckedJSON
import Evaluation
import Foundation
import Vision

/// Writes the masks of photographs: a black and white PNG a detection, and the panoptic picture.
///
/// In the panoptic picture every pixel belongs to one detection at most. As transformers'
/// `post_process_panoptic_segmentation` has it, it goes to the one whose probability times score is greatest;
/// a detection stays where it has at least 0.8 of the pixels that are its own by probabilities of a half on.
/// Pixels hold the number of their segment as COCO's panoptic files do, red + 256 · green + 65536 · blue, 0 for
/// none; a JSON file beside the picture lists the segments.
struct MaskFolder {
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
    masks: [Int: MaskMap],
    detector: any ObjectDetector
  ) throws {
    let (height, width) = (photograph.image.height, photograph.image.width)
    let stem = (photograph.file.name as NSString).deletingPathExtension
    for query in masks.keys.sorted() where objects[query].score >= threshold {
      let pixels = masks[query]!.mask(height: height, width: width).pixels
      let image = Image(
        width: width,
        height: height,
        pixels: pixels.flatMap { [UInt8](repeating: $0 ? 255 : 0, count: 3) }
      )
      let label = detector.name(of: objects[query].label).map {
        $0.isLetter || $0.isNumber ? $0 : "-"
      }
      try write(image.encodedPNG(), "\(stem)-\(query)-\(String(label)).png")
    }
    let (numbers, segments) = segments(objects, masks, height: height, width: width)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(numbers.count * 3)
    for number in numbers {
      pixels += [UInt8(number & 255), UInt8(number >> 8 & 255), UInt8(number >> 16 & 255)]
    }
    let picture = Image(width: width, height: height, pixels: pixels)
    try write(picture.encodedPNG(), "\(stem)-panoptic.png")
    let list: [JSON] = segments.map { segment in
      [
        "id": JSON(segment.number),
        "category_id": JSON(objects[segment.query].label),
        "label": .string(detector.name(of: objects[segment.query].label)),
        "score": .double(objects[segment.query].score),
        "area": JSON(segment.area),
      ]
    }
    let text: JSON = ["file_name": .string("\(stem)-panoptic.png"), "segments_info": .array(list)]
    try write(Array(try text.encoded(pretty: true)), "\(stem)-panoptic.json")
  }

  private struct Segment {
    let number: Int
    let query: Int
    var area: Int
  }

  /// The number of each pixel's segment, row by row, and the segments.
  private func segments(
    _ objects: [FoundObject],
    _ masks: [Int: MaskMap],
    height: Int,
    width: Int
  ) -> (numbers: [Int], segments: [Segment]) {
    let queries = masks.keys.sorted().filter { objects[$0].score >= threshold }
    var best = [Float](repeating: 0, count: height * width)
    var owner = [Int](repeating: -1, count: height * width)
    var ownAreas: [Int] = []
    for (place, query) in queries.enumerated() {
      let probabilities = masks[query]!.probabilities.resized(height: height, width: width)
      let score = Float(objects[query].score)
      var ownArea = 0
      for pixel in probabilities.indices {
        let weighted = probabilities[pixel] * score
        // The overlap is measured on weighted probabilities, as the reference does.
        if weighted >= 0.5 { ownArea += 1 }
        if weighted > best[pixel] {
          best[pixel] = weighted
          owner[pixel] = place
        }
      }
      ownAreas.append(ownArea)
    }
    var areas = [Int](repeating: 0, count: queries.count)
    for place in owner where place >= 0 { areas[place] += 1 }
    var segments: [Segment] = []
    var numbers = [Int](repeating: 0, count: queries.count)
    for (place, query) in queries.enumerated() {
      guard areas[place] > 0, ownAreas[place] > 0,
        Double(areas[place]) / Double(ownAreas[place]) > 0.8
      else { continue }
      numbers[place] = segments.count + 1
      segments.append(Segment(number: segments.count + 1, query: query, area: areas[place]))
    }
    return (owner.map { $0 < 0 ? 0 : numbers[$0] }, segments)
  }

  private func write(_ bytes: [UInt8], _ name: String) throws {
    try AtomicFile.write(bytes, to: (folder as NSString).appendingPathComponent(name))
  }
}
