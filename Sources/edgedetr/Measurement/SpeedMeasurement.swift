import Foundation
import Kernels
import ModelFile
import Runtime

/// Repeated runs of a model at one size, each between two measurements of the processor's peak, so that
/// what disturbs the one disturbs the other.
struct SpeedMeasurement {
  let table: KernelTable
  let threads: Int
  let height: Int
  let width: Int
  /// Of every run.
  let milliseconds: [Double]
  /// Processor time of every run, over the threads.
  let processorMilliseconds: [Double]
  /// Multiply-adds of a run.
  let multiplyAdds: Double
  /// Multiply-adds a second, beside every run.
  let peaks: [Double]
  /// Of one thread by the time that it computed.
  let threadPeaks: [Double]
  /// Of every run: multiply-adds a second over the peak beside it.
  let shares: [Double]
  /// The same by processor time, which other programs on the machine disturb less.
  let processorShares: [Double]
  let arenaBytes: Int
  let peakResidentBytes: Int
  let work: [OperationWork]
  /// Added up over `timedRuns` runs of their own.
  let times: OperationTimes
  let timedRuns: Int

  /// - Throws: `InputError` where the model cannot run so.
  init(
    _ file: MappedModel,
    height: Int,
    width: Int,
    threads: Int,
    table: KernelTable,
    runs: Int?,
    releasesWeights: Bool
  ) throws {
    self.table = table
    self.threads = threads
    self.height = height
    self.width = width
    let session: Session
    let meter: PeakMeter
    do {
      session = try Session(
        model: file.model,
        height: height,
        width: width,
        threads: threads,
        table: table
      )
      meter = try PeakMeter(table: table, threads: threads)
    } catch { throw InputError(path: file.path, reason: error.description) }
    if releasesWeights { session.releaseWeights(true) }
    let picture = TestPicture.pixels(height: height, width: width)
    func run() { session.run(picture: picture, rowStride: width * 3) }

    run()
    let estimate = Self.milliseconds(run).wall
    let rounds = meter.iterations(nanoseconds: UInt64(min(max(estimate / 10, 5), 100) * 1e6))
    let count = runs ?? min(max(Int(10_000 / max(estimate, 0.1)), 5), 200)

    var milliseconds: [Double] = []
    var processor: [Double] = []
    var peaks: [Double] = []
    var threadPeaks: [Double] = []
    var shares: [Double] = []
    var processorShares: [Double] = []
    work = session.operationWork
    let multiplyAdds = work.reduce(0.0) { $0 + Double($1.multiplyAdds) }
    var before = meter.run(iterations: rounds)
    for _ in 0..<count {
      let time = Self.milliseconds(run)
      let after = meter.run(iterations: rounds)
      milliseconds.append(time.wall)
      processor.append(time.processor / Double(threads))
      // Of the two the rates are averaged by their times.
      let peak = 2 / (1 / before.perSecond + 1 / after.perSecond)
      let threadPeak = 2 / (1 / before.perThreadSecond + 1 / after.perThreadSecond)
      peaks.append(peak)
      threadPeaks.append(threadPeak)
      shares.append(multiplyAdds / (time.wall / 1000) / peak)
      processorShares.append(multiplyAdds / (time.processor / 1000) / threadPeak)
      before = after
    }
    self.milliseconds = milliseconds
    processorMilliseconds = processor
    self.multiplyAdds = multiplyAdds
    self.peaks = peaks
    self.threadPeaks = threadPeaks
    self.shares = shares
    self.processorShares = processorShares

    timedRuns = min(max(count / 2, 1), 5)
    session.measureOperations(true)
    for _ in 0..<timedRuns { run() }
    times = session.operationTimes!
    arenaBytes = session.arenaPlan.byteCount
    peakResidentBytes = Memory.peakResidentBytes
  }

  /// Milliseconds on the wall and of the processors.
  private static func milliseconds(_ body: () -> Void) -> (wall: Double, processor: Double) {
    let processor = Memory.processorSeconds
    let start = ContinuousClock.now
    body()
    let wall = (ContinuousClock.now - start).seconds
    return (wall * 1000, (Memory.processorSeconds - processor) * 1000)
  }
}

extension PeakMeter.Sample {
  var perSecond: Double { Double(multiplyAdds) / Double(nanoseconds) * 1e9 }
  /// By the time that one thread has computed.
  var perThreadSecond: Double { Double(threadMultiplyAdds) / Double(threadNanoseconds) * 1e9 }
}

extension [Double] {
  /// The middle one, or the mean of the two in the middle.
  var median: Double {
    guard !isEmpty else { return 0 }
    let ordered = sorted()
    return (ordered[(count - 1) / 2] + ordered[count / 2]) / 2
  }
}

/// A picture of soft waves and noise, the same on every machine.
enum TestPicture {
  static func pixels(height: Int, width: Int) -> [UInt8] {
    var state: UInt64 = 1
    var pixels = [UInt8](repeating: 0, count: height * width * 3)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          // The multiplier of Knuth's MMIX.
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let wave = (x * (channel + 2) / 3 + y * (4 - channel) / 2) & 511
          let triangle = wave < 256 ? wave : 511 - wave
          pixels[(y * width + x) * 3 + channel] = UInt8(
            truncatingIfNeeded: (triangle * 7 + Int(state >> 56)) / 8
          )
        }
      }
    }
    return pixels
  }
}

/// What the system knows of this process.
enum Memory {
  /// The most memory that was resident at any time.
  static var peakResidentBytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        .map { $0 * 1024 } ?? 0
    }
    return 0
  }

  /// Processor time of all threads.
  static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
