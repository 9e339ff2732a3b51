import FloatGraph
import FloatKernels
import Foundation
import Testing

/// Prints the speed and memory of a whole detector, as a share of the peak measured next to it.
@Suite(
  .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["EDGEDETR_MEASURE"] != nil,
    "set EDGEDETR_MEASURE=1 to print the speed of the float executor"
  )
)
struct ExecutorSpeedTests {
  @Test("Deformable DETR R50 at 800x1066", arguments: FloatKernelTable.available, [1, 2])
  func deformable(table: FloatKernelTable, threads: Int) throws {
    let size = InputSize(height: 800, width: 1066)
    let graph = SeededDetector().graph
    var numbers = SeededNumbers(seed: 2)
    let picture = numbers.floats(size.height * size.width * 3)
    let executor = FloatExecutor(graph: graph, threads: threads, table: table)
    let pool = WorkerPool(threads: threads)
    let count = Double(graph.multiplyAddCount(shapes: try graph.shapes(for: size)))
    var shares: [Double] = []
    var seconds: [Double] = []
    for _ in 0..<7 {
      let peak = table.measureMultiplyAddPeak(pool: pool, runs: 3)
      let elapsed = try ContinuousClock().measure {
        _ = try executor.run(picture: picture, size: size)
      }
      seconds.append(elapsed / .seconds(1))
      shares.append(count / seconds.last! / peak)
    }
    shares.sort()
    seconds.sort()
    let arena = try executor.arenaByteCount(for: size)
    print(
      "\(table.name), \(threads) threads:",
      String(
        format: "%.1f GMAC, median %.3f s, %.1f %% of peak, best %.1f %%; arena %d MB, peak %d MB",
        count / 1e9,
        seconds[3],
        shares[3] * 100,
        shares[6] * 100,
        arena >> 20,
        peakResidentMegabytes()
      )
    )
  }

  /// The largest resident memory of this process so far.
  private func peakResidentMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) >> 10
  }
}
