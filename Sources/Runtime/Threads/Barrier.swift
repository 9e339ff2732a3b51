import Synchronization

/// A place where a fixed number of threads wait for each other, again and again.
///
/// What any thread wrote before the barrier is seen by all of them behind it.
final class Barrier: Sendable {
  private let threads: UInt32
  private let arrived = Atomic<UInt32>(0)
  private let gate = Gate()

  init(threads: Int) {
    self.threads = UInt32(truncatingIfNeeded: threads)
  }

  func wait() {
    if threads == 1 { return }
    let openings = gate.openings
    if arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == threads {
      // Nobody arrives for the next time before the gate is open.
      arrived.store(0, ordering: .relaxed)
      gate.open()
    } else {
      gate.wait(past: openings)
    }
  }
}
