/// Normalises a feature map over its rows and the channels of each group.
///
/// The statistics are those of the whole map: mean first, then the variance of the distances from
/// it, summed in double precision over blocks of rows whose size does not depend on the threads.
///
/// - Parameters:
///   - input: `[rows, channels]`, contiguous.
///   - output: `[rows, channels]`; it may be the input.
///   - rows: the number of rows, at least 1.
///   - channels: the number of channels, a multiple of `groups`.
///   - groups: the number of groups.
///   - gain: `channels` factors.
///   - bias: `channels` offsets.
///   - epsilon: added to the (biased) variance.
///   - table: the kernels.
///   - pool: the threads.
public func groupNorm(
  _ input: UnsafePointer<Float>,
  into output: UnsafeMutablePointer<Float>,
  rows: Int,
  channels: Int,
  groups: Int,
  gain: UnsafePointer<Float>,
  bias: UnsafePointer<Float>,
  epsilon: Double,
  table: FloatKernelTable,
  pool: WorkerPool
) {
  let groupWidth = channels / groups
  let count = Double(rows * groupWidth)
  let sums = channelSums(
    input,
    rows: rows,
    channels: channels,
    center: nil,
    table: table,
    pool: pool
  )
  let means = (0..<channels).map { channel in
    let group = channel / groupWidth
    let total = sums[group * groupWidth..<(group + 1) * groupWidth].reduce(0, +)
    return Float(total / count)
  }
  let squares = channelSums(
    input,
    rows: rows,
    channels: channels,
    center: means,
    table: table,
    pool: pool
  )
  let scales = (0..<channels).map { channel in
    let group = channel / groupWidth
    let total = squares[group * groupWidth..<(group + 1) * groupWidth].reduce(0, +)
    return Float(Double(gain[channel]) / (total / count + epsilon).squareRoot())
  }
  means.withUnsafeBufferPointer { means in
    scales.withUnsafeBufferPointer { scales in
      pool.parallelFor(rows) { range, _ in
        table.scaleChannels(
          ChannelScaling(
            input: input + range.lowerBound * channels,
            output: output + range.lowerBound * channels,
            rows: range.count,
            channels: channels,
            center: means.baseAddress!,
            scale: scales.baseAddress!,
            shift: bias
          )
        )
      }
    }
  }
}

/// Sums every channel of a map, or its squared distance from a centre.
private func channelSums(
  _ input: UnsafePointer<Float>,
  rows: Int,
  channels: Int,
  center: [Float]?,
  table: FloatKernelTable,
  pool: WorkerPool
) -> [Double] {
  let blockRows = 512
  let blocks = (rows + blockRows - 1) / blockRows
  var partial = [Double](repeating: 0, count: blocks * channels)
  partial.withUnsafeMutableBufferPointer { partial in
    let sums = partial.baseAddress!
    func add(_ center: UnsafePointer<Float>?) {
      pool.parallelFor(blocks) { range, _ in
        for block in range {
          let first = block * blockRows
          table.sumChannels(
            ChannelSums(
              input: input + first * channels,
              rows: min(blockRows, rows - first),
              channels: channels,
              center: center,
              sums: sums + block * channels
            )
          )
        }
      }
    }
    if let center {
      center.withUnsafeBufferPointer { add($0.baseAddress) }
    } else {
      add(nil)
    }
  }
  return (0..<channels).map { channel in
    (0..<blocks).reduce(0) { $0 + partial[$1 * channels + channel] }
  }
}
