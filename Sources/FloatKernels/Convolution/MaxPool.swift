/// Takes the maximum of every window of a feature map; positions outside of the map do not count.
///
/// - Parameters:
///   - input: `[inputHeight · inputWidth, channels]`, contiguous.
///   - channels: the number of channels.
///   - geometry: the window; each must cover at least one pixel.
///   - output: `[outputHeight · outputWidth, channels]`, contiguous.
///   - table: the kernels.
///   - pool: the threads.
public func maxPool(
  _ input: UnsafePointer<Float>,
  channels: Int,
  geometry: WindowGeometry,
  into output: UnsafeMutablePointer<Float>,
  table: FloatKernelTable,
  pool: WorkerPool
) {
  let taps = geometry.kernel * geometry.kernel
  pool.parallelFor(geometry.outputHeight) { lines, worker in
    let rows = pool.scratch(worker: worker, byteCount: taps * 8)
      .bindMemory(to: UnsafePointer<Float>.self, capacity: taps)
    for outputY in lines {
      for outputX in 0..<geometry.outputWidth {
        var count = 0
        for kernelY in 0..<geometry.kernel {
          let y = outputY * geometry.stride + kernelY * geometry.dilation - geometry.padding
          guard y >= 0 && y < geometry.inputHeight else { continue }
          for kernelX in 0..<geometry.kernel {
            let x = outputX * geometry.stride + kernelX * geometry.dilation - geometry.padding
            guard x >= 0 && x < geometry.inputWidth else { continue }
            rows[count] = input + (y * geometry.inputWidth + x) * channels
            count += 1
          }
        }
        table.maximumOfRows(
          RowCombination(
            rows: rows,
            count: count,
            channels: channels,
            output: output + (outputY * geometry.outputWidth + outputX) * channels
          )
        )
      }
    }
  }
}
