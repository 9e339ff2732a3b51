/// The right factor of a matrix product, laid out for `multiplyTile` once and for all.
///
/// Columns are cut in panels of `tileColumns`; a panel holds its rows one after the other, for a
/// convolution tap by tap. The last panel is filled up with zeros, and so is the bias.
public final class PackedMatrix: @unchecked Sendable {
  /// Part of the depth that one call of `multiplyTile` adds up.
  struct Block {
    /// The first tap, and how many.
    var firstTap: Int
    var tapCount: Int
    /// The first element of each tap, and how many.
    var depthOffset: Int
    var depth: Int
    /// The row of a panel at which the block's weights begin.
    var panelRow: Int
  }

  /// The number of taps; 1 for a plain matrix.
  public let tapCount: Int
  /// The number of rows per tap: the channels of the input.
  public let depth: Int
  /// The number of columns: the channels of the output.
  public let columns: Int
  /// The table whose kernels can read this layout.
  public let table: FloatKernelTable

  let panelCount: Int
  let blocks: [Block]
  /// The same matrix as one tap of `tapCount · depth` rows, for inputs that were gathered.
  let gatheredBlocks: [Block]
  let bias: UnsafeMutablePointer<Float>?
  /// As many zeros as a tap is deep: what a convolution reads outside of the map.
  let zeros: UnsafeMutablePointer<Float>
  private let storage: UnsafeMutablePointer<Float>

  /// The greatest depth that one call adds up: a panel of it stays in the first-level cache.
  ///
  /// A residual may be the output itself when the depth of all taps does not exceed it.
  public static let greatestBlockDepth = 256

  /// Packs a matrix whose element (tap, row, column) stands at
  /// `tap · tapStride + row · rowStride + column · columnStride`.
  ///
  /// - Parameters:
  ///   - source: the first element.
  ///   - tapCount: the number of taps.
  ///   - depth: the number of rows per tap.
  ///   - columns: the number of columns.
  ///   - tapStride: the distance of two taps, in elements.
  ///   - rowStride: the distance of two rows, in elements.
  ///   - columnStride: the distance of two columns, in elements.
  ///   - scale: a factor on every element.
  ///   - bias: one value a column that is added to every product.
  ///   - table: the kernels that will read it.
  public init(
    _ source: UnsafePointer<Float>,
    tapCount: Int = 1,
    depth: Int,
    columns: Int,
    tapStride: Int = 0,
    rowStride: Int,
    columnStride: Int,
    scale: Float = 1,
    bias: UnsafePointer<Float>? = nil,
    table: FloatKernelTable
  ) {
    let width = table.tileColumns
    let rows = tapCount * depth
    self.tapCount = tapCount
    self.depth = depth
    self.columns = columns
    self.table = table
    panelCount = (columns + width - 1) / width
    blocks = Self.blocks(tapCount: tapCount, depth: depth)
    gatheredBlocks = Self.blocks(tapCount: 1, depth: rows)

    let storage =
      UnsafeMutableRawPointer
      .allocate(byteCount: max(panelCount * rows * width, 1) * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: panelCount * rows * width)
    for panel in 0..<panelCount {
      let firstColumn = panel * width
      let used = min(width, columns - firstColumn)
      var destination = storage + panel * rows * width
      for tap in 0..<tapCount {
        for row in 0..<depth {
          let origin = source + (tap * tapStride + row * rowStride + firstColumn * columnStride)
          for column in 0..<used { destination[column] = origin[column * columnStride] * scale }
          for column in used..<width { destination[column] = 0 }
          destination += width
        }
      }
    }
    self.storage = storage

    if let bias {
      let padded = UnsafeMutablePointer<Float>.allocate(capacity: panelCount * width)
      padded.initialize(repeating: 0, count: panelCount * width)
      padded.update(from: bias, count: columns)
      self.bias = padded
    } else {
      self.bias = nil
    }
    zeros = .allocate(capacity: max(depth, 1))
    zeros.initialize(repeating: 0, count: max(depth, 1))
  }

  deinit {
    storage.deallocate()
    bias?.deallocate()
    zeros.deallocate()
  }

  /// Returns the first row of a panel.
  func panel(_ index: Int) -> UnsafePointer<Float> {
    UnsafePointer(storage + index * tapCount * depth * table.tileColumns)
  }

  /// Cuts the depth in nearly equal parts of at most `greatestBlockDepth`, whole taps where they fit.
  private static func blocks(tapCount: Int, depth: Int) -> [Block] {
    var blocks: [Block] = []
    if depth > greatestBlockDepth {
      let parts = (depth + greatestBlockDepth - 1) / greatestBlockDepth
      for tap in 0..<tapCount {
        for part in 0..<parts {
          let first = part * depth / parts
          let last = (part + 1) * depth / parts
          blocks.append(
            Block(
              firstTap: tap,
              tapCount: 1,
              depthOffset: first,
              depth: last - first,
              panelRow: tap * depth + first
            )
          )
        }
      }
    } else {
      let greatestTapCount = max(1, greatestBlockDepth / max(depth, 1))
      let parts = (tapCount + greatestTapCount - 1) / greatestTapCount
      for part in 0..<parts {
        let first = part * tapCount / parts
        let last = (part + 1) * tapCount / parts
        blocks.append(
          Block(
            firstTap: first,
            tapCount: last - first,
            depthOffset: 0,
            depth: depth,
            panelRow: first * depth
          )
        )
      }
    }
    return blocks
  }
}
