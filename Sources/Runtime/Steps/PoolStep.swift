import Kernels
import ModelFile

/// A maximum over a window.
struct PoolStep {
  let window: Window
  let input: RowPlace
  let element: KernelElement
  let channels: Int
  let inputHeight: Int
  let inputWidth: Int
  let outputWidth: Int
  let outputRows: Int
  let output: RowPlace
  let scratch: ThreadScratch
  let layout: Layout

  /// One thread's scratch memory.
  struct Layout {
    let blockRows: Int
    let pointers: Int
    let padding: Int
    let byteCount: Int64

    init(taps: Int, channels: Int, elementBytes: Int) {
      blockRows = max(1, min(64, 8192 / taps))
      var scratch = ScratchLayout()
      pointers = scratch.add(blockRows * taps, bytes: MemoryLayout<UnsafeRawPointer>.stride)
      padding = scratch.add(channels, bytes: elementBytes)
      byteCount = scratch.byteCount
    }
  }

  func run(_ context: StepContext) {
    run(context, rows: context.share(of: outputRows, unit: layout.blockRows))
  }

  func run(_ context: StepContext, rows: Range<Int>) {
    let base = scratch.start(context)
    let pointers = (base + layout.pointers).assumingMemoryBound(to: UnsafeRawPointer.self)
    let padding = base + layout.padding
    for channel in 0..<channels {
      if element == .uint8 {
        padding.storeBytes(of: 0, toByteOffset: channel, as: UInt8.self)
      } else {
        padding.storeBytes(of: Int16.min, toByteOffset: 2 * channel, as: Int16.self)
      }
    }
    let kernel =
      element == .uint8
      ? context.table.pointee.maximumPoolUInt8 : context.table.pointee.maximumPoolInt16
    let source = UnsafeRawPointer(input.start(context.thread))
    let lineBytes = inputWidth * input.rowBytes
    let lines = input.capacity / inputWidth
    var first = rows.lowerBound
    while first < rows.upperBound {
      let count = min(
        layout.blockRows,
        rows.upperBound - first,
        output.contiguous(from: first)
      )
      var next = pointers
      for row in first..<first + count {
        let top = row / outputWidth * window.stride - window.padding
        let left = row % outputWidth * window.stride - window.padding
        for tapY in 0..<window.kernel {
          let y = top + tapY * window.dilation
          let line = source + (y >= 0 ? y % lines * lineBytes : 0)
          for tapX in 0..<window.kernel {
            let x = left + tapX * window.dilation
            let isInside = y >= 0 && y < inputHeight && x >= 0 && x < inputWidth
            next.pointee =
              isInside ? line + x * input.rowBytes : UnsafeRawPointer(padding)
            next += 1
          }
        }
      }
      kernel(
        MaximumPool(
          rows: UnsafePointer(pointers),
          rowCount: count,
          taps: window.kernel * window.kernel,
          channels: channels,
          output: output.row(first, context.thread)
        )
      )
      first += count
    }
  }
}
