import CheckedJSON

/// Reads and writes detections as COCO results: one array of
/// `{"image_id": …, "category_id": …, "bbox": [x, y, width, height], "score": …}`.
public enum CocoDetections {
  /// Reads a COCO results file.
  ///
  /// The file is mapped and read in one pass without a tree. Members beside the four are checked
  /// and passed over.
  ///
  /// - Parameter path: the file.
  /// - Returns: the detections in the order of the file, which decides between equal scores.
  /// - Throws: `EvaluationError`, with the byte.
  public static func read(path: String) throws(EvaluationError) -> [Detection] {
    let bytes: ByteView
    do { bytes = try MappedFile.open(path: path) } catch { throw .json(.file(error)) }
    return try read(bytes, source: path.split(separator: "/").last.map(String.init) ?? path)
  }

  /// Reads COCO results.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - source: its name in errors.
  /// - Returns: the detections in order.
  /// - Throws: `EvaluationError`, with the byte.
  public static func read(
    _ bytes: ByteView,
    source: String
  ) throws(EvaluationError) -> [Detection] {
    var detections: [Detection] = []
    var coco = try CocoReader(bytes, source: source)
    try coco.forEachElement { (coco) throws(EvaluationError) in
      let start = coco.offset
      var imageID: Int?
      var categoryID: Int?
      var bbox: BoundingBox?
      var score: Double?
      try coco.forEachMember { (coco, key) throws(EvaluationError) in
        switch key {
        case "image_id": imageID = try coco.int()
        case "category_id": categoryID = try coco.int()
        case "bbox": bbox = try coco.box()
        case "score": score = try coco.double()
        default: try coco.skip()
        }
      }
      detections.append(
        Detection(
          imageID: try coco.require(imageID, "image_id", of: "detection", at: start),
          categoryID: try coco.require(categoryID, "category_id", of: "detection", at: start),
          bbox: try coco.require(bbox, "bbox", of: "detection", at: start),
          score: try coco.require(score, "score", of: "detection", at: start)
        )
      )
    }
    try coco.end()
    return detections
  }

  /// Writes a COCO results file, whole or not at all.
  ///
  /// Numbers are written with the fewest digits that read back as the same double, so that reading
  /// gives equal detections, and equal detections give equal bytes.
  ///
  /// - Parameters:
  ///   - detections: in order.
  ///   - path: the file.
  /// - Throws: `EvaluationError.notFinite`, `.file`.
  public static func write(_ detections: [Detection], path: String) throws(EvaluationError) {
    for (position, detection) in detections.enumerated() where !detection.isFinite {
      throw .notFinite(position: position)
    }
    do {
      var file = try ReplacingFile(path: path)
      var writer = JSONWriter()
      writer.append("[")
      for (index, detection) in detections.enumerated() {
        writer.append(index > 0 ? ",\n" : "\n")
        detection.append(to: &writer)
        try file.write(writer.bytes)
        writer.bytes.removeAll(keepingCapacity: true)
      }
      writer.append("\n]\n")
      try file.write(writer.bytes)
      try file.commit()
    } catch { throw .file(error) }
  }
}

extension Detection {
  fileprivate var isFinite: Bool {
    bbox.x.isFinite && bbox.y.isFinite && bbox.width.isFinite && bbox.height.isFinite
      && score.isFinite
  }

  fileprivate func append(to writer: inout JSONWriter) {
    writer.append("{\"image_id\":")
    writer.append(imageID)
    writer.append(",\"category_id\":")
    writer.append(categoryID)
    writer.append(",\"bbox\":[")
    writer.append(finite: bbox.x)
    writer.append(",")
    writer.append(finite: bbox.y)
    writer.append(",")
    writer.append(finite: bbox.width)
    writer.append(",")
    writer.append(finite: bbox.height)
    writer.append("],\"score\":")
    writer.append(finite: score)
    writer.append("}")
  }
}
