import Foundation

/// One input through one reader, with what it cost.
struct Trial {
  /// How the reader ended.
  enum Outcome {
    case read
    case refused(message: String)
  }

  let outcome: Outcome
  /// Processor time.
  let seconds: Double
  /// The most heap memory held at once, in bytes.
  let memory: Int

  /// Runs it.
  ///
  /// - Parameters:
  ///   - input: the bytes.
  ///   - reader: the reader.
  ///   - place: where it may write files.
  init(_ input: [UInt8], _ reader: FuzzReader, _ place: Workplace) {
    let start = Self.processorTime()
    AllocationMeter.reset()
    var refusal: (any Error)?
    do { try reader.read(input, place) } catch { refusal = error }
    memory = AllocationMeter.peak
    seconds = Self.processorTime() - start
    outcome = refusal.map { .refused(message: "\($0)") } ?? .read
  }

  /// What is wrong with it, if anything.
  func findings(index: Int, count: Int, reader: FuzzReader) -> [Finding] {
    var findings: [Finding] = []
    if seconds > 1 {
      findings.append(.init(.slow, index: index, detail: "\(seconds) s for \(count) bytes"))
    }
    if memory > reader.allowance(count) {
      let detail = "\(memory) bytes for \(count), allowed are \(reader.allowance(count))"
      findings.append(.init(.allocation, index: index, detail: detail))
    }
    if case .refused(let message) = outcome {
      if message.isEmpty || message.utf8.count > 1000 || message.utf8.contains(where: { $0 < 32 }) {
        let shown = message.prefix(200).map { $0.isNewline ? "⏎" : String($0) }.joined()
        findings.append(.init(.message, index: index, detail: "\(message.utf8.count): \(shown)"))
      }
    }
    return findings
  }

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
