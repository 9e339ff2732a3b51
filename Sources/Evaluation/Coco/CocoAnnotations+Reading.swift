import CheckedJSON

extension CocoAnnotations {
  /// Reads a COCO annotation file.
  ///
  /// The file is mapped and read in one pass without a tree; memory is used for what is kept, at
  /// most about four times the file. Members that evaluation does not need, such as masks, are
  /// checked and passed over. `area` may be absent (then it is that of the box), `iscrowd` too
  /// (then it is 0).
  ///
  /// - Parameter path: the file.
  /// - Returns: its pictures, classes and objects.
  /// - Throws: `EvaluationError`, with the byte.
  public static func read(path: String) throws(EvaluationError) -> CocoAnnotations {
    let bytes: ByteView
    do { bytes = try MappedFile.open(path: path) } catch { throw .json(.file(error)) }
    return try read(bytes, source: path.split(separator: "/").last.map(String.init) ?? path)
  }

  /// Reads COCO annotations.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - source: its name in errors.
  /// - Returns: its pictures, classes and objects.
  /// - Throws: `EvaluationError`, with the byte.
  public static func read(
    _ bytes: ByteView,
    source: String
  ) throws(EvaluationError) -> CocoAnnotations {
    var coco = try CocoReader(bytes, source: source)
    var images: [Image]?
    var categories: [Category]?
    var annotations: [Annotation]?
    try coco.forEachMember { (coco, key) throws(EvaluationError) in
      switch key {
      case "images": images = try readImages(&coco)
      case "categories": categories = try readCategories(&coco)
      case "annotations": annotations = try readAnnotations(&coco)
      default: try coco.skip()
      }
    }
    try coco.end()
    guard let images else { throw .missingList(source: source, list: "images") }
    guard let categories else { throw .missingList(source: source, list: "categories") }
    guard let annotations else { throw .missingList(source: source, list: "annotations") }
    return CocoAnnotations(images: images, categories: categories, annotations: annotations)
  }

  private static func readImages(_ coco: inout CocoReader) throws(EvaluationError) -> [Image] {
    var images: [Image] = []
    var known: Set<Int> = []
    try coco.forEachElement { (coco) throws(EvaluationError) in
      let start = coco.offset
      var id: Int?
      var image = Image(id: 0)
      try coco.forEachMember { (coco, key) throws(EvaluationError) in
        switch key {
        case "id": id = try coco.int()
        case "file_name": image.fileName = try coco.string()
        case "width": image.width = try coco.extent()
        case "height": image.height = try coco.extent()
        default: try coco.skip()
        }
      }
      image.id = try coco.require(id, "id", of: "image", at: start)
      guard known.insert(image.id).inserted else {
        throw .duplicateID(source: coco.source, offset: start, item: "image", id: image.id)
      }
      images.append(image)
    }
    return images
  }

  private static func readCategories(
    _ coco: inout CocoReader
  ) throws(EvaluationError) -> [Category] {
    var categories: [Category] = []
    var known: Set<Int> = []
    try coco.forEachElement { (coco) throws(EvaluationError) in
      let start = coco.offset
      var id: Int?
      var category = Category(id: 0)
      try coco.forEachMember { (coco, key) throws(EvaluationError) in
        switch key {
        case "id": id = try coco.int()
        case "name": category.name = try coco.string()
        default: try coco.skip()
        }
      }
      category.id = try coco.require(id, "id", of: "category", at: start)
      guard known.insert(category.id).inserted else {
        throw .duplicateID(source: coco.source, offset: start, item: "category", id: category.id)
      }
      categories.append(category)
    }
    return categories
  }

  private static func readAnnotations(
    _ coco: inout CocoReader
  ) throws(EvaluationError) -> [Annotation] {
    var annotations: [Annotation] = []
    var known: Set<Int> = []
    try coco.forEachElement { (coco) throws(EvaluationError) in
      let start = coco.offset
      var id: Int?
      var imageID: Int?
      var categoryID: Int?
      var bbox: BoundingBox?
      var area: Double?
      var isCrowd = false
      try coco.forEachMember { (coco, key) throws(EvaluationError) in
        switch key {
        case "id": id = try coco.int()
        case "image_id": imageID = try coco.int()
        case "category_id": categoryID = try coco.int()
        case "bbox": bbox = try coco.box()
        case "area": area = try coco.double()
        case "iscrowd": isCrowd = try coco.flag()
        default: try coco.skip()
        }
      }
      let annotation = Annotation(
        id: try coco.require(id, "id", of: "annotation", at: start),
        imageID: try coco.require(imageID, "image_id", of: "annotation", at: start),
        categoryID: try coco.require(categoryID, "category_id", of: "annotation", at: start),
        bbox: try coco.require(bbox, "bbox", of: "annotation", at: start),
        area: area,
        isCrowd: isCrowd
      )
      guard known.insert(annotation.id).inserted else {
        throw .duplicateID(
          source: coco.source,
          offset: start,
          item: "annotation",
          id: annotation.id
        )
      }
      annotations.append(annotation)
    }
    return annotations
  }
}
