/// Softmax of every row.
func softmaxRowsKernel(_ arguments: SoftmaxRows) {
  for row in 0..<arguments.rows {
    softmaxInPlace(
      arguments.matrix + row * arguments.stride,
      columns: arguments.columns,
      columnBias: arguments.columnBias
    )
  }
}

/// Softmax of one row, in three passes: maximum, exponentials with their sum, scaling.
func softmaxInPlace(
  _ values: UnsafeMutablePointer<Float>,
  columns: Int,
  columnBias: UnsafePointer<Float>?
) {
  let wholeColumns = columns / vectorWidth * vectorWidth
  let remaining = columns - wholeColumns
  var greatest = FloatVector(repeating: -Float.infinity)
  if let bias = columnBias {
    var column = 0
    while column < wholeColumns {
      let value = load(values + column) + load(bias + column)
      store(value, values + column)
      greatest = maximum(value, greatest)
      column += vectorWidth
    }
    if remaining > 0 {
      let value =
        load(values + column, count: remaining, filler: -Float.infinity)
        + load(bias + column, count: remaining)
      store(value, values + column, count: remaining)
      greatest = maximum(value, greatest)
    }
  } else {
    var column = 0
    while column < wholeColumns {
      greatest = maximum(load(values + column), greatest)
      column += vectorWidth
    }
    if remaining > 0 {
      let value = load(values + column, count: remaining, filler: -Float.infinity)
      greatest = maximum(value, greatest)
    }
  }

  let center = FloatVector(repeating: maximumOfLanes(greatest))
  var sums = FloatVector(repeating: 0)
  var column = 0
  while column < wholeColumns {
    let value = exponential(load(values + column) - center)
    store(value, values + column)
    sums += value
    column += vectorWidth
  }
  if remaining > 0 {
    let value = exponential(
      load(values + column, count: remaining, filler: -Float.infinity) - center
    )
    store(value, values + column, count: remaining)
    sums += value
  }

  let factor = FloatVector(repeating: 1 / sumOfLanes(sums))
  column = 0
  while column < wholeColumns {
    store(load(values + column) * factor, values + column)
    column += vectorWidth
  }
  if remaining > 0 {
    store(
      load(values + column, count: remaining) * factor,
      values + column,
      count: remaining
    )
  }
}
