import Kernels

/// A mean of 2×2 pixels; a pixel outside of the map is the one inside next to it.
struct AveragePoolStep {
  let input: RowPlace
  let element: KernelElement
  let channels: Int
  let inputHeight: Int
  let inputWidth: Int
  let outputWidth: Int
  let outputRows: Int
  let output: RowPlace
  let scratch: ThreadScratch

  static let blockRows = 64
  /// Pointers to the four pixels of each row of a block.
  static let scratchBytes = Int64(4 * blockRows * MemoryLayout<UnsafeRawPointer>.stride)

  func run(_ context: StepContext) {
    run(context, rows: context.share(of: outputRows, unit: Self.blockRows))
  }

  func run(_ context: StepContext, rows: Range<Int>) {
    let pointers = scratch.start(context).assumingMemoryBound(to: UnsafeRawPointer.self)
    let source = UnsafeRawPointer(input.start(context.thread))
    let lineBytes = inputWidth * input.rowBytes
    let lines = input.capacity / inputWidth
    var first = rows.lowerBound
    while first < rows.upperBound {
      let count = min(
        Self.blockRows,
        rows.upperBound - first,
        output.contiguous(from: first)
      )
      var next = pointers
      for row in first..<first + count {
        let top = 2 * (row / outputWidth)
        let left = 2 * (row % outputWidth)
        let upper = source + top % lines * lineBytes
        let lower = source + min(top + 1, inputHeight - 1) % lines * lineBytes
        let right = min(left + 1, inputWidth - 1) * input.rowBytes
        next[0] = upper + left * input.rowBytes
        next[1] = upper + right
        next[2] = lower + left * input.rowBytes
        next[3] = lower + right
        next += 4
      }
      context.table.pointee.averagePool(
        AveragePool(
          rows: UnsafePointer(pointers),
          rowCount: count,
          channels: channels,
          element: element,
          output: output.row(first, context.thread)
        )
      )
      first += count
    }
  }
}
