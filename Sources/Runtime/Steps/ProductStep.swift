import Kernels
import ModelFile

/// A convolution or a linear layer: finds the pointers to each row's inputs and calls the kernel.
///
/// Rows go in blocks of up to ``KernelTable/productRows``, so that pointers, inputs and outputs of
/// a block stay in the cache while all panels of weights go past. Patches are never copied, but for
/// runs over the border of an RGB picture.
struct ProductStep {
  /// How the inputs of an output row are found.
  enum Addressing {
    /// The input row of the same index.
    case rows
    /// A pixel or the padding for each tap of the window.
    case taps
    /// A piece of a picture row for each row of the window.
    case pictureRows
  }

  let addressing: Addressing
  let window: Window
  /// Nil where the caller has the picture.
  let input: RowPlace?
  let residual: RowPlace?
  let output: RowPlace
  let inputElement: KernelElement
  let channels: Int
  let inputHeight: Int
  let inputWidth: Int
  let outputWidth: Int
  let outputRows: Int
  let paddingBytes: UInt32
  let positionTable: UnsafePointer<Int32>?
  /// Elements from one row of the position table to the next.
  let positionStride: Int
  let positionLevels: Pyramid
  let scratch: ThreadScratch
  let layout: Layout
  /// Everything of a call that is the same for all blocks.
  let call: MatrixProduct

  /// One thread's scratch memory.
  struct Layout {
    let blockRows: Int
    let pointers: Int
    let positions: Int
    let padding: Int
    let patches: Int
    /// Bytes of one patch.
    let patchStride: Int
    /// What the kernel needs for itself.
    let kernel: Int
    let byteCount: Int64

    init(
      runs: Int,
      runLength: Int,
      elementBytes: Int,
      hasPatches: Bool,
      hasPositions: Bool,
      table: KernelTable
    ) {
      // Windows of hundreds of taps take smaller blocks, so that pointers stay in the cache.
      blockRows = max(4, min(table.productRows, 8192 / runs / 4 * 4))
      patchStride = ((runLength + 3) * elementBytes + 15) / 16 * 16
      var scratch = ScratchLayout()
      pointers = scratch.add(blockRows * runs, bytes: MemoryLayout<UnsafeRawPointer>.stride)
      positions = scratch.add(
        hasPositions ? 2 * blockRows : 0,
        bytes: MemoryLayout<UnsafePointer<Int32>>.stride
      )
      padding = scratch.add(runLength + 3, bytes: elementBytes)
      patches = scratch.add(hasPatches ? blockRows * runs : 0, bytes: patchStride)
      kernel = scratch.add(table.productScratch(blockRows, runs * ((runLength + 3) / 4)), bytes: 1)
      byteCount = scratch.byteCount
    }
  }

  /// One thread's scratch memory as pointers.
  private struct Memory {
    let pointers: UnsafeMutablePointer<UnsafeRawPointer>
    let positions: UnsafeMutablePointer<UnsafePointer<Int32>>
    let padding: UnsafeMutableRawPointer
    let patches: UnsafeMutableRawPointer
    let kernel: UnsafeMutableRawPointer

    init(_ base: UnsafeMutableRawPointer, _ layout: Layout) {
      pointers = (base + layout.pointers).assumingMemoryBound(to: UnsafeRawPointer.self)
      positions = (base + layout.positions).assumingMemoryBound(to: UnsafePointer<Int32>.self)
      padding = base + layout.padding
      patches = base + layout.patches
      kernel = base + layout.kernel
    }
  }

  func run(_ context: StepContext) {
    // Small layers go in tiles, so that every thread gets some.
    let unit = outputRows >= 2 * layout.blockRows * context.threads ? layout.blockRows : 4
    run(context, rows: context.share(of: outputRows, unit: unit))
  }

  func run(_ context: StepContext, rows: Range<Int>) {
    let memory = Memory(scratch.start(context), layout)
    let source =
      input.map { UnsafeRawPointer($0.start(context.thread)) } ?? UnsafeRawPointer(context.picture)
    let pixelBytes = channels * inputElement.byteCount
    let rowBytes = input == nil ? context.pictureStride : inputWidth * pixelBytes
    if addressing != .rows { fillPadding(memory.padding) }
    var call = call
    call.rows = UnsafePointer(memory.pointers)
    call.scratch = memory.kernel
    if positionTable != nil { call.positions = UnsafePointer(memory.positions) }
    let kernel =
      inputElement == .uint8
      ? context.table.pointee.matrixProductUInt8 : context.table.pointee.matrixProductInt16
    var first = rows.lowerBound
    while first < rows.upperBound {
      var count = min(layout.blockRows, rows.upperBound - first, output.contiguous(from: first))
      if let residual { count = min(count, residual.contiguous(from: first)) }
      switch addressing {
      case .rows:
        var place = (input?.capacity).map { first % $0 } ?? first
        for row in 0..<count {
          memory.pointers[row] = source + place * pixelBytes
          place += 1
          if place == input?.capacity { place = 0 }
        }
      case .taps:
        findTaps(first, count, source, pixelBytes: pixelBytes, rowBytes: rowBytes, memory)
      case .pictureRows:
        findPictureRows(first, count, source, pixelBytes: pixelBytes, rowBytes: rowBytes, memory)
      }
      if let positionTable { findPositions(first, count, positionTable, memory.positions) }
      call.rowCount = count
      call.output = output.row(first, context.thread)
      if let residual { call.residual = UnsafeRawPointer(residual.row(first, context.thread)) }
      kernel(call)
      first += count
    }
  }

  /// A pixel, or a run of pixels, as it is outside of the map.
  private func fillPadding(_ padding: UnsafeMutableRawPointer) {
    for element in 0..<call.groupsPerRun * 4 { storePadding(padding, element) }
  }

  /// Element `index` of a row of padding; three-channel rows repeat every pixel.
  private func storePadding(_ row: UnsafeMutableRawPointer, _ index: Int) {
    switch inputElement {
    case .int16:
      row.storeBytes(
        of: Int16(truncatingIfNeeded: paddingBytes),
        toByteOffset: index * 2,
        as: Int16.self
      )
    default:
      let channel = index % channels % 4
      let byte = UInt8(truncatingIfNeeded: paddingBytes >> UInt32(8 * channel))
      row.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
    }
  }

  private func findTaps(
    _ first: Int,
    _ count: Int,
    _ source: UnsafeRawPointer,
    pixelBytes: Int,
    rowBytes: Int,
    _ memory: Memory
  ) {
    var y = first / outputWidth
    var x = first % outputWidth
    var next = memory.pointers
    let lines = input.map { $0.capacity / inputWidth } ?? Int.max
    for _ in 0..<count {
      let top = y * window.stride - window.padding
      let left = x * window.stride - window.padding
      for tapY in 0..<window.kernel {
        let inputY = top + tapY * window.dilation
        let isInside = inputY >= 0 && inputY < inputHeight
        let line = source + (isInside ? inputY % lines * rowBytes : 0)
        for tapX in 0..<window.kernel {
          let inputX = left + tapX * window.dilation
          next.pointee =
            isInside && inputX >= 0 && inputX < inputWidth
            ? line + inputX * pixelBytes
            : UnsafeRawPointer(memory.padding)
          next += 1
        }
      }
      x += 1
      if x == outputWidth {
        x = 0
        y += 1
      }
    }
  }

  /// Runs inside of the picture are read in place, others are put together in scratch memory.
  private func findPictureRows(
    _ first: Int,
    _ count: Int,
    _ source: UnsafeRawPointer,
    pixelBytes: Int,
    rowBytes: Int,
    _ memory: Memory
  ) {
    var y = first / outputWidth
    var x = first % outputWidth
    var next = memory.pointers
    var patch = memory.patches
    let lines = input.map { $0.capacity / inputWidth } ?? Int.max
    for _ in 0..<count {
      let top = y * window.stride - window.padding
      let left = x * window.stride - window.padding
      for tapY in 0..<window.kernel {
        let inputY = top + tapY
        // The kernel may read 3 elements past a run, so that a run in the last row must leave a pixel.
        let slack = inputY == inputHeight - 1 ? 1 : 0
        let line = source + (inputY >= 0 ? inputY % lines * rowBytes : 0)
        if inputY < 0 || inputY >= inputHeight {
          next.pointee = UnsafeRawPointer(memory.padding)
        } else if left >= 0, left + window.kernel + slack <= inputWidth {
          next.pointee = line + left * pixelBytes
        } else {
          fillPatch(patch, line, left, memory.padding, pixelBytes)
          next.pointee = UnsafeRawPointer(patch)
        }
        patch += layout.patchStride
        next += 1
      }
      x += 1
      if x == outputWidth {
        x = 0
        y += 1
      }
    }
  }

  private func fillPatch(
    _ patch: UnsafeMutableRawPointer,
    _ row: UnsafeRawPointer,
    _ left: Int,
    _ padding: UnsafeMutableRawPointer,
    _ pixelBytes: Int
  ) {
    for tap in 0..<window.kernel {
      let x = left + tap
      let isInside = x >= 0 && x < inputWidth
      (patch + tap * pixelBytes).copyMemory(
        from: isInside ? row + x * pixelBytes : UnsafeRawPointer(padding),
        byteCount: pixelBytes
      )
    }
  }

  private func findPositions(
    _ first: Int,
    _ count: Int,
    _ table: UnsafePointer<Int32>,
    _ positions: UnsafeMutablePointer<UnsafePointer<Int32>>
  ) {
    var cursor = Pyramid.Cursor(positionLevels, at: first)
    for row in 0..<count {
      let level = cursor.geometry
      // In padding the special rows stand in, each for the other axis.
      let rowY = cursor.x < level.validWidth ? cursor.y : level.height
      let rowX = cursor.y < level.validHeight ? cursor.x : level.width
      positions[2 * row] = table + (level.firstTableRow + rowY) * positionStride
      positions[2 * row + 1] =
        table + (level.firstTableRow + level.height + 1 + rowX) * positionStride
      cursor.advance()
    }
  }
}
