import FloatKernels
import Foundation

/// Writes one softmax over all keys and heads of the scaled products of a query with the keys.
///
/// - Parameters:
///   - query: `[heads · headWidth]`.
///   - keys: `[keyCount, heads · headWidth]`.
///   - keyCount: the number of keys.
///   - heads: the number of heads.
///   - headWidth: channels of a head.
///   - isValid: which keys are no padding; all where there is none.
///   - output: `[keyCount, heads]`.
func writeAttentionMap(
  query: UnsafePointer<Float>,
  keys: UnsafePointer<Float>,
  keyCount: Int,
  heads: Int,
  headWidth: Int,
  isValid: [Bool]?,
  _ output: UnsafeMutablePointer<Float>
) {
  let scale = 1 / Float(headWidth).squareRoot()
  var greatest = -Float.infinity
  for key in 0..<keyCount {
    for head in 0..<heads {
      let first = head * headWidth
      var sum: Float = 0
      for channel in first..<first + headWidth {
        sum += query[channel] * scale * keys[key * heads * headWidth + channel]
      }
      if isValid?[key] == false { sum = -.infinity }
      output[key * heads + head] = sum
      greatest = max(greatest, sum)
    }
  }
  var total: Double = 0
  for index in 0..<keyCount * heads {
    output[index] = exp(output[index] - greatest)
    total += Double(output[index])
  }
  for index in 0..<keyCount * heads { output[index] = Float(Double(output[index]) / total) }
}

/// Writes a map in another size, each pixel the nearest one above and left of its place, as PyTorch's
/// `interpolate` finds it: the place times the ratio of the lengths, in 32-bit floats.
///
/// - Parameters:
///   - input: a map of `channels` numbers a pixel.
///   - grid: its size.
///   - target: the size of the output.
///   - channels: numbers of a pixel.
///   - pool: the threads.
///   - output: the map in the other size.
func writeEnlarged(
  _ input: UnsafePointer<Float>,
  from grid: Shape.Grid,
  to target: Shape.Grid,
  channels: Int,
  pool: WorkerPool,
  _ output: UnsafeMutablePointer<Float>
) {
  func sources(_ length: Int, _ target: Int) -> [Int] {
    let ratio = Float(length) / Float(target)
    return (0..<target).map { min(Int(Float($0) * ratio), length - 1) }
  }
  let rows = sources(grid.height, target.height)
  let columns = sources(grid.width, target.width)
  pool.parallelFor(target.height) { range, _ in
    for y in range {
      for x in 0..<target.width {
        let source = input + (rows[y] * grid.width + columns[x]) * channels
        (output + (y * target.width + x) * channels).update(from: source, count: channels)
      }
    }
  }
}
