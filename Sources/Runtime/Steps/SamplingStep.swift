import Kernels
import ModelFile

/// Multi-scale deformable attention: threads take blocks of queries, all heads of a block in turns.
struct SamplingStep {
  let heads: Int
  /// Elements from one head's first token to the next one's.
  let headStride: Int
  /// The call for the first head; the step sets the pointers of each block.
  let call: DeformableSampling
  let queries: Int
  let offsets: RowPlace
  let logits: RowPlace
  let output: RowPlace
  let pyramid: Pyramid
  /// Q1.30 [queries, referenceChannels]; nil where the queries are the tokens themselves.
  let references: RowPlace?
  let referenceChannels: Int
  let scratch: ThreadScratch
  let layout: Layout

  static let blockQueries = 32

  /// One thread's scratch memory.
  struct Layout {
    let bases: Int
    let spans: Int
    let kernel: Int
    let byteCount: Int64

    init(levels: Int, kernelBytes: Int) {
      var scratch = ScratchLayout()
      bases = scratch.add(2 * SamplingStep.blockQueries * levels, bytes: 4)
      spans = scratch.add(2 * SamplingStep.blockQueries * levels, bytes: 4)
      kernel = scratch.add(kernelBytes, bytes: 1)
      byteCount = scratch.byteCount
    }
  }

  func run(_ context: StepContext) {
    run(context, rows: context.share(of: queries, unit: Self.blockQueries))
  }

  func run(_ context: StepContext, rows: Range<Int>) {
    let memory = scratch.start(context)
    let bases = (memory + layout.bases).assumingMemoryBound(to: Int32.self)
    let spans = (memory + layout.spans).assumingMemoryBound(to: Int32.self)
    let headSamples = call.levelCount * call.points
    var part = call
    part.bases = UnsafePointer(bases)
    part.scratch = memory + layout.kernel
    var first = rows.lowerBound
    while first < rows.upperBound {
      var count = min(
        Self.blockQueries,
        rows.upperBound - first,
        offsets.contiguous(from: first),
        logits.contiguous(from: first),
        output.contiguous(from: first)
      )
      if let references {
        count = min(count, references.contiguous(from: first))
        locateReferences(
          references.row(first, context.thread).assumingMemoryBound(to: Int32.self),
          count,
          bases,
          spans
        )
        part.spans = referenceChannels == 4 ? UnsafePointer(spans) : nil
      } else {
        locateTokens(first, count, bases)
      }
      part.queryCount = count
      for head in 0..<heads {
        let channel = head * call.channels
        part.value = call.value + head * headStride * call.valueElement.byteCount
        part.offsets = UnsafePointer(
          offsets.row(first, context.thread).assumingMemoryBound(to: Int16.self)
            + 2 * head * headSamples
        )
        part.logits = UnsafePointer(
          logits.row(first, context.thread).assumingMemoryBound(to: Int16.self)
            + head * headSamples
        )
        part.output =
          output.row(first, context.thread) + channel * call.outputElement.byteCount
        context.table.pointee.deformableSampling(part)
      }
      first += count
    }
  }

  /// Half a pixel with 16 fraction bits.
  private static let half: Int64 = 1 << 15

  private func locateReferences(
    _ references: UnsafePointer<Int32>,
    _ count: Int,
    _ bases: UnsafeMutablePointer<Int32>,
    _ spans: UnsafeMutablePointer<Int32>
  ) {
    var next = 0
    for query in 0..<count {
      let reference = references + query * referenceChannels
      for level in 0..<pyramid.count {
        let geometry = pyramid.levels[level]
        bases[next] = Self.base(reference[0], geometry.validWidth)
        bases[next + 1] = Self.base(reference[1], geometry.validHeight)
        if referenceChannels == 4 {
          spans[next] = Int32(truncatingIfNeeded: Self.pixels(reference[2], geometry.validWidth))
          spans[next + 1] = Int32(
            truncatingIfNeeded: Self.pixels(reference[3], geometry.validHeight)
          )
        }
        next += 2
      }
    }
  }

  private static func base(_ reference: Int32, _ size: Int) -> Int32 {
    Int32(truncatingIfNeeded: pixels(reference, size) - half)
  }

  /// A part (Q1.30) of a number of pixels, with 16 fraction bits, rounded half up.
  private static func pixels(_ part: Int32, _ size: Int) -> Int64 {
    (Int64(part) * Int64(size) + (1 << 13)) >> 14
  }

  private func locateTokens(_ first: Int, _ count: Int, _ bases: UnsafeMutablePointer<Int32>) {
    var cursor = Pyramid.Cursor(pyramid, at: first)
    var next = 0
    for _ in 0..<count {
      let own = cursor.geometry
      for level in 0..<pyramid.count {
        let target = pyramid.levels[level]
        bases[next] = Self.centre(cursor.x, of: own.validWidth, in: target.validWidth)
        bases[next + 1] = Self.centre(cursor.y, of: own.validHeight, in: target.validHeight)
        next += 2
      }
      cursor.advance()
    }
  }

  /// Where the centre of a pixel lies in another level, minus half a pixel, with 16 fraction bits.
  private static func centre(_ position: Int, of own: Int, in size: Int) -> Int32 {
    // Both lengths are below 2¹⁴, so that everything stays below 2⁴⁶.
    let doubled = (2 * Int64(position) + 1) * Int64(size) << 16
    let rounded = (doubled + Int64(own)) / (2 * Int64(own))
    return Int32(truncatingIfNeeded: min(rounded, 1 << 30) - half)
  }
}
