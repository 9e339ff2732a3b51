/// The operands of scaled dot-product attention between its linear layers.
public struct MultiHeadAttention {
  /// `[queryCount, heads · headWidth]`, contiguous.
  public var query: UnsafePointer<Float>
  /// `[keyCount, heads · headWidth]`, contiguous.
  public var key: UnsafePointer<Float>
  /// `[keyCount, heads · valueWidth]`, contiguous.
  public var value: UnsafePointer<Float>
  /// `[queryCount, heads · valueWidth]`, contiguous, written.
  public var output: UnsafeMutablePointer<Float>
  /// The number of queries.
  public var queryCount: Int
  /// The number of keys, at least 1.
  public var keyCount: Int
  /// The number of heads.
  public var heads: Int
  /// The channels of a head's queries and keys.
  public var headWidth: Int
  /// The channels of a head's values.
  public var valueWidth: Int
  /// `keyCount` bytes, 0 where a key does not count; none where all do.
  public var keyValidity: UnsafePointer<UInt8>?
  /// Whether all heads have the same keys: `[keyCount, headWidth]`.
  public var sharesKeys: Bool
  /// Adds to the scores of some queries of a head; none where nothing is added.
  public var addBias: ScoreBias?

  /// Adds to `scores`, rows of `stride` numbers, one row for each of the queries of a head.
  public typealias ScoreBias = (
    _ scores: UnsafeMutablePointer<Float>, _ stride: Int, _ head: Int, _ queries: Range<Int>
  ) -> Void

  /// Makes the record; the parameters are the fields.
  public init(
    query: UnsafePointer<Float>,
    key: UnsafePointer<Float>,
    value: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>,
    queryCount: Int,
    keyCount: Int,
    heads: Int,
    headWidth: Int,
    valueWidth: Int,
    keyValidity: UnsafePointer<UInt8>? = nil,
    sharesKeys: Bool = false,
    addBias: ScoreBias? = nil
  ) {
    self.query = query
    self.key = key
    self.value = value
    self.output = output
    self.queryCount = queryCount
    self.keyCount = keyCount
    self.heads = heads
    self.headWidth = headWidth
    self.valueWidth = valueWidth
    self.keyValidity = keyValidity
    self.sharesKeys = sharesKeys
    self.addBias = addBias
  }
}

/// Computes `softmax(query · keyᵀ / √headWidth) · value` for every head.
///
/// Keys and values of all heads are packed like weights. Then blocks of some fifty queries of one
/// head are computed at a time, so only that many rows of scores exist, one block a thread.
///
/// - Parameters:
///   - attention: the operands.
///   - table: the kernels.
///   - pool: the threads.
public func attend(_ attention: MultiHeadAttention, table: FloatKernelTable, pool: WorkerPool) {
  let heads = attention.heads
  var keys = [PackedMatrix?](repeating: nil, count: heads)
  var values = [PackedMatrix?](repeating: nil, count: heads)
  keys.withUnsafeMutableBufferPointer { keys in
    values.withUnsafeMutableBufferPointer { values in
      let (keys, values) = (keys.baseAddress!, values.baseAddress!)
      if attention.sharesKeys {
        let shared = packedKeys(attention, head: 0, table: table)
        for head in 0..<heads { keys[head] = shared }
      }
      pool.parallelFor(heads) { range, _ in
        for head in range {
          if !attention.sharesKeys {
            keys[head] = packedKeys(attention, head: head, table: table)
          }
          values[head] = PackedMatrix(
            attention.value + head * attention.valueWidth,
            depth: attention.keyCount,
            columns: attention.valueWidth,
            rowStride: heads * attention.valueWidth,
            columnStride: 1,
            table: table
          )
        }
      }
    }
  }

  let columnBias = attention.keyValidity.map { validity in
    (0..<attention.keyCount).map { validity[$0] == 0 ? -Float.infinity : 0 }
  }
  let blockRows = (48 / table.tileRows) * table.tileRows
  let blocks = (attention.queryCount + blockRows - 1) / blockRows
  let scoreStride = (attention.keyCount + 15) / 16 * 16
  let scoreByteCount = blockRows * scoreStride * 4
  func attendBlocks(_ columnBias: UnsafePointer<Float>?) {
    pool.parallelFor(heads * blocks) { range, worker in
      for item in range {
        let (head, block) = item.quotientAndRemainder(dividingBy: blocks)
        let (key, value) = (keys[head]!, values[head]!)
        let first = block * blockRows
        let rows = min(blockRows, attention.queryCount - first)
        let productByteCount = max(
          TileRunLayout(matrix: key, tapCount: 1, gatheredWidth: 0).byteCount,
          TileRunLayout(matrix: value, tapCount: 1, gatheredWidth: 0).byteCount
        )
        let scratch = pool.scratch(
          worker: worker,
          byteCount: scoreByteCount + productByteCount
        )
        let scores = scratch.bindMemory(to: Float.self, capacity: scoreByteCount / 4)
        let queries = StridedRows(
          base: attention.query + (first * heads + head) * attention.headWidth,
          stride: heads * attention.headWidth
        )
        MatrixProduct(
          source: queries,
          matrix: key,
          blocks: key.blocks,
          output: scores,
          outputStride: scoreStride,
          epilogue: MatrixEpilogue()
        ).compute(
          rows: 0..<rows,
          panels: 0..<key.panelCount,
          scratch: scratch + scoreByteCount
        )
        attention.addBias?(scores, scoreStride, head, first..<first + rows)
        table.softmaxRows(
          SoftmaxRows(
            matrix: scores,
            rows: rows,
            columns: attention.keyCount,
            stride: scoreStride,
            columnBias: columnBias
          )
        )
        MatrixProduct(
          source: StridedRows(base: scores, stride: scoreStride),
          matrix: value,
          blocks: value.blocks,
          output: attention.output + (first * heads + head) * attention.valueWidth,
          outputStride: heads * attention.valueWidth,
          epilogue: MatrixEpilogue()
        ).compute(
          rows: 0..<rows,
          panels: 0..<value.panelCount,
          scratch: scratch + scoreByteCount
        )
      }
    }
  }
  if let columnBias {
    columnBias.withUnsafeBufferPointer { attendBlocks($0.baseAddress) }
  } else {
    attendBlocks(nil)
  }
}

/// The keys of a head as weights, divided by the root of their width.
private func packedKeys(
  _ attention: MultiHeadAttention,
  head: Int,
  table: FloatKernelTable
) -> PackedMatrix {
  PackedMatrix(
    attention.key + head * attention.headWidth,
    depth: attention.headWidth,
    columns: attention.keyCount,
    rowStride: 1,
    columnStride: (attention.sharesKeys ? 1 : attention.heads) * attention.headWidth,
    scale: 1 / Float(attention.headWidth).squareRoot(),
    table: table
  )
}
