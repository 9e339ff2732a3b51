extension FloatKernelTable {
  /// Measures how many multiply-adds the threads of a pool do per second when nothing slows them down.
  ///
  /// Twelve independent chains in registers, run for at least 10 ms at a time; the best of several
  /// runs counts, so that other work on the machine does not lower the figure.
  ///
  /// - Parameters:
  ///   - pool: the threads that compute at the same time.
  ///   - runs: how many runs the best one is taken from.
  /// - Returns: multiply-adds per second, over all threads.
  public func measureMultiplyAddPeak(pool: WorkerPool, runs: Int = 10) -> Double {
    var iterations = 100_000
    var best = 0.0
    var run = 0
    while run < runs {
      let clock = ContinuousClock()
      var counts = [Int](repeating: 0, count: pool.threads)
      let elapsed = counts.withUnsafeMutableBufferPointer { counts in
        clock.measure {
          pool.parallelFor(pool.threads) { range, worker in
            let memory = pool.scratch(worker: worker, byteCount: 64 * 4)
              .bindMemory(to: Float.self, capacity: 64)
            // A fixed point of x · 0.5 + 0.5: neither overflow nor denormals.
            memory.initialize(repeating: 1, count: 64)
            memory[0] = 0.5
            memory[1] = 0.5
            counts[worker] = self.multiplyAddLoop(iterations, memory)
          }
        }
      }
      let seconds =
        Double(elapsed.components.attoseconds) * 1e-18 + Double(elapsed.components.seconds)
      if seconds < 0.01 {
        iterations *= 2
      } else {
        best = max(best, Double(counts.reduce(0, +)) / seconds)
        run += 1
      }
    }
    return best
  }
}
