import FloatKernels

/// Writes the product of two arrays, element by element.
///
/// - Parameters:
///   - one: `count` numbers.
///   - other: `count` numbers.
///   - count: how many.
///   - output: `count` numbers; may be one of the inputs.
func writeProducts(
  _ one: UnsafePointer<Float>,
  _ other: UnsafePointer<Float>,
  count: Int,
  _ output: UnsafeMutablePointer<Float>
) {
  for index in 0..<count { output[index] = one[index] * other[index] }
}

/// Writes `x` where it is positive and `slope · x` elsewhere.
///
/// - Parameters:
///   - input: `count` numbers.
///   - slope: the trained slope.
///   - count: how many.
///   - pool: the threads.
///   - output: `count` numbers; may be the input.
func writeParametricRelu(
  _ input: UnsafePointer<Float>,
  slope: Float,
  count: Int,
  pool: WorkerPool,
  _ output: UnsafeMutablePointer<Float>
) {
  pool.parallelFor(count, grain: 4096) { range, _ in
    for index in range {
      let x = input[index]
      output[index] = x > 0 ? x : slope * x
    }
  }
}

/// Writes codes scaled by sides over those of boxes: `sides[0] / boxes[2]` for the first half of a row,
/// `sides[1] / boxes[3]` for the second.
///
/// - Parameters:
///   - input: codes `[rows, columns]`.
///   - sides: `[rows, 2]`.
///   - boxes: `[rows, 4]`.
///   - rows: the number of boxes.
///   - columns: the numbers of a code.
///   - output: `[rows, columns]`; may be the codes.
func writeModulated(
  _ input: UnsafePointer<Float>,
  sides: UnsafePointer<Float>,
  boxes: UnsafePointer<Float>,
  rows: Int,
  columns: Int,
  _ output: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows {
    for column in 0..<columns {
      let side = column < columns / 2 ? 0 : 1
      let factor = sides[row * 2 + side] / boxes[row * 4 + 2 + side]
      output[row * columns + column] = input[row * columns + column] * factor
    }
  }
}
