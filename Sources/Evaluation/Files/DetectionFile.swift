import CheckedJSON

/// A COCO result list: `[{"image_id", "category_id", "bbox": [x, y, width, height], "score"}, …]`.
///
///     let file = try DetectionFile(path: "detections.json")
///     try DetectionFile.write(file.detections, path: "copy.json")
///
/// Where a detection has a `segmentation` of runs, it is read; without a `bbox`, the box around it is the box.
/// Further members of a detection are passed over.
public struct DetectionFile: Sendable {
  /// The name of the file or text, for errors about what is in it.
  public let source: String
  /// The detections in the file's order, which decides between equal scores.
  public let detections: [Detection]

  /// Reads a file.
  ///
  /// - Parameter path: the file.
  /// - Throws: `JSONError`: one line with the file, the place in it, what was expected and found.
  public init(path: String) throws(JSONError) {
    var reader = try openJSON(path: path)
    try self.init(&reader)
  }

  /// Reads a text in memory.
  ///
  /// - Parameters:
  ///   - text: the JSON text.
  ///   - source: its name in errors.
  /// - Throws: `JSONError`.
  public init(text: String, source: String) throws(JSONError) {
    var reader = try JSONReader(ByteView(utf8: text), source: source)
    try self.init(&reader)
  }

  private init(_ reader: inout JSONReader) throws(JSONError) {
    source = reader.source
    var detections: [Detection] = []
    try reader.beginArray()
    while try reader.nextElement() {
      detections.append(try Self.detection(&reader, index: detections.count))
    }
    try reader.end()
    self.detections = detections
  }

  private static func detection(
    _ reader: inout JSONReader,
    index: Int
  ) throws(JSONError) -> Detection {
    var imageID: Int?
    var categoryID: Int?
    var box: BoundingBox?
    var score: Double?
    var mask: RunLengthMask?
    try reader.beginObject()
    while let key = try reader.nextKey() {
      switch key {
      case "image_id": imageID = try reader.identifier()
      case "category_id": categoryID = try reader.identifier()
      case "bbox": box = try reader.boundingBox(at: "[\(index)].bbox")
      case "score": score = try reader.double()
      case "segmentation":
        if case .runs(let runs)? = try reader.segmentation(at: "[\(index)].segmentation") {
          mask = runs
        }
      default: try reader.skipValue()
      }
    }
    let known = try reader.required(
      box ?? mask?.box,
      at: "[\(index)].bbox",
      "four numbers x, y, width, height"
    )
    return Detection(
      imageID: try reader.required(imageID, at: "[\(index)].image_id", "an integer"),
      categoryID: try reader.required(categoryID, at: "[\(index)].category_id", "an integer"),
      x: known.x,
      y: known.y,
      width: known.width,
      height: known.height,
      score: try reader.required(score, at: "[\(index)].score", "a number"),
      mask: mask
    )
  }
}
