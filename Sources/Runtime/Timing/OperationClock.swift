import ModelFile

/// Where the first thread of a session spends its time, added up over runs.
///
/// Operations are measured in the time that the thread has computed, so that other programs on the same
/// processor do not count; waiting is measured on the wall. Entry 0 is the picture, entry i + 1 operation i of the model, then come the detections and the waiting
/// for other threads.
struct OperationClock {
  let nanoseconds: UnsafeMutablePointer<UInt64>
  let count: Int

  init(operations: Int) {
    count = operations + 3
    nanoseconds = .allocate(capacity: count)
    nanoseconds.initialize(repeating: 0, count: count)
  }

  func deallocate() { nanoseconds.deallocate() }

  /// The present moment for ``add(since:operation:)``.
  var start: UInt64 { SystemClock.threadNanoseconds }

  /// Adds the time since `start` to the entry of an operation, −1 being the picture's.
  func add(since start: UInt64, operation: Int) {
    nanoseconds[operation + 1] &+= SystemClock.threadNanoseconds &- start
  }

  /// Waits and adds the time that it takes to the waiting.
  func waiting(_ barrier: Barrier) {
    let start = SystemClock.nanoseconds
    barrier.wait()
    nanoseconds[count - 1] &+= SystemClock.nanoseconds &- start
  }
}

/// How long the operations of a session took, in nanoseconds that its first thread computed.
public struct OperationTimes: Sendable {
  /// Copying or resizing the picture.
  public let picture: UInt64
  /// By operation of the model.
  public let operations: [UInt64]
  /// From logits and boxes to detections.
  public let detections: UInt64
  /// Waiting for other threads, on the wall.
  public let waiting: UInt64

  init(_ clock: OperationClock) {
    let entries = UnsafeBufferPointer(start: clock.nanoseconds, count: clock.count)
    picture = entries[0]
    operations = Array(entries[1..<clock.count - 2])
    detections = entries[clock.count - 2]
    waiting = entries[clock.count - 1]
  }
}

extension Session {
  /// Whether runs measure their operations; turning it on begins at zero.
  ///
  /// Costs two looks at the clock for each operation, or each of its bands, while it is on.
  public func measureOperations(_ isOn: Bool) {
    clock?.deallocate()
    clock = isOn ? OperationClock(operations: model.operations.count) : nil
  }

  /// What has been measured since ``measureOperations(_:)``; nil where nothing is measured.
  public var operationTimes: OperationTimes? { clock.map { OperationTimes($0) } }
}
