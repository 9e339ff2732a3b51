import Kernels
import ModelFile
import Testing

@testable import Runtime

@Suite("Schedules")
struct ScheduleTests {
  /// A stem, a pool, two residual blocks and one that halves the map, then an encoder layer on its pixels.
  private func detector() throws -> LoadedModel {
    var draft = ModelDraft(seed: 50)
    let seven = Window(kernel: 7, stride: 2, padding: 3, dilation: 1)
    let three = Window(kernel: 3, stride: 1, padding: 1, dilation: 1)
    let halving = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    let stem = draft.convolution(draft.picture, to: .uint8, 16, seven)
    var map = draft.maxPool(stem, halving)
    map = draft.convolution(map, to: .uint8, 32)
    for _ in 0..<2 {
      let first = draft.convolution(map, to: .uint8, 8)
      let second = draft.convolution(first, to: .uint8, 8, three)
      map = draft.convolution(second, to: .uint8, 32, residual: map)
    }
    let first = draft.convolution(map, to: .uint8, 8)
    let second = draft.convolution(first, to: .uint8, 8, halving)
    let wide = draft.convolution(second, to: .uint8, 32)
    let beside = Window(kernel: 1, stride: 2, padding: 0, dilation: 1)
    map = draft.convolution(map, to: .uint8, 32, beside, residual: wide)

    let tokens = draft.convolution(map, to: .int16, 24)
    let source = draft.requantize(tokens, to: .uint8)
    let query = draft.convolution(source, to: .int16, 24, spread: 600)
    let key = draft.convolution(source, to: .int16, 24, spread: 600)
    let value = draft.convolution(source, to: .int16, 24)
    let attended = draft.attention(query, key, value, heads: 3, keyGrid: map, to: .uint8)
    let sum = draft.convolution(attended, to: .int16, 24, residual: tokens)
    let normal = draft.layerNorm(sum, to: .int16)
    let hidden = draft.convolution(draft.requantize(normal, to: .uint8), to: .uint8, 96)
    let result = draft.layerNorm(
      draft.convolution(hidden, to: .int16, 24, residual: normal),
      to: .int16
    )
    let (logits, boxes) = draft.heads(result, classes: 3)
    return try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 20))
  }

  @Test("bands and row chains give the numbers of the definition", arguments: [64, 97, 150])
  func sameNumbers(height: Int) throws {
    let loaded = try detector()
    let size = PictureSize(height: height, width: 131, validHeight: height - 9, validWidth: 120)
    try expectEqualEverywhere(loaded, size, seed: UInt64(height))
  }

  @Test("the first stages run in bands, a layer between two attentions as one chain")
  func groups() throws {
    let loaded = try detector()
    let steps = try Session.steps(model: loaded.model, height: 256, width: 256, threads: 1)
    let first = try #require(steps.first)
    #expect(first.operations.starts(with: [0, 1]))
    #expect(first.bandRows != nil)
    // Every operation once.
    #expect(steps.flatMap(\.operations).sorted() == Array(loaded.model.operations.indices))
    let attention = loaded.model.operations.firstIndex {
      if case .attention = $0 { true } else { false }
    }!
    let position = steps.firstIndex { $0.operations == [attention] }!
    #expect(steps[position + 1].operations.starts(with: (attention + 1...attention + 6)))
    withExtendedLifetime(loaded) {}
  }

  @Test("bands need less memory than whole maps")
  func memory() throws {
    let loaded = try detector()
    let banded = try Session.arenaByteCount(
      model: loaded.model,
      height: 512,
      width: 512,
      threads: 1
    )
    // The results of the stem and the pool.
    #expect(banded < 256 * 256 * 16 + 128 * 128 * 16)
    withExtendedLifetime(loaded) {}
  }

  @Test("every line is made once a thread, and rings hold what a band needs", arguments: 0..<100)
  func walk(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    var members: [Chain.Member] = []
    var edges: [Chain.Edge] = []
    var lines = Int.random(in: 5...60, using: &random)
    let count = Int.random(in: 2...7, using: &random)
    for index in 0..<count {
      let start = edges.count
      if index > 0 {
        let kernel = [1, 3, 5].randomElement(using: &random)!
        let window = Window(
          kernel: kernel,
          stride: Int.random(in: 1...2, using: &random),
          padding: Int.random(in: 0...kernel, using: &random),
          dilation: Int.random(in: 1...2, using: &random)
        )
        let result = window.output(lines)
        guard result > 0 else { break }
        edges.append(Chain.Edge(producer: index - 1, lines: lines, window: window))
        lines = result
      }
      members.append(
        Chain.Member(
          operation: index,
          lines: lines,
          lineRows: 1,
          edges: start..<edges.count,
          isKept: false
        )
      )
    }
    let last = members.removeLast()
    members.append(
      Chain.Member(
        operation: last.operation,
        lines: last.lines,
        lineRows: 1,
        edges: last.edges,
        isKept: true
      )
    )
    let chain = Chain(
      members: members,
      edges: edges,
      lines: last.lines,
      bandLines: Int.random(in: 1...4, using: &random),
      unit: 1
    )
    for threads in [1, 2, 5] { check(chain, threads) }
  }

  private func check(_ chain: Chain, _ threads: Int) {
    let walked = WalkedChain(chain, threads: threads)
    var progress = [ChainWalk.Progress](
      repeating: ChainWalk.Progress(),
      count: chain.members.count
    )
    let members = UnsafeMutableBufferPointer<Chain.Member>.allocate(
      capacity: chain.members.count
    )
    let edges = UnsafeMutableBufferPointer<Chain.Edge>.allocate(capacity: chain.edges.count)
    defer {
      members.deallocate()
      edges.deallocate()
    }
    _ = members.initialize(from: chain.members)
    _ = edges.initialize(from: chain.edges)
    progress.withUnsafeMutableBufferPointer { progress in
      let walk = ChainWalk(
        members: UnsafePointer(members.baseAddress!),
        edges: UnsafePointer(edges.baseAddress!),
        count: chain.members.count,
        progress: progress.baseAddress!
      )
      for thread in 0..<threads {
        var made = chain.members.map { [Bool](repeating: false, count: $0.lines) }
        // What each place of a ring holds.
        var rings = walked.capacity.map { [Int](repeating: -1, count: max($0, 1)) }
        let share = threadShare(of: chain.lines, unit: 1, thread: thread, of: threads)
        walk.begin()
        for first in stride(from: share.lowerBound, to: share.upperBound, by: chain.bandLines) {
          walk.demand(first..<min(first + chain.bandLines, share.upperBound))
          for index in chain.members.indices {
            let lines = walk.next(index)
            for edge in chain.members[index].edges where !lines.isEmpty {
              let producer = chain.edges[edge].producer
              for line in chain.edges[edge].needed(lines) {
                #expect(rings[producer][line % rings[producer].count] == line)
              }
            }
            for line in lines {
              #expect(!made[index][line])
              made[index][line] = true
              rings[index][line % rings[index].count] = line
            }
          }
        }
        #expect(share.allSatisfy { made[chain.members.count - 1][$0] })
      }
    }
  }

  @Test("shares cover everything once and need 64 bits where Int has 32")
  func shares() {
    for (count, unit, threads) in [(0, 4, 3), (1, 1, 7), (100, 12, 4), (268_402_689, 1, 256)] {
      var next = 0
      for thread in 0..<threads {
        let share = threadShare(of: count, unit: unit, thread: thread, of: threads)
        #expect(share.lowerBound == next)
        next = share.upperBound
      }
      #expect(next == count)
    }
  }

  @Test("measured operations take time, others none; without measuring there are no times")
  func times() throws {
    let loaded = try detector()
    let session = try Session(model: loaded.model, height: 64, width: 64, threads: 2)
    let picture = [UInt8](repeating: 90, count: 64 * 64 * 3)
    session.run(picture: picture, rowStride: 192)
    #expect(session.operationTimes == nil)
    session.measureOperations(true)
    for _ in 0..<3 { session.run(picture: picture, rowStride: 192) }
    let times = try #require(session.operationTimes)
    #expect(times.operations.count == loaded.model.operations.count)
    #expect(times.operations.allSatisfy { $0 > 0 })
    let work = session.operationWork
    // 32 × 32 pixels, 16 channels, 7 × 7 pixels of 3 channels.
    #expect(work[0].multiplyAdds == 32 * 32 * 16 * 147)
    session.measureOperations(false)
    #expect(session.operationTimes == nil)
    withExtendedLifetime(loaded) {}
  }

  @Test("a peak is measured on every table and for several threads")
  func peaks() throws {
    for table in KernelTable.supported {
      for threads in [1, 3] {
        let meter = try PeakMeter(table: table, threads: threads)
        let sample = meter.run(iterations: meter.iterations(nanoseconds: 100_000))
        #expect(sample.multiplyAdds == threads * sample.threadMultiplyAdds)
        #expect(sample.threadNanoseconds > 0)
      }
    }
  }
}
