/// The geometry of a window that moves over a feature map: of a convolution or a pool.
public struct WindowGeometry: Sendable {
  /// Height of the input map.
  public var inputHeight: Int
  /// Width of the input map.
  public var inputWidth: Int
  /// Height and width of the window, in taps.
  public var kernel: Int
  /// The distance of two windows, in pixels.
  public var stride: Int
  /// How far the first window begins above and left of the map.
  public var padding: Int
  /// The distance of two taps, in pixels.
  public var dilation: Int

  /// Makes the record; the parameters are the fields.
  public init(
    inputHeight: Int,
    inputWidth: Int,
    kernel: Int,
    stride: Int = 1,
    padding: Int = 0,
    dilation: Int = 1
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// Height of the output map.
  public var outputHeight: Int { outputLength(inputHeight) }
  /// Width of the output map.
  public var outputWidth: Int { outputLength(inputWidth) }

  private func outputLength(_ length: Int) -> Int {
    (length + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
  }

  /// Whether output pixel and input pixel are the same: a plain matrix product.
  var isPointwise: Bool { kernel == 1 && stride == 1 && padding == 0 }
}

/// Convolves a feature map without copying it: each tap is a row of pointers into the map.
///
/// Maps with few channels (a picture) are the exception: their windows are gathered, a few hundred
/// at a time, because a tap would be too short to compute on.
///
/// - Parameters:
///   - input: `[inputHeight · inputWidth, weights.depth]`, contiguous.
///   - geometry: the window.
///   - weights: `kernel · kernel` taps, row by row.
///   - output: `[outputHeight · outputWidth, weights.columns]`, contiguous.
///   - epilogue: what is done to the product.
///   - pool: the threads.
public func convolve(
  _ input: UnsafePointer<Float>,
  geometry: WindowGeometry,
  weights: PackedMatrix,
  into output: UnsafeMutablePointer<Float>,
  epilogue: MatrixEpilogue = MatrixEpilogue(),
  pool: WorkerPool
) {
  precondition(weights.tapCount == geometry.kernel * geometry.kernel, "weights of another window")
  let rows = geometry.outputHeight * geometry.outputWidth
  if geometry.isPointwise {
    multiply(
      input,
      inputStride: weights.depth,
      rows: rows,
      by: weights,
      into: output,
      outputStride: weights.columns,
      epilogue: epilogue,
      pool: pool
    )
  } else if weights.depth < 16 {
    let source = GatheredWindows(input: input, channels: weights.depth, geometry: geometry)
    MatrixProduct(
      source: source,
      matrix: weights,
      blocks: weights.gatheredBlocks,
      output: output,
      outputStride: weights.columns,
      epilogue: epilogue
    ).compute(rows: rows, pool: pool)
  } else {
    let source = WindowRows(
      input: input,
      channels: weights.depth,
      geometry: geometry,
      zeros: weights.zeros
    )
    MatrixProduct(
      source: source,
      matrix: weights,
      blocks: weights.blocks,
      output: output,
      outputStride: weights.columns,
      epilogue: epilogue
    ).compute(rows: rows, pool: pool)
  }
}

/// The pixels that each tap of a window falls on, in place; zeros where it falls outside.
struct WindowRows: TileRowSource {
  let input: UnsafePointer<Float>
  let channels: Int
  let geometry: WindowGeometry
  let zeros: UnsafePointer<Float>

  var tapCount: Int { geometry.kernel * geometry.kernel }

  var gatheredWidth: Int { 0 }

  func locate(
    _ rows: Range<Int>,
    tileRows: Int,
    pointers: UnsafeMutablePointer<UnsafePointer<Float>>,
    gathered: UnsafeMutablePointer<Float>
  ) {
    var (outputY, outputX) = rows.lowerBound.quotientAndRemainder(
      dividingBy: geometry.outputWidth
    )
    var tile = pointers
    var index = 0
    for _ in rows {
      var destination = tile + index
      for kernelY in 0..<geometry.kernel {
        let y = outputY * geometry.stride + kernelY * geometry.dilation - geometry.padding
        let isRowInside = y >= 0 && y < geometry.inputHeight
        var x = outputX * geometry.stride - geometry.padding
        for _ in 0..<geometry.kernel {
          let isInside = isRowInside && x >= 0 && x < geometry.inputWidth
          destination.pointee =
            isInside ? input + (y * geometry.inputWidth + x) * channels : zeros
          destination += tileRows
          x += geometry.dilation
        }
      }
      outputX += 1
      if outputX == geometry.outputWidth {
        outputX = 0
        outputY += 1
      }
      index += 1
      if index == tileRows {
        index = 0
        tile += tileRows * tapCount
      }
    }
  }
}

/// Windows copied one after the other, for maps with few channels.
struct GatheredWindows: TileRowSource {
  let input: UnsafePointer<Float>
  let channels: Int
  let geometry: WindowGeometry

  var tapCount: Int { 1 }

  var gatheredWidth: Int { geometry.kernel * geometry.kernel * channels }

  func locate(
    _ rows: Range<Int>,
    tileRows: Int,
    pointers: UnsafeMutablePointer<UnsafePointer<Float>>,
    gathered: UnsafeMutablePointer<Float>
  ) {
    for row in rows {
      let window = gathered + (row - rows.lowerBound) * gatheredWidth
      pointers[row - rows.lowerBound] = UnsafePointer(window)
      gather(row: row, into: window)
    }
  }

  private func gather(row: Int, into window: UnsafeMutablePointer<Float>) {
    let (outputY, outputX) = row.quotientAndRemainder(dividingBy: geometry.outputWidth)
    let firstX = outputX * geometry.stride - geometry.padding
    let lastX = firstX + (geometry.kernel - 1) * geometry.dilation
    let isContiguous = geometry.dilation == 1 && firstX >= 0 && lastX < geometry.inputWidth
    var destination = window
    for kernelY in 0..<geometry.kernel {
      let y = outputY * geometry.stride + kernelY * geometry.dilation - geometry.padding
      let isRowInside = y >= 0 && y < geometry.inputHeight
      let line = input + (isRowInside ? y : 0) * geometry.inputWidth * channels
      if isRowInside && isContiguous {
        let source = line + firstX * channels
        for index in 0..<geometry.kernel * channels { destination[index] = source[index] }
        destination += geometry.kernel * channels
        continue
      }
      for kernelX in 0..<geometry.kernel {
        let x = firstX + kernelX * geometry.dilation
        let isInside = isRowInside && x >= 0 && x < geometry.inputWidth
        for channel in 0..<channels {
          destination[channel] = isInside ? line[x * channels + channel] : 0
        }
        destination += channels
      }
    }
  }
}
