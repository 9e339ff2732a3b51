/// What people marked in a set of pictures, as COCO's instance annotations have it.
public struct CocoAnnotations: Sendable {
  /// One picture.
  public struct Image: Hashable, Sendable {
    /// The id by which annotations and detections refer to it.
    public var id: Int
    /// The file's name, empty where none is given.
    public var fileName: String
    /// The width in pixels, 0 where none is given.
    public var width: Int32
    /// The height in pixels, 0 where none is given.
    public var height: Int32

    /// Makes a picture.
    ///
    /// - Parameters:
    ///   - id: its id.
    ///   - fileName: its file's name.
    ///   - width: its width in pixels.
    ///   - height: its height in pixels.
    public init(id: Int, fileName: String = "", width: Int32 = 0, height: Int32 = 0) {
      self.id = id
      self.fileName = fileName
      self.width = width
      self.height = height
    }
  }

  /// One class of objects.
  public struct Category: Hashable, Sendable {
    /// The id by which annotations and detections refer to it.
    public var id: Int
    /// Its name, empty where none is given.
    public var name: String

    /// Makes a class.
    ///
    /// - Parameters:
    ///   - id: its id.
    ///   - name: its name.
    public init(id: Int, name: String = "") {
      self.id = id
      self.name = name
    }
  }

  /// One marked object.
  public struct Annotation: Hashable, Sendable {
    /// Its own id.
    public var id: Int
    /// The picture.
    public var imageID: Int
    /// The class.
    public var categoryID: Int
    /// Where it is.
    public var bbox: BoundingBox
    /// The area by which it counts as small, medium or large; that of a mask where there is one.
    public var area: Double
    /// Whether it is a group of objects that were not marked one by one.
    public var isCrowd: Bool

    /// Makes an object.
    ///
    /// - Parameters:
    ///   - id: its own id.
    ///   - imageID: the picture.
    ///   - categoryID: the class.
    ///   - bbox: where it is.
    ///   - area: its area; without one, that of the box.
    ///   - isCrowd: whether it is a group.
    public init(
      id: Int,
      imageID: Int,
      categoryID: Int,
      bbox: BoundingBox,
      area: Double? = nil,
      isCrowd: Bool = false
    ) {
      self.id = id
      self.imageID = imageID
      self.categoryID = categoryID
      self.bbox = bbox
      self.area = area ?? bbox.area
      self.isCrowd = isCrowd
    }
  }

  /// The pictures in order.
  public var images: [Image]
  /// The classes in order.
  public var categories: [Category]
  /// The objects in order.
  public var annotations: [Annotation]

  /// Puts annotations together; ids are expected to be different.
  ///
  /// - Parameters:
  ///   - images: the pictures.
  ///   - categories: the classes.
  ///   - annotations: the objects.
  public init(images: [Image], categories: [Category], annotations: [Annotation]) {
    self.images = images
    self.categories = categories
    self.annotations = annotations
  }
}
