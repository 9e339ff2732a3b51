import Vision

/// Copies the caller's picture into the arena, for operations that need it in one piece.
struct PictureCopyStep {
  let rowBytes: Int
  let rows: Int
  let output: UnsafeMutableRawPointer

  func run(_ context: StepContext) {
    for row in context.share(of: rows, unit: 16) {
      (output + row * rowBytes).copyMemory(
        from: context.picture + row * context.pictureStride,
        byteCount: rowBytes
      )
    }
  }
}

/// Resizes the caller's photograph into the arena.
struct ResizeStep {
  let plan: UnsafePointer<ResizePlan>
  let scratch: ThreadScratch
  let output: UnsafeMutablePointer<UInt8>

  func run(_ context: StepContext) {
    let rows = context.share(of: plan.pointee.height, unit: 1)
    guard !rows.isEmpty else { return }
    plan.pointee.run(
      source: context.picture,
      rowStride: context.pictureStride,
      destination: output,
      rows: rows,
      scratch: scratch.start(context)
    )
  }
}
