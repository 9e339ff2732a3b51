import FixedPoint
import Kernels

/// Attention over the pixels of a map: threads take heads and blocks of queries.
struct SpatialAttentionStep {
  let heads: Int
  let sharesKeys: Bool
  /// The call for all queries of the first head.
  let call: AttentionHead
  let gaussian: GaussianBias?
  let scratch: ThreadScratch
  let layout: Layout

  static let blockQueries = 16

  /// One thread's scratch memory.
  struct Layout {
    let rowBias: Int
    let columnBias: Int
    let kernel: Int
    let byteCount: Int64

    /// The layout for keys of `segments` rows of `length` pixels; `biasRows` as in ``AttentionHead``, or
    /// 0 without a Gaussian.
    init(segments: Int, length: Int, biasRows: Int, kernelBytes: Int) {
      var scratch = ScratchLayout()
      let queries = biasRows == 0 ? 0 : SpatialAttentionStep.blockQueries
      rowBias = scratch.add(queries * segments, bytes: 4)
      columnBias = scratch.add(queries * biasRows * length, bytes: 4)
      kernel = scratch.add(kernelBytes, bytes: 1)
      byteCount = scratch.byteCount
    }
  }

  func run(_ context: StepContext) {
    let queries = call.queryCount
    let blocks = (queries + Self.blockQueries - 1) / Self.blockQueries
    let memory = scratch.start(context)
    let rowBias = (memory + layout.rowBias).assumingMemoryBound(to: Int32.self)
    let columnBias = (memory + layout.columnBias).assumingMemoryBound(to: Int32.self)
    var part = call
    part.scratch = memory + layout.kernel
    var previous = -1
    // Blocks of the same head come one after the other, so that its keys are sorted once.
    for item in context.share(of: heads * blocks, unit: 1) {
      let head = item / blocks
      let first = item % blocks * Self.blockQueries
      part.hasKeys = previous >= 0 && (sharesKeys || head == previous)
      part.hasValues = head == previous
      previous = head
      part.query = call.query + first * call.queryStride + head * call.channels
      part.queryCount = min(Self.blockQueries, queries - first)
      part.key = sharesKeys ? call.key : call.key + head * call.channels
      part.value = call.value + head * call.valueChannels
      part.output =
        call.output
        + (first * call.outputStride + head * call.valueChannels) * call.outputElement.byteCount
      if let gaussian {
        gaussian.write(
          head: head,
          queries: first..<first + part.queryCount,
          rows: rowBias,
          columns: columnBias
        )
        part.rowBias = UnsafePointer(rowBias)
        part.columnBias = UnsafePointer(columnBias)
      }
      context.table.pointee.attentionHead(part)
    }
  }
}

/// The logarithms of Gaussians around the points of queries, as terms for rows and columns of a map.
struct GaussianBias {
  let heads: Int
  let references: UnsafePointer<Int32>
  let referenceChannels: Int
  let scales: UnsafePointer<Int16>?
  let scaleCount: Int
  let offsets: UnsafePointer<Int16>?
  /// Valid pixels that the map has.
  let height: Int
  let width: Int
  /// What references are parts of, in pixels.
  let extentHeight: Int
  let extentWidth: Int
  /// Divides the extent.
  let divisor: Int
  /// The place of the first pixel, Q.16.
  let firstPixel: Int64
  let unitFactor: UInt32
  let scaleRescale: Rescale
  let offsetRescale: Rescale

  /// Rows of column terms for a query: only the third scale ties them to the map's rows.
  var columnRows: Int { scaleCount == 3 ? height : 1 }

  /// Writes the terms of some queries of a head.
  func write(
    head: Int,
    queries: Range<Int>,
    rows: UnsafeMutablePointer<Int32>,
    columns: UnsafeMutablePointer<Int32>
  ) {
    for (place, query) in zip(0..., queries) {
      let x = centre(query, head, axis: 0, extent: extentWidth)
      let y = centre(query, head, axis: 1, extent: extentHeight)
      let factors = (factor(query, head, 0), factor(query, head, 1), factor(query, head, 2))
      let rowTerms = rows + place * height
      for row in 0..<height {
        rowTerms[row] = 0 - gaussianOctaves(distance: distance(y, row), factor: factors.1)
      }
      var columnTerms = columns + place * columnRows * width
      for row in 0..<columnRows {
        for column in 0..<width {
          let dx = distance(x, column)
          var octaves = gaussianOctaves(distance: dx, factor: factors.0)
          if scaleCount == 3 {
            octaves += gaussianOctaves(
              distance: distanceProduct(dx, distance(y, row)),
              factor: factors.2
            )
          }
          columnTerms[column] = 0 - octaves
        }
        columnTerms += width
      }
    }
  }

  private func distance(_ centre: Int64, _ pixel: Int) -> UInt32 {
    limitedDistance(centre, (Int64(pixel) << 16) + firstPixel)
  }

  /// The centre along an axis, Q.16 pixels.
  private func centre(_ query: Int, _ head: Int, axis: Int, extent: Int) -> Int64 {
    let start = referenceChannels > 2 ? 2 * head : 0
    let part = Int64(references[query * referenceChannels + start + axis]) * Int64(extent)
    let unit = Int64(divisor) << 14
    // Rounded to the nearest, halves up, also below zero.
    let doubled = 2 * part + unit
    let quotient = doubled / (2 * unit)
    let floor = doubled < 0 && quotient * 2 * unit != doubled ? quotient - 1 : quotient
    guard let offsets else { return floor }
    let offset = Int32(offsets[(query * heads + head) * 2 + axis])
    return floor + Int64(offsetRescale.applySaturating(offset))
  }

  /// The factor of distances along x, along y, and of their products.
  private func factor(_ query: Int, _ head: Int, _ index: Int) -> UInt32 {
    guard let scales else { return index < 2 ? unitFactor : 0 }
    guard index < 2 || scaleCount == 3 else { return 0 }
    let scale = scales[(query * heads + head) * scaleCount + min(index, scaleCount - 1)]
    return UInt32(max(scaleRescale.applySaturating(abs(Int32(scale))), 0))
  }
}
