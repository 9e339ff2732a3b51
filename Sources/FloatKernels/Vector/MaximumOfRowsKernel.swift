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
