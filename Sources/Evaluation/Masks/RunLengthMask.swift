/// A mask of a photograph as COCO stores it: the lengths of runs, column by column from the left, each
/// column from the top; the first run is outside.
///
///     let mask = RunLengthMask(height: 2, width: 2) { y, x in y == 1 }
///     mask.runs        // [1, 1, 1, 1]
///     mask.area        // 2
public struct RunLengthMask: Hashable, Sendable {
  /// Rows of the photograph.
  public let height: Int
  /// Columns of the photograph.
  public let width: Int
  /// Lengths of runs, outside and inside by turns; they fill the photograph.
  public let runs: [Int]

  /// Takes over runs.
  ///
  /// - Parameters:
  ///   - height: rows.
  ///   - width: columns.
  ///   - runs: lengths, none of them negative, of `height · width` pixels together.
  public init(height: Int, width: Int, runs: [Int]) {
    self.height = height
    self.width = width
    self.runs = runs
  }

  /// Asks for every pixel.
  ///
  /// - Parameters:
  ///   - height: rows.
  ///   - width: columns.
  ///   - isInside: whether the pixel of a row and a column belongs to the mask.
  public init(height: Int, width: Int, _ isInside: (_ y: Int, _ x: Int) -> Bool) {
    var runs: [Int] = []
    var current = false
    var length = 0
    for x in 0..<width {
      for y in 0..<height {
        if isInside(y, x) != current {
          runs.append(length)
          length = 0
          current.toggle()
        }
        length += 1
      }
    }
    if length > 0 || runs.isEmpty { runs.append(length) }
    self.init(height: height, width: width, runs: runs)
  }

  /// Pixels inside.
  public var area: Int {
    stride(from: 1, to: runs.count, by: 2).reduce(0) { $0 + runs[$1] }
  }

  /// The pixels that two masks of one photograph share.
  ///
  /// - Parameter other: a mask of the same size.
  /// - Returns: their number.
  public func intersection(with other: RunLengthMask) -> Int {
    var shared = 0
    combined(with: other) { one, two, length in if one && two { shared += length } }
    return shared
  }

  /// The pixels of either of two masks of one photograph.
  ///
  /// - Parameter other: a mask of the same size.
  /// - Returns: the mask of all of them.
  public func union(with other: RunLengthMask) -> RunLengthMask {
    var runs: [Int] = [0]
    combined(with: other) { one, two, length in
      if (one || two) == (runs.count % 2 == 0) {
        runs[runs.count - 1] += length
      } else {
        runs.append(length)
      }
    }
    return RunLengthMask(height: height, width: width, runs: runs)
  }

  /// Intersection over union, or for a crowd the share of this mask that lies inside of it.
  ///
  /// - Parameters:
  ///   - other: a mask of the same size.
  ///   - isCrowd: whether the other one is a crowd.
  /// - Returns: 0…1; 0 where there is nothing to divide by.
  public func overlap(with other: RunLengthMask, isCrowd: Bool) -> Double {
    let shared = intersection(with: other)
    guard shared > 0 else { return 0 }
    let own = area
    return Double(shared) / Double(isCrowd ? own : own + other.area - shared)
  }

  /// The smallest box around the mask; of no size where it is empty.
  public var box: BoundingBox {
    var (left, top, right, bottom) = (width, height, 0, 0)
    var place = 0
    for (index, run) in runs.enumerated() {
      if index % 2 == 1, run > 0 {
        let last = place + run - 1
        left = min(left, place / height)
        right = max(right, last / height + 1)
        // A run over the end of a column covers the whole height.
        top = min(top, place / height == last / height ? place % height : 0)
        bottom = max(bottom, place / height == last / height ? last % height + 1 : height)
      }
      place += run
    }
    guard right > 0 else { return BoundingBox(x: 0, y: 0, width: 0, height: 0) }
    return BoundingBox(
      x: Double(left),
      y: Double(top),
      width: Double(right - left),
      height: Double(bottom - top)
    )
  }

  /// Every pixel, row by row.
  public var pixels: [Bool] {
    var pixels = [Bool](repeating: false, count: height * width)
    var place = 0
    for (index, run) in runs.enumerated() {
      if index % 2 == 1 {
        for pixel in place..<place + run { pixels[pixel % height * width + pixel / height] = true }
      }
      place += run
    }
    return pixels
  }

  /// Walks over the pieces in which neither of two masks changes.
  private func combined(
    with other: RunLengthMask,
    _ body: (_ one: Bool, _ other: Bool, _ length: Int) -> Void
  ) {
    var (first, second) = (0, 0)
    var (left, right) = (runs.first ?? 0, other.runs.first ?? 0)
    while first < runs.count, second < other.runs.count {
      let length = min(left, right)
      if length > 0 { body(first % 2 == 1, second % 2 == 1, length) }
      left -= length
      right -= length
      if left == 0 {
        first += 1
        if first < runs.count { left = runs[first] }
      }
      if right == 0 {
        second += 1
        if second < other.runs.count { right = other.runs[second] }
      }
    }
  }
}
