import FloatKernels
import Synchronization
import Testing

struct WorkerPoolTests {
  @Test("every item is done once, by workers with their own ranges", arguments: threadCounts)
  func coversEverything(threads: Int) {
    let pool = WorkerPool(threads: threads)
    for (count, grain) in [
      (0, 1), (1, 1), (2, 1), (6, 1), (100, 1), (1001, 1), (1000, 64), (63, 64),
    ] {
      for _ in 0..<20 {
        let visits = Mutex([Int](repeating: 0, count: count))
        let workers = Mutex<[Int]>([])
        pool.parallelFor(count, grain: grain) { range, worker in
          #expect(range.lowerBound % grain == 0)
          visits.withLock { visits in for index in range { visits[index] += 1 } }
          workers.withLock { $0.append(worker) }
        }
        #expect(visits.withLock { $0 } == [Int](repeating: 1, count: count))
        let seen = workers.withLock { $0 }
        #expect(Set(seen).count == seen.count && seen.allSatisfy { $0 < threads })
      }
    }
  }

  @Test("a sleeping pool wakes up, and an unused one ends")
  func sleeps() async throws {
    let pool = WorkerPool(threads: 3)
    for _ in 0..<3 {
      try await Task.sleep(for: .milliseconds(20))
      let sum = Atomic(0)
      pool.parallelFor(300) { range, _ in sum.add(range.count, ordering: .relaxed) }
      #expect(sum.load(ordering: .relaxed) == 300)
    }
    _ = WorkerPool(threads: 5)
  }
}
