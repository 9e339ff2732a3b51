import FixedPoint
import Kernels

struct RowNormalizationStep {
  /// The call for row 0; the step sets the pointers of each piece.
  let call: RowNormalization
  let input: RowPlace
  let output: RowPlace
  let rows: Int

  func run(_ context: StepContext) {
    run(context, rows: context.share(of: rows, unit: 8))
  }

  func run(_ context: StepContext, rows: Range<Int>) {
    var part = call
    var row = rows.lowerBound
    while row < rows.upperBound {
      let count = min(
        rows.upperBound - row,
        input.contiguous(from: row),
        output.contiguous(from: row)
      )
      part.input = UnsafePointer(
        input.row(row, context.thread).assumingMemoryBound(to: Int16.self)
      )
      part.output = output.row(row, context.thread)
      part.rows = count
      context.table.pointee.rowNormalization(part)
      row += count
    }
  }
}

/// The scratch memory that both passes of a group normalisation share.
struct GroupScratch {
  let memory: ThreadScratch
  let lines: Int

  /// One thread's part: the statistics of all groups, then a line for each channel.
  static func layout(groups: Int, channels: Int) -> (lines: Int, byteCount: Int64) {
    var layout = ScratchLayout()
    _ = layout.add(groups, bytes: MemoryLayout<NormalizationStatistics>.stride)
    let lines = layout.add(channels, bytes: MemoryLayout<ChannelAffine>.stride)
    return (lines, layout.byteCount)
  }

  func statistics(thread: Int) -> UnsafeMutablePointer<NormalizationStatistics> {
    memory.start(thread: thread).assumingMemoryBound(to: NormalizationStatistics.self)
  }

  func lines(thread: Int) -> UnsafeMutablePointer<ChannelAffine> {
    (memory.start(thread: thread) + lines).assumingMemoryBound(to: ChannelAffine.self)
  }
}

/// The first pass: every thread sums its rows.
struct GroupStatisticsStep {
  let input: UnsafePointer<Int16>
  let rows: Int
  let groups: Int
  let channelsPerGroup: Int
  let scratch: GroupScratch

  func run(_ context: StepContext) {
    let statistics = scratch.statistics(thread: context.thread)
    for group in 0..<groups { statistics[group] = NormalizationStatistics() }
    let share = context.share(of: rows, unit: 8)
    guard !share.isEmpty else { return }
    context.table.pointee.groupStatistics(
      GroupStatistics(
        input: input + share.lowerBound * groups * channelsPerGroup,
        rows: share.count,
        groups: groups,
        channelsPerGroup: channelsPerGroup,
        statistics: statistics
      )
    )
  }
}

/// The second pass: every thread merges all sums, makes the channels' lines and applies them.
struct GroupApplicationStep {
  let statistics: GroupStatisticsStep
  let epsilon: UInt64
  let gain: UnsafePointer<Int32>
  let bias: UnsafePointer<Int32>
  let fractionBits: Int32
  let output: UnsafeMutableRawPointer
  let outputElement: KernelElement

  func run(_ context: StepContext) {
    let perGroup = statistics.channelsPerGroup
    let channels = statistics.groups * perGroup
    let share = context.share(of: statistics.rows, unit: 8)
    guard !share.isEmpty else { return }
    let lines = statistics.scratch.lines(thread: context.thread)
    for group in 0..<statistics.groups {
      var sums = NormalizationStatistics()
      for thread in 0..<context.threads {
        sums.merge(statistics.scratch.statistics(thread: thread)[group])
      }
      let normalization = GroupNormalization(
        sums,
        scaledEpsilon: scaledEpsilon(epsilon, count: sums.count)
      )
      for channel in group * perGroup..<(group + 1) * perGroup {
        lines[channel] = normalization.affine(
          gamma: gain[channel],
          beta: bias[channel],
          outputShift: fractionBits
        )
      }
    }
    let start = share.lowerBound * channels
    context.table.pointee.channelLines(
      ChannelLines(
        input: statistics.input + start,
        rows: share.count,
        channels: channels,
        lines: lines,
        output: output + start * outputElement.byteCount,
        outputElement: outputElement
      )
    )
  }
}
