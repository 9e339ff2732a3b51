/// Layer norm of every row: the mean first, then the variance of the distances from it, so that
/// nothing cancels; each lane adds up its own part of the row.
func layerNormRowsKernel(_ arguments: LayerNormRows) {
  let columns = arguments.columns
  let wholeColumns = columns / vectorWidth * vectorWidth
  let remaining = columns - wholeColumns
  let count = Float(columns)
  for row in 0..<arguments.rows {
    let input = arguments.input + row * columns
    let output = arguments.output + row * columns
    var sums = FloatVector(repeating: 0)
    if let residuals = arguments.residual {
      let residual = residuals + row * columns
      var column = 0
      while column < wholeColumns {
        let value = load(input + column) + load(residual + column)
        store(value, output + column)
        sums += value
        column += vectorWidth
      }
      if remaining > 0 {
        let value =
          load(input + column, count: remaining) + load(residual + column, count: remaining)
        store(value, output + column, count: remaining)
        sums += value
      }
    } else {
      var column = 0
      while column < wholeColumns {
        sums += load(input + column)
        column += vectorWidth
      }
      if remaining > 0 { sums += load(input + column, count: remaining) }
    }

    let source = arguments.residual == nil ? input : UnsafePointer(output)
    let meanValue = sumOfLanes(sums) / count
    let mean = FloatVector(repeating: meanValue)
    var squares = FloatVector(repeating: 0)
    var column = 0
    while column < wholeColumns {
      let distance = load(source + column) - mean
      squares = multiplyAdd(distance, distance, squares)
      column += vectorWidth
    }
    if remaining > 0 {
      let distance = load(source + column, count: remaining, filler: meanValue) - mean
      squares = multiplyAdd(distance, distance, squares)
    }

    let variance = sumOfLanes(squares) / count
    let scale = FloatVector(repeating: 1 / (variance + arguments.epsilon).squareRoot())
    column = 0
    while column < wholeColumns {
      let normalized = (load(source + column) - mean) * scale
      let result = multiplyAdd(
        normalized,
        load(arguments.gain + column),
        load(arguments.bias + column)
      )
      store(result, output + column)
      column += vectorWidth
    }
    if remaining > 0 {
      let normalized = (load(source + column, count: remaining) - mean) * scale
      let result = multiplyAdd(
        normalized,
        load(arguments.gain + column, count: remaining),
        load(arguments.bias + column, count: remaining)
      )
      store(result, output + column, count: remaining)
    }
  }
}
