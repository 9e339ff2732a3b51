import FixedPoint
import Foundation
import ModelFile
import Testing
import Vision

@testable import Runtime

@Suite("Sessions")
struct SessionTests {
  /// A small detector for any picture size.
  private func detector(
    _ decoding: Information.ClassDecoding,
    sizeRule: Information.SizeRule = .unchanged
  ) throws -> LoadedModel {
    var draft = ModelDraft(seed: 30)
    let three = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    let map = draft.convolution(
      draft.convolution(draft.picture, to: .uint8, 8, three),
      to: .uint8,
      12,
      three
    )
    let (logits, boxes) = draft.heads(map, classes: 4)
    return try draft.model(
      logits: logits,
      boxes: boxes,
      decoding: decoding,
      sizeRule: sizeRule
    )
  }

  private func picture(_ height: Int, _ width: Int, seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    return (0..<height * width * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  @Test("an arena that is too small is refused with both numbers, a misaligned one with its place")
  func arenas() throws {
    let loaded = try detector(.sigmoid(limit: 10))
    let needed = try Session.arenaByteCount(
      model: loaded.model,
      height: 20,
      width: 30,
      threads: 2
    )
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: needed + 64, alignment: 64)
    defer { memory.deallocate() }
    func session(_ arena: UnsafeMutableRawBufferPointer) throws -> Session {
      try Session(model: loaded.model, height: 20, width: 30, threads: 2, arena: arena)
    }
    #expect(throws: SessionError.arenaTooSmall(needed: needed, given: needed - 1)) {
      try session(UnsafeMutableRawBufferPointer(rebasing: memory[..<(needed - 1)]))
    }
    #expect(throws: SessionError.arenaMisaligned(remainder: 16, alignment: 64)) {
      try session(UnsafeMutableRawBufferPointer(rebasing: memory[16...]))
    }
    #expect(throws: SessionError.threads(found: 0, limit: 256)) {
      try Session(model: loaded.model, height: 20, width: 30, threads: 0)
    }
    #expect(throws: SessionError.threads(found: 257, limit: 256)) {
      try Session(model: loaded.model, height: 20, width: 30, threads: 257)
    }
    // More than any system has.
    #expect(throws: SessionError.noMemory(byteCount: 1 << 60)) { try SystemMemory.take(1 << 60) }
    let fits = try session(UnsafeMutableRawBufferPointer(rebasing: memory[..<needed]))
    #expect(throws: SessionError.self) { try fits.prepare(height: 40, width: 60) }
    // A refused size leaves the session as it was.
    #expect(fits.pictureSize == PictureSize(height: 20, width: 30))
    fits.run(picture: picture(20, 30, seed: 1), rowStride: 90)
    #expect(SessionError.arenaTooSmall(needed: 7, given: 5).description.contains("7"))
    withExtendedLifetime(loaded) {}
  }

  @Test("a session prepared for other sizes gives what a new one gives")
  func sizes() throws {
    let loaded = try detector(.sigmoid(limit: 10))
    let session = try Session(model: loaded.model, height: 9, width: 9, threads: 2)
    for (height, width) in [(40, 50), (9, 9), (33, 12), (64, 64), (40, 50)] {
      try session.prepare(height: height, width: width)
      let pixels = picture(height, width, seed: UInt64(height))
      session.run(picture: pixels, rowStride: width * 3)
      let fresh = try Session(model: loaded.model, height: height, width: width, threads: 1)
      fresh.run(picture: pixels, rowStride: width * 3)
      #expect(Array(session.detections) == Array(fresh.detections))
    }
    withExtendedLifetime(loaded) {}
  }

  @Test("sigmoid scores: the best of queries and classes, ties to the lower number")
  func sigmoidDetections() throws {
    for limit in [1, 7, 40, 10_000] {
      let loaded = try detector(.sigmoid(limit: limit))
      let session = try Session(
        model: loaded.model,
        height: 31,
        width: 45,
        threads: 3
      )
      try session.prepare(height: 31, width: 45, photograph: (height: 310, width: 451))
      session.run(picture: picture(31, 45, seed: 2), rowStride: 135)
      let logits = Comparison.numbers(
        session.elements(of: loaded.model.information.logits)!,
        .int32
      )
      let boxes = Comparison.numbers(
        session.elements(of: loaded.model.information.boxes)!,
        .int32
      )
      let scores = logits.map { sigmoid(Int32($0)) }
      let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
      let expected = order.prefix(limit).map {
        detection(boxes, query: $0 / 4, label: $0 % 4, score: scores[$0], 310, 451)
      }
      #expect(Array(session.detections) == expected)
      withExtendedLifetime(loaded) {}
    }
  }

  @Test("softmax scores: the best class of each query beside no object, in order")
  func softmaxDetections() throws {
    let loaded = try detector(.softmaxWithNoObject)
    let session = try Session(model: loaded.model, height: 31, width: 45, threads: 2)
    session.run(picture: picture(31, 45, seed: 3), rowStride: 135)
    let logits = Comparison.numbers(
      session.elements(of: loaded.model.information.logits)!,
      .int32
    )
    let boxes = Comparison.numbers(
      session.elements(of: loaded.model.information.boxes)!,
      .int32
    )
    #expect(session.detections.count == logits.count / 4)
    for (query, found) in session.detections.enumerated() {
      let exponentials = (0..<4).map { exp(Double(logits[4 * query + $0]) / 16_777_216) }
      let probabilities = exponentials.map { $0 / exponentials.reduce(0, +) }
      let best = probabilities[..<3].max()!
      // The softmax's own bound for a few classes, see FixedPoint; 2⁻²⁷ of 1.
      #expect(abs(Double(found.score) / 1_073_741_824 - best) < 1 / 134_217_728)
      #expect(abs(probabilities[Int(found.label)] - best) < 1 / 134_217_728)
      #expect(
        found
          == detection(boxes, query: query, label: Int(found.label), score: found.score, 31, 45)
      )
    }
    withExtendedLifetime(loaded) {}
  }

  /// A box of centre and sides in parts as corner and sides in pixels with 16 fraction bits.
  private func detection(
    _ boxes: [Int64],
    query: Int,
    label: Int,
    score: Int32,
    _ height: Int,
    _ width: Int
  ) -> Detection {
    func pixels(_ part: Double, _ length: Int) -> Int32 {
      Int32((part / 1_073_741_824 * Double(length) * 65536 + 0.5).rounded(.down))
    }
    let box = (0..<4).map { Double(boxes[4 * query + $0]) }
    return Detection(
      label: Int32(label),
      score: score,
      x: pixels(box[0] - box[2] / 2, width),
      y: pixels(box[1] - box[3] / 2, height),
      width: pixels(box[2], width),
      height: pixels(box[3], height)
    )
  }

  @Test(
    "a photograph is resized in the arena and found as its resized picture",
    arguments: [1, 2, 7]
  )
  func photographs(threads: Int) throws {
    for rule in [
      Information.SizeRule.edges(shortest: 24, longest: 40), .fixed(height: 30, width: 20),
      .unchanged,
    ] {
      let loaded = try detector(.sigmoid(limit: 20), sizeRule: rule)
      let needed = try Session.arenaByteCount(
        model: loaded.model,
        photographHeight: 61,
        photographWidth: 47,
        threads: threads
      )
      let arena = GuardedMemory(byteCount: needed)
      let session = try Session(
        model: loaded.model,
        photographHeight: 61,
        photographWidth: 47,
        threads: threads,
        arena: arena.bytes
      )
      let photograph = Image(width: 47, height: 61, pixels: picture(61, 47, seed: 4))
      session.run(picture: photograph.pixels, rowStride: 141)
      #expect(arena.isIntact)

      let size = session.pictureSize
      let resized = photograph.resized(width: size.width, height: size.height)
      let plain = try Session(
        model: loaded.model,
        height: size.height,
        width: size.width,
        threads: 1
      )
      try plain.prepare(
        height: size.height,
        width: size.width,
        photograph: (height: 61, width: 47)
      )
      plain.run(picture: resized.pixels, rowStride: size.width * 3)
      #expect(Array(session.detections) == Array(plain.detections))
      withExtendedLifetime((loaded, arena)) {}
    }
  }

  @Test("only what is retained can be read")
  func retention() throws {
    let loaded = try detector(.sigmoid(limit: 5))
    let information = loaded.model.information
    for (retention, kept) in [
      (Retention.outputs, false), (.values([ValueIndex(1)]), true), (.all, true),
    ] {
      let session = try Session(
        model: loaded.model,
        height: 16,
        width: 16,
        threads: 1,
        retention: retention
      )
      session.run(picture: picture(16, 16, seed: 5), rowStride: 48)
      #expect((session.elements(of: ValueIndex(1)) != nil) == kept)
      #expect(session.elements(of: information.logits) != nil)
      #expect(session.elements(of: information.boxes) != nil)
      #expect(session.elements(of: Model.picture) == nil)
      #expect(session.rows(of: ValueIndex(1)) == 64)
      #expect(session.grid(of: ValueIndex(1))?.width == 8)
    }
    withExtendedLifetime(loaded) {}
  }

  @Test("runs repeat: the same picture gives the same bytes, another one others")
  func repeats() throws {
    let loaded = try detector(.sigmoid(limit: 20))
    let session = try Session(model: loaded.model, height: 40, width: 40, threads: 3)
    var first: [Detection] = []
    for round in 0..<20 {
      session.run(picture: picture(40, 40, seed: UInt64(round % 2)), rowStride: 120)
      let found = Array(session.detections)
      if round == 0 { first = found }
      #expect((found == first) == (round % 2 == 0))
    }
    withExtendedLifetime(loaded) {}
  }
}

@Suite("The thread pool")
struct ThreadPoolTests {
  @Test("every thread does its part of every job", arguments: [1, 2, 3, 7, 16])
  func parts(threads: Int) throws {
    let pool = try ThreadPool(threads: threads)
    let counts = UnsafeMutablePointer<Int>.allocate(capacity: threads)
    counts.initialize(repeating: 0, count: threads)
    defer { counts.deallocate() }
    for round in 1...200 {
      pool.run(
        { context, thread in
          context.assumingMemoryBound(to: Int.self)[thread] += 1
        },
        counts
      )
      for thread in 0..<threads { #expect(counts[thread] == round) }
      // Long enough for the workers to go to sleep.
      if round % 50 == 0 { usleep(20_000) }
    }
  }

  @Test("a barrier separates what is before it from what is behind it", arguments: [2, 3, 7])
  func barriers(threads: Int) throws {
    final class Shared {
      let pool: ThreadPool
      let numbers: UnsafeMutablePointer<Int>
      var failures: UnsafeMutablePointer<Int>
      init(_ threads: Int) throws {
        pool = try ThreadPool(threads: threads)
        numbers = .allocate(capacity: threads)
        numbers.initialize(repeating: 0, count: threads)
        failures = .allocate(capacity: threads)
        failures.initialize(repeating: 0, count: threads)
      }
      deinit {
        numbers.deallocate()
        failures.deallocate()
      }
    }
    let shared = try Shared(threads)
    shared.pool.run(
      { context, thread in
        let shared = Unmanaged<Shared>.fromOpaque(context).takeUnretainedValue()
        for round in 1...500 {
          shared.numbers[thread] = round
          shared.pool.barrier.wait()
          for other in 0..<shared.pool.threads where shared.numbers[other] != round {
            shared.failures[thread] += 1
          }
          shared.pool.barrier.wait()
        }
      },
      Unmanaged.passUnretained(shared).toOpaque()
    )
    for thread in 0..<threads { #expect(shared.failures[thread] == 0) }
  }
}

@Suite("Rankings")
struct RankingTests {
  @Test("the best scores come out in order, ties to the lower number", arguments: 0..<60)
  func order(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let count = Int.random(in: 1...300, using: &random)
    let capacity = Int.random(in: 1...count, using: &random)
    // Few different scores make many ties.
    let scores = (0..<count).map { _ in
      [Int32.min, -5, 0, 5, Int32.max, Int32.random(in: .min ... .max, using: &random)]
        .randomElement(using: &random)!
    }
    let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
    defer { memory.deallocate() }
    var ranking = Ranking(memory, capacity: capacity)
    for (number, score) in scores.enumerated() { ranking.insert(score: score, number: number) }
    let keys = ranking.sorted()
    let expected = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
    #expect((0..<capacity).map { Ranking.number(of: keys[$0]) } == Array(expected[..<capacity]))
    #expect(
      (0..<capacity).map { Ranking.score(of: keys[$0]) } == expected[..<capacity].map { scores[$0] }
    )
  }
}
