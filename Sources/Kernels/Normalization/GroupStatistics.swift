import FixedPoint

/// The first pass of a group normalisation: adds rows to the statistics of each group of channels.
///
/// The sums are exact, so that parts of a map may be summed by different threads and merged.
public struct GroupStatistics {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (GroupStatistics) -> Void

  /// Rows of `groups · channelsPerGroup` elements one after the other.
  public var input: UnsafePointer<Int16>
  public var rows: Int
  public var groups: Int
  public var channelsPerGroup: Int
  /// [groups], added to.
  public var statistics: UnsafeMutablePointer<NormalizationStatistics>

  public init(
    input: UnsafePointer<Int16>,
    rows: Int,
    groups: Int,
    channelsPerGroup: Int,
    statistics: UnsafeMutablePointer<NormalizationStatistics>
  ) {
    self.input = input
    self.rows = rows
    self.groups = groups
    self.channelsPerGroup = channelsPerGroup
    self.statistics = statistics
  }
}

/// The reference.
func scalarGroupStatistics(_ call: GroupStatistics) {
  var input = call.input
  var row = 0
  while row < call.rows {
    var group = 0
    while group < call.groups {
      call.statistics[group].add(input, count: call.channelsPerGroup)
      input += call.channelsPerGroup
      group &+= 1
    }
    row &+= 1
  }
}

/// The second pass of a group normalisation: each channel of each row through the channel's line.
///
/// The output may be the input itself where it is int16 too.
public struct ChannelLines {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (ChannelLines) -> Void

  /// Rows of `channels` elements one after the other.
  public var input: UnsafePointer<Int16>
  public var rows: Int
  public var channels: Int
  /// [channels].
  public var lines: UnsafePointer<ChannelAffine>
  public var output: UnsafeMutableRawPointer
  /// int16 or uint8.
  public var outputElement: KernelElement

  public init(
    input: UnsafePointer<Int16>,
    rows: Int,
    channels: Int,
    lines: UnsafePointer<ChannelAffine>,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement
  ) {
    self.input = input
    self.rows = rows
    self.channels = channels
    self.lines = lines
    self.output = output
    self.outputElement = outputElement
  }
}

/// The reference.
func scalarChannelLines(_ call: ChannelLines) {
  var row = 0
  while row < call.rows {
    let start = row &* call.channels
    if call.outputElement == .int16 {
      channelAffineRow(
        input: call.input + start,
        count: call.channels,
        channels: call.lines,
        output: call.output.assumingMemoryBound(to: Int16.self) + start
      )
    } else {
      channelAffineRow(
        input: call.input + start,
        count: call.channels,
        channels: call.lines,
        output: call.output.assumingMemoryBound(to: UInt8.self) + start
      )
    }
    row &+= 1
  }
}
