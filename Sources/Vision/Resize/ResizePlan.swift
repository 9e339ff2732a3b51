/// Everything of a resize that depends on the sizes only, so that `run` neither allocates nor
/// divides.
///
/// The result equals that of Pillow 13, `Image.resize((width, height), Image.BILINEAR)`, in every
/// sample: a triangle filter that widens with the reduction, weights of 22 fraction bits, two
/// passes, each rounded to 8 bits. The first pass goes along the rows, unless the height shrinks
/// by more than twice as many pixels as the width does (older versions of Pillow never swap).
///
///     let plan = ResizePlan(sourceWidth: 640, sourceHeight: 480, width: 1066, height: 800)
///     // take plan.scratchByteCount bytes once, then for every picture
///     plan.run(source: pixels, destination: input, scratch: scratch)
///
/// Scratch memory holds only the rows that the second pass looks at, two for an enlargement, so
/// that they stay in the cache.
public struct ResizePlan: Sendable {
  /// The number of columns of the source.
  public let sourceWidth: Int
  /// The number of rows of the source.
  public let sourceHeight: Int
  /// The number of columns of the result.
  public let width: Int
  /// The number of rows of the result.
  public let height: Int

  let horizontalWeights: ResizeWeights
  let verticalWeights: ResizeWeights

  /// Computes the weights of both passes.
  ///
  /// - Precondition: all four sides are in 1...65 535.
  public init(sourceWidth: Int, sourceHeight: Int, width: Int, height: Int) {
    self.sourceWidth = sourceWidth
    self.sourceHeight = sourceHeight
    self.width = width
    self.height = height
    horizontalWeights = ResizeWeights(sourceLength: sourceWidth, length: width)
    verticalWeights = ResizeWeights(sourceLength: sourceHeight, length: height)
  }

  /// Whether columns are resized before rows.
  var columnsFirst: Bool {
    height < sourceHeight && sourceHeight - height > 2 * (sourceWidth - width)
  }

  /// The number of bytes of scratch memory that one call of `run` needs, of any alignment.
  public var scratchByteCount: Int {
    columnsFirst ? sourceWidth * 3 : width * 3 * verticalWeights.taps
  }

  /// Resizes interleaved RGB, three bytes a pixel.
  ///
  /// Calls on disjoint `rows` of the same destination may run at the same time, each with scratch
  /// memory of its own; the result does not depend on how the rows are shared out.
  ///
  /// - Parameters:
  ///   - source: `sourceHeight` rows of `sourceWidth * 3` bytes.
  ///   - rowStride: the distance between source rows in bytes; nil when they are adjacent.
  ///   - destination: room for `height` rows of `width * 3` bytes; only those of `rows` are written.
  ///   - destinationRowStride: the distance between rows of the result; nil when adjacent.
  ///   - range: which rows of the result to compute; nil for all.
  ///   - scratch: `scratchByteCount` bytes that overlap neither source nor destination.
  public func run(
    source: UnsafePointer<UInt8>,
    rowStride: Int? = nil,
    destination: UnsafeMutablePointer<UInt8>,
    destinationRowStride: Int? = nil,
    rows range: Range<Int>? = nil,
    scratch: UnsafeMutableRawPointer
  ) {
    let range = range ?? 0..<height
    precondition(range.lowerBound >= 0 && range.upperBound <= height)
    let sourceStride = rowStride ?? sourceWidth * 3
    let destinationStride = destinationRowStride ?? width * 3
    let line = scratch.assumingMemoryBound(to: UInt8.self)
    if columnsFirst {
      for row in range {
        verticalWeights.blendRows(
          of: source,
          rowStride: sourceStride,
          ringRows: sourceHeight,
          rowLength: sourceWidth * 3,
          row: row,
          into: line
        )
        horizontalWeights.resizeRow(line, into: destination + row * destinationStride)
      }
      return
    }

    let rowLength = width * 3
    let ringRows = verticalWeights.taps
    // The first source row that is not in the ring yet. Windows move on monotonically, so that a
    // row is resized once.
    var nextRow = 0
    for row in range {
      let window = verticalWeights.window(of: row)
      nextRow = max(nextRow, window.lowerBound)
      while nextRow < window.upperBound {
        horizontalWeights.resizeRow(
          source + nextRow * sourceStride,
          into: line + (nextRow % ringRows) * rowLength
        )
        nextRow += 1
      }
      verticalWeights.blendRows(
        of: line,
        rowStride: rowLength,
        ringRows: ringRows,
        rowLength: rowLength,
        row: row,
        into: destination + row * destinationStride
      )
    }
  }
}
