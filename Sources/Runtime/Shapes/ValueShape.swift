/// The size of a value for one size of the picture.
public struct ValueShape: Equatable, Sendable {
  /// Height and width of a feature map, and the part of it that is not padding.
  public struct Grid: Equatable, Sendable {
    public let height: Int
    public let width: Int
    public let validHeight: Int
    public let validWidth: Int

    /// Whether any pixel is padding.
    public var isPadded: Bool { validHeight < height || validWidth < width }
    var rows: Int { height * width }
  }

  public let rows: Int
  /// Present for feature maps.
  public let grid: Grid?
  /// For lists of row numbers: all of them are below this; 0 for other values.
  let indexBound: Int

  init(rows: Int, grid: Grid?, indexBound: Int = 0) {
    self.rows = rows
    self.grid = grid
    self.indexBound = indexBound
  }
}
