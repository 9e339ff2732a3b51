import CheckedJSON

/// The pixels of an object as an annotation gives them.
public enum Segmentation: Hashable, Sendable {
  /// Outlines: x and y of the corners by turns.
  case polygons([[Double]])
  case runs(RunLengthMask)

  /// The pixels in a photograph; of several outlines all that lie in any.
  ///
  /// - Parameters:
  ///   - height: rows of the photograph; runs have their own.
  ///   - width: columns of the photograph.
  /// - Returns: the mask.
  public func mask(height: Int, width: Int) -> RunLengthMask {
    switch self {
    case .runs(let mask): mask
    case .polygons(let polygons):
      polygons.map { RunLengthMask(polygon: $0, height: height, width: width) }
        .reduce(RunLengthMask(height: height, width: width, runs: [height * width])) {
          $0.union(with: $1)
        }
    }
  }
}

extension JSONReader {
  /// Pixels of photographs beyond this are refused: as many as the readers of pictures accept.
  private static let largestArea = 1 << 30

  /// Reads outlines, or runs as numbers or packed into a text; null and the like are none.
  ///
  /// - Parameter path: the value's place, for errors.
  /// - Returns: the pixels, or nil where there are none.
  /// - Throws: `JSONError`, for runs that do not fill their photograph too.
  mutating func segmentation(
    at path: @autoclosure () -> String
  ) throws(JSONError) -> Segmentation? {
    switch try kind() {
    case .array:
      var polygons: [[Double]] = []
      try beginArray()
      while try nextElement() {
        var polygon: [Double] = []
        try beginArray()
        while try nextElement() { polygon.append(try double()) }
        polygons.append(polygon)
      }
      return .polygons(polygons)
    case .object: return .runs(try runLengthMask(at: path()))
    default:
      try skipValue()
      return nil
    }
  }

  private mutating func runLengthMask(at path: String) throws(JSONError) -> RunLengthMask {
    var size: [Int] = []
    var runs: [Int]?
    var packed: String?
    try beginObject()
    while let key = try nextKey() {
      switch key {
      case "size":
        try beginArray()
        while try nextElement() { size.append(try identifier()) }
      case "counts":
        if try kind() == .string {
          packed = try string()
        } else {
          var numbers: [Int] = []
          try beginArray()
          while try nextElement() { numbers.append(try identifier()) }
          runs = numbers
        }
      default: try skipValue()
      }
    }
    guard size.count == 2, size[0] > 0, size[1] > 0, size[0] <= Self.largestArea / size[1] else {
      throw .notAllowed(
        source: source,
        path: "\(path).size",
        expected: "a height and a width",
        found: size.isEmpty ? "nothing" : "\(size)"
      )
    }
    let area = size[0] * size[1]
    if let packed, let mask = RunLengthMask(packed: packed, height: size[0], width: size[1]) {
      return mask
    }
    if let runs, runs.allSatisfy({ 0...area ~= $0 }),
      runs.reduce(0, { min($0 + $1, area + 1) }) == area
    {
      return RunLengthMask(height: size[0], width: size[1], runs: runs)
    }
    throw .notAllowed(
      source: source,
      path: "\(path).counts",
      expected: "runs of \(area) pixels together",
      found: packed == nil && runs == nil ? "nothing" : "others"
    )
  }
}
