import CheckedJSON

/// The ground truth of a set of photographs in COCO's form: images, categories and boxes.
///
///     let annotations = try CocoAnnotations(path: "val.json")
///     let evaluation = try CocoEvaluation(annotations: annotations, detections: detections)
///
/// Annotations of images or categories that the file does not list are kept and never counted, as
/// in pycocotools. Captions and key points are not read.
public struct CocoAnnotations: Sendable {
  /// One photograph.
  public struct Image: Hashable, Sendable {
    /// Its id, by which annotations and detections refer to it.
    public var id: Int
    /// Its file, relative to the folder of photographs, where the annotations name it.
    public var fileName: String?
    /// Its width in pixels, where the annotations give it.
    public var width: Int?
    /// Its height in pixels, where the annotations give it.
    public var height: Int?

    /// Makes an image.
    ///
    /// - Parameters:
    ///   - id: its id.
    ///   - fileName: its file.
    ///   - width: its width in pixels.
    ///   - height: its height in pixels.
    public init(id: Int, fileName: String? = nil, width: Int? = nil, height: Int? = nil) {
      self.id = id
      self.fileName = fileName
      self.width = width
      self.height = height
    }
  }

  /// One category.
  public struct Category: Hashable, Sendable {
    /// Its id; ids may have gaps.
    public var id: Int
    /// Its name; the id as text where the annotations have none.
    public var name: String

    /// Makes a category.
    ///
    /// - Parameters:
    ///   - id: its id.
    ///   - name: its name, or `nil` for the id as text.
    public init(id: Int, name: String? = nil) {
      self.id = id
      self.name = name ?? String(id)
    }
  }

  /// One object in one photograph.
  public struct Annotation: Hashable, Sendable {
    /// Its id, different for each annotation.
    public var id: Int
    /// The photograph's id.
    public var imageID: Int
    /// The category's id.
    public var categoryID: Int
    /// Its box in pixels of the photograph.
    public var box: BoundingBox
    /// The object's area in square pixels: by it, not by the box, it counts as small, medium or large.
    public var area: Double
    /// Whether the box encloses a crowd of objects: what is found inside is neither right nor wrong.
    public var isCrowd: Bool
    /// The object's pixels, where the annotations give them.
    public var segmentation: Segmentation?

    /// Makes an annotation.
    ///
    /// - Parameters:
    ///   - id: its id.
    ///   - imageID: the photograph's id.
    ///   - categoryID: the category's id.
    ///   - box: its box.
    ///   - area: its area, or `nil` for that of the box.
    ///   - isCrowd: whether it is a crowd.
    ///   - segmentation: its pixels.
    public init(
      id: Int,
      imageID: Int,
      categoryID: Int,
      box: BoundingBox,
      area: Double? = nil,
      isCrowd: Bool = false,
      segmentation: Segmentation? = nil
    ) {
      self.id = id
      self.imageID = imageID
      self.categoryID = categoryID
      self.box = box
      self.area = area ?? box.area
      self.isCrowd = isCrowd
      self.segmentation = segmentation
    }
  }

  /// The name of the file or text, for errors about what refers to it.
  public let source: String
  /// The photographs in the file's order; no two have the same id.
  public let images: [Image]
  /// The categories in the file's order; no two have the same id.
  public let categories: [Category]
  /// The objects in the file's order; no two have the same id.
  public let annotations: [Annotation]

  /// Makes a ground truth of its parts.
  ///
  /// - Parameters:
  ///   - images: the photographs.
  ///   - categories: the categories.
  ///   - annotations: the objects.
  ///   - source: a name for errors.
  /// - Throws: `JSONError.notAllowed` where an id comes twice in one list.
  public init(
    images: [Image],
    categories: [Category],
    annotations: [Annotation],
    source: String = "annotations"
  ) throws(JSONError) {
    self.source = source
    self.images = images
    self.categories = categories
    self.annotations = annotations
    try Self.checkDistinct(images.lazy.map(\.id), list: "images", source: source)
    try Self.checkDistinct(categories.lazy.map(\.id), list: "categories", source: source)
    try Self.checkDistinct(annotations.lazy.map(\.id), list: "annotations", source: source)
  }

  private static func checkDistinct(
    _ ids: some Collection<Int>,
    list: String,
    source: String
  ) throws(JSONError) {
    var seen = Set<Int>(minimumCapacity: ids.count)
    for (index, id) in ids.enumerated() where !seen.insert(id).inserted {
      throw .notAllowed(
        source: source,
        path: "\(list)[\(index)].id",
        expected: "an id that none of the \(list) before has",
        found: "\(id)"
      )
    }
  }
}
