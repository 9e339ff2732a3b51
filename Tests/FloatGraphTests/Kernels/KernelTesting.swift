import FloatGraph
import FloatKernels
import Testing

/// Numbers that are the same in every run: SplitMix64 (Steele, Lea and Flood 2014).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }
}

extension FloatKernelTable: CustomTestStringConvertible {
  public var testDescription: String { "\(name)" }
}

/// The thread counts under which results must have the same bits.
let threadCounts = [1, 2, 3, 7]

/// Calls `body` with a buffer of `count` elements between guards, checks the guards and returns it.
func guarded(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
  let margin = 64
  let filler: Float = -12345
  var memory = [Float](repeating: filler, count: count + 2 * margin)
  memory.withUnsafeMutableBufferPointer { body($0.baseAddress! + margin) }
  #expect(memory[..<margin].allSatisfy { $0 == filler }, "written before the output")
  #expect(memory[(margin + count)...].allSatisfy { $0 == filler }, "written behind the output")
  return Array(memory[margin..<margin + count])
}

/// The largest difference of two lists in units of `scale`.
func largestDifference(_ values: [Float], _ reference: [Double]) -> Double {
  zip(values, reference).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
}

/// The lists in which every thread count must give the same bits; returns the first.
func sameBits(_ compute: (WorkerPool) -> [Float]) -> [Float] {
  let results = threadCounts.map { compute(WorkerPool(threads: $0)).map(\.bitPattern) }
  for (threads, result) in zip(threadCounts, results) {
    #expect(result == results[0], "\(threads) threads give other bits than one")
  }
  return results[0].map(Float.init(bitPattern:))
}
