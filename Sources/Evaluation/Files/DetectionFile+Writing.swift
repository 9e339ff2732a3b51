import CheckedJSON

extension DetectionFile {
  /// Writes a result list, whole or not at all: beside the file, then renamed onto it.
  ///
  /// One detection a line; every number has the fewest digits that read back as the same double.
  ///
  /// - Parameters:
  ///   - detections: what to write, in this order.
  ///   - path: the file.
  /// - Throws: `JSONError.file` when the system refuses, `JSONError.notFinite` for NaN and infinities,
  ///   which JSON cannot express.
  public static func write(_ detections: [Detection], path: String) throws(JSONError) {
    let bytes = try encoded(detections)
    do {
      var file = try ReplacingFile(path: path)
      try file.write(bytes)
      try file.commit()
    } catch {
      throw .file(error)
    }
  }

  /// The text of a result list, as `write` puts it into a file.
  ///
  /// - Parameter detections: what to write, in this order.
  /// - Returns: UTF-8.
  /// - Throws: `JSONError.notFinite` for NaN and infinities.
  public static func encoded(_ detections: [Detection]) throws(JSONError) -> [UInt8] {
    var writer = JSONWriter()
    for index in detections.indices { try append(detections, index, to: &writer) }
    writer.append(detections.isEmpty ? "[]\n" : "\n]\n")
    return writer.bytes
  }

  private static func append(
    _ detections: [Detection],
    _ index: Int,
    to writer: inout JSONWriter
  ) throws(JSONError) {
    let detection = detections[index]
    writer.append(index == 0 ? "[\n" : ",\n")
    writer.append("{\"image_id\":")
    writer.append(detection.imageID)
    writer.append(",\"category_id\":")
    writer.append(detection.categoryID)
    writer.append(",\"bbox\":[")
    try append(detection.x, index, "bbox[0]", to: &writer)
    writer.append(",")
    try append(detection.y, index, "bbox[1]", to: &writer)
    writer.append(",")
    try append(detection.width, index, "bbox[2]", to: &writer)
    writer.append(",")
    try append(detection.height, index, "bbox[3]", to: &writer)
    writer.append("],\"score\":")
    try append(detection.score, index, "score", to: &writer)
    if let mask = detection.mask {
      writer.append(",\"segmentation\":{\"size\":[")
      writer.append(mask.height)
      writer.append(",")
      writer.append(mask.width)
      writer.append("],\"counts\":")
      writer.append(string: mask.packed)
      writer.append("}")
    }
    writer.append("}")
  }

  private static func append(
    _ number: Double,
    _ index: Int,
    _ member: StaticString,
    to writer: inout JSONWriter
  ) throws(JSONError) {
    guard number.isFinite else { throw .notFinite(path: "[\(index)].\(member)", value: number) }
    writer.append(finite: number)
  }
}
