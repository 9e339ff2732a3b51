import CheckedJSON

/// One tensor of a checkpoint: where its elements lie in the mapped file, and how to read them.
///
/// Nothing is copied until a conversion is asked for. Elements are little-endian. In safetensors
/// they follow one another in row-major order; a PyTorch file may hold a view with an offset and
/// strides of its own, several of which may share one storage.
public struct TensorView: Sendable {
  /// The name in the checkpoint.
  public let name: String

  /// The file that holds the elements, for errors.
  public let file: String

  /// The type of the elements.
  public let dtype: ElementType

  /// The extents, the slowest first; empty for a scalar.
  public let shape: [Int]

  /// The distance in elements from one index to the next, for each axis.
  public let strides: [Int]

  /// The number of elements, the product of the shape.
  public let elementCount: Int

  /// The elements before the first of this view in its storage.
  public let elementOffset: Int

  /// The bytes of the storage, which may hold more than this tensor.
  public let storage: ByteView

  /// The most axes that a tensor may have.
  public static let maximumRank = 64

  /// Makes a view of a whole storage in row-major order.
  ///
  /// - Parameters:
  ///   - name: the tensor's name.
  ///   - file: the file's name.
  ///   - dtype: the type of the elements.
  ///   - shape: the extents, not negative.
  ///   - elementCount: their product.
  ///   - storage: exactly the bytes of the elements.
  init(
    name: String,
    file: String,
    dtype: ElementType,
    shape: [Int],
    elementCount: Int,
    storage: ByteView
  ) {
    precondition(storage.count == elementCount * dtype.byteCount)
    self.name = name
    self.file = file
    self.dtype = dtype
    self.shape = shape
    self.strides = Self.rowMajorStrides(shape)
    self.elementCount = elementCount
    self.elementOffset = 0
    self.storage = storage
  }

  /// Makes a view of a part of a storage, checked.
  ///
  /// - Parameters:
  ///   - name: the tensor's name.
  ///   - file: the file's name.
  ///   - dtype: the type of the elements.
  ///   - shape: the extents as the file gives them.
  ///   - strides: the distances as the file gives them.
  ///   - elementOffset: the first element as the file gives it.
  ///   - storage: the bytes of the storage.
  /// - Throws: `CheckpointError` when any element lies outside, the numbers overflow, or the view
  ///   repeats elements so that it has more than the storage.
  init(
    name: String,
    file: String,
    dtype: ElementType,
    shape: [Int],
    strides: [Int],
    elementOffset: Int,
    storage: ByteView
  ) throws(CheckpointError) {
    let place = TensorPlace(file: file, tensor: name)
    elementCount = try place.elementCount(of: shape)
    guard strides.count == shape.count else {
      throw .strideCount(place, shape: shape, strides: strides)
    }
    let held = storage.count / dtype.byteCount
    var last = elementOffset
    var isInside = elementOffset >= 0
    if elementCount > 0 {
      for (extent, stride) in zip(shape, strides) {
        let (reach, overflow) = stride.multipliedReportingOverflow(by: extent - 1)
        let (sum, carry) = last.addingReportingOverflow(reach)
        if stride < 0 || overflow || carry { isInside = false }
        last = sum
      }
      isInside = isInside && last < held && elementCount <= held
    }
    guard isInside else {
      throw .viewOutsideStorage(
        place,
        shape: shape,
        strides: strides,
        offset: elementOffset,
        elementsHeld: held
      )
    }
    self.name = name
    self.file = file
    self.dtype = dtype
    self.shape = shape
    self.strides = strides
    self.elementOffset = elementCount > 0 ? elementOffset : 0
    self.storage = storage
  }

  /// The same elements under another name.
  ///
  /// - Parameter name: the new name.
  /// - Returns: a view that shares everything else.
  public func renamed(_ name: String) -> TensorView { TensorView(self, name: name) }

  private init(_ other: TensorView, name: String) {
    self.name = name
    file = other.file
    dtype = other.dtype
    shape = other.shape
    strides = other.strides
    elementCount = other.elementCount
    elementOffset = other.elementOffset
    storage = other.storage
  }

  /// The bytes that the elements take when they are put one after the other.
  public var byteCount: Int { elementCount * dtype.byteCount }

  /// Whether the elements follow one another in row-major order.
  public var isContiguous: Bool {
    var expected = 1
    for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
      if stride != expected { return elementCount == 0 }
      expected *= extent
    }
    return true
  }

  /// The bytes of the elements where they lie, or `nil` when they are not contiguous.
  public var contiguousBytes: ByteView? {
    guard isContiguous else { return nil }
    return storage.slice(at: elementOffset * dtype.byteCount, count: byteCount)
  }

  /// Whether two views have the same elements in the same places: tied tensors.
  ///
  /// - Parameter other: another view.
  /// - Returns: true when shape, strides and place are the same.
  public func isSameStorage(as other: TensorView) -> Bool {
    dtype == other.dtype && shape == other.shape && strides == other.strides
      && elementOffset == other.elementOffset
      && storage.isSameMemory(as: other.storage)
  }

  /// The strides of contiguous row-major order.
  ///
  /// - Parameter shape: the extents, whose product is known not to overflow.
  /// - Returns: one stride for each axis.
  static func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = shape
    var stride = 1
    for axis in shape.indices.reversed() {
      strides[axis] = stride
      stride *= max(shape[axis], 1)
    }
    return strides
  }
}

/// A tensor in a file, for errors.
public struct TensorPlace: Hashable, Sendable, CustomStringConvertible {
  /// The file's name.
  public let file: String
  /// The tensor's name.
  public let tensor: String

  /// `file: tensor 'name'`, on one line.
  public var description: String {
    "\(onOneLine(file)): tensor '\(onOneLine(tensor))'"
  }

  /// The product of a shape, checked.
  ///
  /// - Parameter shape: the extents as the file gives them.
  /// - Returns: the number of elements.
  /// - Throws: `CheckpointError` for too many axes, a negative extent, or an overflow.
  func elementCount(of shape: [Int]) throws(CheckpointError) -> Int {
    guard shape.count <= TensorView.maximumRank else {
      throw .tooManyAxes(self, found: shape.count, limit: TensorView.maximumRank)
    }
    var count = 1
    for extent in shape {
      guard extent >= 0 else { throw .negativeExtent(self, shape: shape) }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .shapeTooLarge(self, shape: shape) }
      count = product
    }
    // Strides are products that leave out the zeros.
    var stride = 1
    for extent in shape {
      let (product, overflow) = stride.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow else { throw .shapeTooLarge(self, shape: shape) }
      stride = product
    }
    guard !count.multipliedReportingOverflow(by: 8).overflow else {
      throw .shapeTooLarge(self, shape: shape)
    }
    return count
  }
}
