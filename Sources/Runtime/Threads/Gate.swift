import Synchronization

/// Something that threads wait for and that happens again and again.
///
/// Who waits looks a while whether it has happened, as it mostly does within microseconds, and then
/// sleeps. What a thread wrote before it opened the gate is seen by all who waited for that opening.
final class Gate: Sendable {
  /// How often the gate has opened, modulo 2³².
  private let count = Atomic<UInt32>(0)
  private let sleepers = Atomic<UInt32>(0)
  nonisolated(unsafe) private let monitor = Monitor()

  /// Looks before a thread sleeps; some ten microseconds.
  private static let patience = 8000

  deinit { monitor.destroy() }

  /// How often the gate has opened; to be asked before anything that can lead to an opening.
  var openings: UInt32 { count.load(ordering: .acquiring) }

  func open() {
    // The order of these two against the sleeper's two below keeps anyone from sleeping through
    // the opening.
    count.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      monitor.lock()
      monitor.wakeAll()
      monitor.unlock()
    }
  }

  /// Returns once the gate has opened more often than `openings`.
  func wait(past openings: UInt32) {
    var looks = 0
    while looks < Self.patience {
      if count.load(ordering: .acquiring) != openings { return }
      looks &+= 1
    }
    monitor.lock()
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while count.load(ordering: .sequentiallyConsistent) == openings { monitor.wait() }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    monitor.unlock()
  }
}
