/// Sums of every channel over rows. Single precision adds up at most 32 rows, double precision the
/// rest, so that the error does not grow with the size of the map.
func sumChannelsKernel(_ arguments: ChannelSums) {
  let channels = arguments.channels
  for channel in 0..<channels { arguments.sums[channel] = 0 }
  var firstRow = 0
  while firstRow < arguments.rows {
    let rows = arguments.rows - firstRow < 32 ? arguments.rows - firstRow : 32
    let block = arguments.input + firstRow * channels
    var channel = 0
    while channel < channels {
      let lanes = channels - channel < vectorWidth ? channels - channel : vectorWidth
      var sums = FloatVector(repeating: 0)
      if let centers = arguments.center {
        if lanes == vectorWidth {
          let center = load(centers + channel)
          for row in 0..<rows {
            let distance = load(block + row * channels + channel) - center
            sums = multiplyAdd(distance, distance, sums)
          }
        } else {
          let center = load(centers + channel, count: lanes)
          for row in 0..<rows {
            let distance = load(block + row * channels + channel, count: lanes) - center
            sums = multiplyAdd(distance, distance, sums)
          }
        }
      } else if lanes == vectorWidth {
        for row in 0..<rows { sums += load(block + row * channels + channel) }
      } else {
        for row in 0..<rows { sums += load(block + row * channels + channel, count: lanes) }
      }
      for lane in 0..<lanes { arguments.sums[channel + lane] += Double(sums[lane]) }
      channel += vectorWidth
    }
    firstRow += rows
  }
}

/// Scaling of every channel.
func scaleChannelsKernel(_ arguments: ChannelScaling) {
  let channels = arguments.channels
  let wholeChannels = channels / vectorWidth * vectorWidth
  let remaining = channels - wholeChannels
  for row in 0..<arguments.rows {
    let input = arguments.input + row * channels
    let output = arguments.output + row * channels
    var channel = 0
    while channel < wholeChannels {
      let centered = load(input + channel) - load(arguments.center + channel)
      let result = multiplyAdd(
        centered,
        load(arguments.scale + channel),
        load(arguments.shift + channel)
      )
      store(result, output + channel)
      channel += vectorWidth
    }
    if remaining > 0 {
      let centered =
        load(input + channel, count: remaining)
        - load(arguments.center + channel, count: remaining)
      let result = multiplyAdd(
        centered,
        load(arguments.scale + channel, count: remaining),
        load(arguments.shift + channel, count: remaining)
      )
      store(result, output + channel, count: remaining)
    }
  }
}
