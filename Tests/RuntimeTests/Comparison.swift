import ModelFile
import Runtime
import Testing

/// A session after a run and the memory that it works in.
struct FinishedRun {
  let session: Session
  let arena: GuardedMemory
}

/// Runs a model on a random picture and compares every value with the interpreter's.
struct Comparison {
  let size: PictureSize
  let picture: [UInt8]
  let interpreter: Interpreter

  init(_ model: Model, _ size: PictureSize, seed: UInt64) {
    self.size = size
    var random = SeededGenerator(seed: seed)
    picture = (0..<size.height * size.width * 3).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
    interpreter = Interpreter(model: model, size: size, picture: picture)
  }

  /// A session whose arena and picture end at pages that nobody may touch.
  func run(
    _ model: Model,
    threads: Int,
    retention: Retention
  ) throws -> FinishedRun {
    let probe = try Session(
      model: model,
      height: size.height,
      width: size.width,
      threads: threads,
      retention: retention
    )
    // Padding takes keys away and so may need less than the whole picture.
    let whole = probe.arenaPlan.byteCount
    try probe.prepare(
      height: size.height,
      width: size.width,
      validHeight: size.validHeight,
      validWidth: size.validWidth
    )
    let arena = GuardedMemory(byteCount: max(whole, probe.arenaPlan.byteCount))
    let session = try Session(
      model: model,
      height: size.height,
      width: size.width,
      threads: threads,
      arena: arena.bytes,
      retention: retention
    )
    try session.prepare(
      height: size.height,
      width: size.width,
      validHeight: size.validHeight,
      validWidth: size.validWidth
    )
    // The last row ends at the guard page.
    let stride = size.width * 3 + 5
    let bytes = stride * (size.height - 1) + size.width * 3
    let pixels = GuardedMemory(byteCount: (bytes + 63) / 64 * 64)
    let start = pixels.bytes.baseAddress! + (pixels.bytes.count - bytes)
    for row in 0..<size.height {
      picture.withUnsafeBytes {
        (start + row * stride).copyMemory(
          from: $0.baseAddress! + row * size.width * 3,
          byteCount: size.width * 3
        )
      }
    }
    session.run(picture: start.assumingMemoryBound(to: UInt8.self), rowStride: stride)
    #expect(arena.isIntact)
    return FinishedRun(session: session, arena: arena)
  }

  /// Compares the values that a session has kept.
  func expectEqual(
    _ session: Session,
    _ values: some Sequence<Int>,
    _ comment: Comment,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for index in values {
      let value = ValueIndex(index)
      guard let bytes = session.elements(of: value) else {
        if value != Model.picture {
          Issue.record("\(comment): value \(index) is not kept", sourceLocation: sourceLocation)
        }
        continue
      }
      let expected = interpreter[value]
      let numbers = Self.numbers(bytes, session.model[value].element)
      guard numbers != expected.numbers else { continue }
      let place = zip(numbers, expected.numbers).enumerated().first { $0.1.0 != $0.1.1 }
      let operation = session.model.operations.first { $0.output == value }
      Issue.record(
        """
        \(comment): value \(index), \(expected.rows)x\(expected.channels): \
        \(place.map { "element \($0.offset): \($0.1.0), expected \($0.1.1)" } ?? "count") \
        in \(operation.map { "\($0)" } ?? "")
        """,
        sourceLocation: sourceLocation
      )
      return
    }
  }

  static func numbers(_ bytes: UnsafeRawBufferPointer, _ element: Element) -> [Int64] {
    switch element {
    case .uint8: bytes.map { Int64($0) }
    case .int8: bytes.map { Int64(Int8(bitPattern: $0)) }
    case .int16: bytes.assumingMemoryBound(to: Int16.self).map { Int64($0) }
    case .int32: bytes.assumingMemoryBound(to: Int32.self).map { Int64($0) }
    }
  }
}

/// Every value, every thread count, with and without shared memory.
func expectEqualEverywhere(
  _ loaded: LoadedModel,
  _ size: PictureSize,
  seed: UInt64,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let model = loaded.model
  let comparison = Comparison(model, size, seed: seed)
  let outputs = [model.information.logits.index, model.information.boxes.index]
  var detections: [Detection]? = nil
  for threads in [1, 2, 3, 7] {
    let all = try comparison.run(model, threads: threads, retention: .all)
    comparison.expectEqual(
      all.session,
      model.values.indices,
      "all values kept, \(threads) threads, seed \(seed)",
      sourceLocation: sourceLocation
    )
    let shared = try comparison.run(model, threads: threads, retention: .outputs)
    comparison.expectEqual(
      shared.session,
      outputs,
      "memory shared, \(threads) threads, seed \(seed)",
      sourceLocation: sourceLocation
    )
    for run in [all, shared] {
      let found = Array(run.session.detections)
      if detections == nil { detections = found }
      #expect(found == detections, sourceLocation: sourceLocation)
    }
    withExtendedLifetime((all, shared)) {}
  }
  withExtendedLifetime(loaded) {}
}
