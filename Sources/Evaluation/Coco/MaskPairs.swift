import CheckedJSON

/// The masks of all detections and of all annotations, each in the size of its photograph.
struct MaskPairs {
  private let detections: [RunLengthMask?]
  private let annotations: [RunLengthMask?]

  /// Draws the outlines of annotations.
  ///
  /// - Parameters:
  ///   - truth: the annotations; images whose objects have outlines must state their size.
  ///   - found: the detections.
  ///   - source: the name of the detections, for errors.
  /// - Throws: `JSONError` for an image without a size, and for masks of another size than their image's.
  init(
    _ truth: CocoAnnotations,
    _ found: [Detection],
    source: String
  ) throws(JSONError) {
    var sizes: [Int: (height: Int, width: Int)] = [:]
    for image in truth.images {
      if let height = image.height, let width = image.width, height > 0, width > 0,
        height <= 1 << 15, width <= 1 << 15
      {
        sizes[image.id] = (height, width)
      }
    }
    var masks: [RunLengthMask?] = []
    for (index, annotation) in truth.annotations.enumerated() {
      guard let segmentation = annotation.segmentation else {
        masks.append(nil)
        continue
      }
      let mask: RunLengthMask
      switch segmentation {
      case .runs(let runs): mask = runs
      case .polygons:
        guard let size = sizes[annotation.imageID] else {
          // What belongs to no image is never counted.
          if truth.images.contains(where: { $0.id == annotation.imageID }) {
            throw .missing(
              source: truth.source,
              path: "annotations[\(index)].segmentation",
              expected: "a height and a width of image \(annotation.imageID)"
            )
          }
          masks.append(nil)
          continue
        }
        mask = segmentation.mask(height: size.height, width: size.width)
      }
      if sizes[annotation.imageID] == nil { sizes[annotation.imageID] = (mask.height, mask.width) }
      try Self.check(mask, sizes[annotation.imageID]!, truth.source, "annotations[\(index)]")
      masks.append(mask)
    }
    for (index, detection) in found.enumerated() {
      guard let mask = detection.mask, let size = sizes[detection.imageID] else { continue }
      try Self.check(mask, size, source, "[\(index)]")
    }
    annotations = masks
    detections = found.map(\.mask)
  }

  /// Two masks are compared run by run, so they must have one size.
  private static func check(
    _ mask: RunLengthMask,
    _ size: (height: Int, width: Int),
    _ source: String,
    _ path: String
  ) throws(JSONError) {
    guard mask.height == size.height, mask.width == size.width else {
      throw .notAllowed(
        source: source,
        path: "\(path).segmentation.size",
        expected: "[\(size.height), \(size.width)], the size of the image",
        found: "[\(mask.height), \(mask.width)]"
      )
    }
  }

  func area(ofDetection index: Int) -> Double { Double(detections[index]?.area ?? 0) }

  func overlap(_ detection: Int, _ annotation: Int, isCrowd: Bool) -> Double {
    guard let one = detections[detection], let other = annotations[annotation] else { return 0 }
    return one.overlap(with: other, isCrowd: isCrowd)
  }
}
