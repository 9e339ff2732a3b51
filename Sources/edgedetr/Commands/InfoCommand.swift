import CheckedJSON
import Foundation
import Kernels
import Runtime

/// `edgedetr info`: the processor, the kernels in this program and what they could do here.
enum InfoCommand: Command {
  static let description = CommandDescription(
    name: "info",
    summary: "Show the processor, the tables of kernels and their measured peaks.",
    operands: "",
    operandCount: 0...0,
    options: [.threads, .json],
    example: "edgedetr info --threads 4",
    notes: [
      "A peak counts multiply-adds from registers with the instructions of a table's matrix",
      "product; no model can be faster but by computing less.",
    ]
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    let threads = arguments.threads
    let runnable = KernelTable.supported
    let best = "\(KernelTable.best.name)"
    var rows = [["table", "", "peak GMAC/s, 1 thread", "\(threads) threads"]]
    var tables: [JSON] = []
    for name in KernelTable.compiledNames.map({ "\($0)" }) {
      guard let table = runnable.first(where: { "\($0.name)" == name }) else {
        rows.append([name, "not on this processor", "", ""])
        continue
      }
      let single = try peak(table, threads: 1)
      let all = try peak(table, threads: threads)
      rows.append([
        name, name == best ? "chosen" : "", (single / 1e9).formatted(digits: 1),
        (all / 1e9).formatted(digits: 1),
      ])
      var row = JSON.Object()
      row["isa"] = .string(name)
      row["peak_gmac_per_s"] = .double(single / 1e9)
      row["peak_gmac_per_s_all_threads"] = .double(all / 1e9)
      tables.append(.object(row))
    }
    print("processor: \(processorName), \(ProcessInfo.processInfo.activeProcessorCount) processors")
    print("\n\(TextTable.aligned(rows))")
    if let path = arguments.text("json") {
      var report = JSON.Object()
      report["processor"] = .string(processorName)
      report["processors"] = JSON(ProcessInfo.processInfo.activeProcessorCount)
      report["threads"] = JSON(threads)
      report["isa"] = .string(best)
      report["compiled"] = .array(KernelTable.compiledNames.map { .string("\($0)") })
      report["tables"] = .array(tables)
      try AtomicFile.write(Array(try JSON.object(report).encoded(pretty: true)), to: path)
    }
    return .done
  }

  /// Multiply-adds a second, the best of several tries.
  private static func peak(_ table: KernelTable, threads: Int) throws -> Double {
    let meter: PeakMeter
    do { meter = try PeakMeter(table: table, threads: threads) } catch {
      throw InputError(path: "threads", reason: error.description)
    }
    let rounds = meter.iterations(nanoseconds: 10_000_000)
    return (0..<9).map { _ in meter.run(iterations: rounds).perSecond }.max()!
  }

  /// The processor as the system names it: x86 and most ARM kernels each have their own word.
  private static var processorName: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    for key in ["model name", "Model", "Hardware", "CPU part"] {
      for line in text.split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key else {
          continue
        }
        return parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    return "unknown"
  }
}
