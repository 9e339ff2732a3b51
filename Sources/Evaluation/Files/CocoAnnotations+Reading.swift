import CheckedJSON

extension CocoAnnotations {
  /// Reads an annotation file.
  ///
  /// Memory grows with the length of the file alone; nothing in it is trusted.
  ///
  /// - Parameter path: the file.
  /// - Throws: `JSONError`: one line with the file, the place in it, what was expected and found.
  public init(path: String) throws(JSONError) {
    var reader = try openJSON(path: path)
    try self.init(&reader)
  }

  /// Reads annotations from a text in memory.
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
    var images: [Image]?
    var categories: [Category]?
    var annotations: [Annotation]?
    try reader.beginObject()
    while let key = try reader.nextKey() {
      switch key {
      case "images": images = try Self.list(&reader, Self.image)
      case "categories": categories = try Self.list(&reader, Self.category)
      case "annotations": annotations = try Self.list(&reader, Self.annotation)
      default: try reader.skipValue()
      }
    }
    try reader.end()
    try self.init(
      images: reader.required(images, at: "images", "an array of images"),
      categories: reader.required(categories, at: "categories", "an array of categories"),
      annotations: reader.required(annotations, at: "annotations", "an array of annotations"),
      source: reader.source
    )
  }

  private static func list<Element>(
    _ reader: inout JSONReader,
    _ read: (inout JSONReader, Int) throws(JSONError) -> Element
  ) throws(JSONError) -> [Element] {
    var elements: [Element] = []
    try reader.beginArray()
    while try reader.nextElement() { elements.append(try read(&reader, elements.count)) }
    return elements
  }

  private static func image(_ reader: inout JSONReader, index: Int) throws(JSONError) -> Image {
    var id: Int?
    var image = Image(id: 0)
    try reader.beginObject()
    while let key = try reader.nextKey() {
      switch key {
      case "id": id = try reader.identifier()
      case "file_name": image.fileName = try reader.string()
      case "width": image.width = try reader.identifier()
      case "height": image.height = try reader.identifier()
      default: try reader.skipValue()
      }
    }
    image.id = try reader.required(id, at: "images[\(index)].id", "an integer")
    return image
  }

  private static func category(
    _ reader: inout JSONReader,
    index: Int
  ) throws(JSONError) -> Category {
    var id: Int?
    var name: String?
    try reader.beginObject()
    while let key = try reader.nextKey() {
      switch key {
      case "id": id = try reader.identifier()
      case "name": name = try reader.string()
      default: try reader.skipValue()
      }
    }
    return Category(
      id: try reader.required(id, at: "categories[\(index)].id", "an integer"),
      name: name
    )
  }

  private static func annotation(
    _ reader: inout JSONReader,
    index: Int
  ) throws(JSONError) -> Annotation {
    var id: Int?
    var imageID: Int?
    var categoryID: Int?
    var box: BoundingBox?
    var area: Double?
    var isCrowd = false
    var segmentation: Segmentation?
    func place(_ member: StaticString) -> String { "annotations[\(index)].\(member)" }
    try reader.beginObject()
    while let key = try reader.nextKey() {
      switch key {
      case "id": id = try reader.identifier()
      case "image_id": imageID = try reader.identifier()
      case "category_id": categoryID = try reader.identifier()
      case "bbox": box = try reader.boundingBox(at: place("bbox"))
      case "area": area = try reader.double()
      case "iscrowd": isCrowd = try reader.flag(at: place("iscrowd"))
      case "segmentation": segmentation = try reader.segmentation(at: place("segmentation"))
      default: try reader.skipValue()
      }
    }
    return Annotation(
      id: try reader.required(id, at: place("id"), "an integer"),
      imageID: try reader.required(imageID, at: place("image_id"), "an integer"),
      categoryID: try reader.required(categoryID, at: place("category_id"), "an integer"),
      box: try reader.required(box, at: place("bbox"), "four numbers x, y, width, height"),
      area: area,
      isCrowd: isCrowd,
      segmentation: segmentation
    )
  }
}
