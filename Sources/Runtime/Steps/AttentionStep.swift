import Kernels

/// Attention: threads take heads and blocks of queries.
struct AttentionStep {
  let heads: Int
  /// The call for all queries of the first head.
  let call: AttentionHead
  let scratch: ThreadScratch

  /// Scores of a block stay in the cache.
  private static let blockQueries = 64

  func run(_ context: StepContext) {
    let queries = call.queryCount
    let blocks = (queries + Self.blockQueries - 1) / Self.blockQueries
    var part = call
    part.scratch = scratch.start(context)
    var previous = -1
    // Blocks of the same head come one after the other: its keys are sorted once and stay in the cache.
    for item in context.share(of: heads * blocks, unit: 1) {
      let channel = item / blocks * call.channels
      let first = item % blocks * Self.blockQueries
      part.hasKeys = item / blocks == previous
      part.hasValues = part.hasKeys
      previous = item / blocks
      part.query = call.query + first * call.queryStride + channel
      part.queryCount = min(Self.blockQueries, queries - first)
      part.key = call.key + channel
      part.value = call.value + channel
      part.output =
        call.output + (first * call.outputStride + channel) * call.outputElement.byteCount
      context.table.pointee.attentionHead(part)
    }
  }
}
