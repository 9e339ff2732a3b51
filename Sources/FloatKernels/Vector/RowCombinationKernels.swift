/// The maximum of several rows, channel by channel.
func maximumOfRowsKernel(_ arguments: RowCombination) {
  var channel = 0
  while channel + vectorWidth <= arguments.channels {
    var result = load(arguments.rows[0] + channel)
    for row in 1..<arguments.count { result = maximum(load(arguments.rows[row] + channel), result) }
    store(result, arguments.output + channel)
    channel += vectorWidth
  }
  let remaining = arguments.channels - channel
  if remaining > 0 {
    var result = load(arguments.rows[0] + channel, count: remaining)
    for row in 1..<arguments.count {
      result = maximum(load(arguments.rows[row] + channel, count: remaining), result)
    }
    store(result, arguments.output + channel, count: remaining)
  }
}

/// The weighted sum of several rows, added up in their order.
func weightedSumOfRowsKernel(_ arguments: RowCombination) {
  guard let weights = arguments.weights else { return }
  var channel = 0
  while channel + 4 * vectorWidth <= arguments.channels {
    var sum0 = FloatVector(repeating: 0)
    var sum1 = sum0
    var sum2 = sum0
    var sum3 = sum0
    for row in 0..<arguments.count {
      let weight = FloatVector(repeating: weights[row])
      let source = arguments.rows[row] + channel
      sum0 = multiplyAdd(weight, load(source), sum0)
      sum1 = multiplyAdd(weight, load(source + vectorWidth), sum1)
      sum2 = multiplyAdd(weight, load(source + 2 * vectorWidth), sum2)
      sum3 = multiplyAdd(weight, load(source + 3 * vectorWidth), sum3)
    }
    let output = arguments.output + channel
    store(sum0, output)
    store(sum1, output + vectorWidth)
    store(sum2, output + 2 * vectorWidth)
    store(sum3, output + 3 * vectorWidth)
    channel += 4 * vectorWidth
  }
  while channel + vectorWidth <= arguments.channels {
    var sum = FloatVector(repeating: 0)
    for row in 0..<arguments.count {
      sum = multiplyAdd(
        FloatVector(repeating: weights[row]),
        load(arguments.rows[row] + channel),
        sum
      )
    }
    store(sum, arguments.output + channel)
    channel += vectorWidth
  }
  let remaining = arguments.channels - channel
  if remaining > 0 {
    var sum = FloatVector(repeating: 0)
    for row in 0..<arguments.count {
      sum = multiplyAdd(
        FloatVector(repeating: weights[row]),
        load(arguments.rows[row] + channel, count: remaining),
        sum
      )
    }
    store(sum, arguments.output + channel, count: remaining)
  }
}
