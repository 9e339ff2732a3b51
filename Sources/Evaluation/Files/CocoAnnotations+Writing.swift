import CheckedJSON

extension CocoAnnotations {
  /// Writes the ground truth as a COCO file, whole or not at all.
  ///
  /// - Parameter path: the file.
  /// - Throws: `JSONError.file` when the system refuses, `JSONError.notFinite` for NaN and infinities,
  ///   which JSON cannot express.
  public func write(path: String) throws(JSONError) {
    let bytes = try encoded()
    do {
      var file = try ReplacingFile(path: path)
      try file.write(bytes)
      try file.commit()
    } catch {
      throw .file(error)
    }
  }

  /// The text of the COCO file: one image, category or annotation a line.
  ///
  /// - Returns: UTF-8.
  /// - Throws: `JSONError.notFinite` for NaN and infinities.
  public func encoded() throws(JSONError) -> [UInt8] {
    var text: [UInt8] = Array("{\n".utf8)
    try Self.append("images", images.map(\.json), last: false, to: &text)
    try Self.append("categories", categories.map(\.json), last: false, to: &text)
    try Self.append("annotations", annotations.map(\.json), last: true, to: &text)
    return text + Array("}\n".utf8)
  }

  private static func append(
    _ name: String,
    _ elements: [JSON],
    last: Bool,
    to text: inout [UInt8]
  ) throws(JSONError) {
    text += Array("\"\(name)\":[".utf8)
    for (index, element) in elements.enumerated() {
      text += Array(index == 0 ? "\n".utf8 : ",\n".utf8)
      text += try element.encoded()
    }
    text += Array(last ? "\n]\n".utf8 : "\n],\n".utf8)
  }
}

extension CocoAnnotations.Image {
  fileprivate var json: JSON {
    var object = JSON.Object()
    object["id"] = .integer(Int64(id))
    if let fileName { object["file_name"] = .string(fileName) }
    if let width { object["width"] = .integer(Int64(width)) }
    if let height { object["height"] = .integer(Int64(height)) }
    return .object(object)
  }
}

extension CocoAnnotations.Category {
  fileprivate var json: JSON {
    var object = JSON.Object()
    object["id"] = .integer(Int64(id))
    object["name"] = .string(name)
    return .object(object)
  }
}

extension CocoAnnotations.Annotation {
  fileprivate var json: JSON {
    var object = JSON.Object()
    object["id"] = .integer(Int64(id))
    object["image_id"] = .integer(Int64(imageID))
    object["category_id"] = .integer(Int64(categoryID))
    object["bbox"] = .array([
      .double(box.x), .double(box.y), .double(box.width), .double(box.height),
    ])
    object["area"] = .double(area)
    object["iscrowd"] = .integer(isCrowd ? 1 : 0)
    switch segmentation {
    case .polygons(let polygons)?:
      object["segmentation"] = .array(polygons.map { .array($0.map { .double($0) }) })
    case .runs(let mask)?: object["segmentation"] = mask.json
    case nil: break
    }
    return .object(object)
  }
}

extension RunLengthMask {
  /// The mask as COCO's files hold it, its runs packed into a text.
  var json: JSON {
    ["size": [.integer(Int64(height)), .integer(Int64(width))], "counts": .string(packed)]
  }
}
