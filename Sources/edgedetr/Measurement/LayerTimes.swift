import CheckedJSON
import ModelFile
import Runtime

/// Where the time of a run goes: by operation, as the first thread spends it.
struct LayerTimes {
  private struct Entry {
    let name: String
    let kind: String
    let milliseconds: Double
    let multiplyAdds: Double
    let bytes: Double
  }

  private let entries: [Entry]
  private let total: Double
  private let threadPeak: Double
  private let threads: Double

  init(_ result: SpeedMeasurement, _ file: MappedModel) {
    let runs = Double(result.timedRuns)
    func milliseconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e6 / runs }
    func step(_ name: String, _ nanoseconds: UInt64) -> Entry {
      Entry(
        name: name,
        kind: name,
        milliseconds: milliseconds(nanoseconds),
        multiplyAdds: 0,
        bytes: 0
      )
    }
    var entries = [
      step("picture", result.times.picture), step("detections", result.times.detections),
      step("waiting for threads", result.times.waiting),
    ]
    for (index, operation) in file.model.operations.enumerated() {
      entries.append(
        Entry(
          name: file.string(file.model[operation.output].name),
          kind: operation.name,
          milliseconds: milliseconds(result.times.operations[index]),
          multiplyAdds: Double(result.work[index].multiplyAdds),
          bytes: Double(result.work[index].bytes)
        )
      )
    }
    self.entries = entries.filter { $0.milliseconds > 0 || $0.multiplyAdds > 0 }.sorted {
      $0.milliseconds > $1.milliseconds
    }
    total = entries.reduce(0) { $0 + $1.milliseconds }
    threadPeak = result.threadPeaks.median
    threads = Double(result.threads)
  }

  /// Two tables, both sorted by time: kinds of operations, operations.
  var text: String {
    var kinds: [String: Entry] = [:]
    for entry in entries {
      let sum = kinds[entry.kind]
      kinds[entry.kind] = Entry(
        name: "\((Int(sum?.name ?? "0") ?? 0) + 1)",
        kind: entry.kind,
        milliseconds: entry.milliseconds + (sum?.milliseconds ?? 0),
        multiplyAdds: entry.multiplyAdds + (sum?.multiplyAdds ?? 0),
        bytes: entry.bytes + (sum?.bytes ?? 0)
      )
    }
    let byTime = kinds.values.sorted {
      ($1.milliseconds, $0.kind) < ($0.milliseconds, $1.kind)
    }
    return table(byTime, heading: "number") + "\n\n" + table(entries, heading: "value")
  }

  private func table(_ entries: [Entry], heading: String) -> String {
    var rows = [["ms", "share", "MMAC", "of peak", "MB", "operation", heading]]
    for entry in entries {
      let rate = entry.multiplyAdds / (entry.milliseconds / 1000) / threads / threadPeak
      rows.append([
        entry.milliseconds.formatted(digits: 3),
        (entry.milliseconds / total * 100).formatted(digits: 2) + "%",
        (entry.multiplyAdds / 1e6).formatted(digits: 1),
        entry.multiplyAdds > 0 ? rate.formatted(digits: 2) : "",
        (entry.bytes / 1e6).formatted(digits: 2),
        entry.kind, entry.name,
      ])
    }
    return TextTable.aligned(rows)
  }

  var json: JSON {
    .array(
      entries.map { entry in
        var row = JSON.Object()
        row["name"] = .string(entry.name)
        row["operation"] = .string(entry.kind)
        row["ms"] = .double(entry.milliseconds)
        row["share"] = .double(entry.milliseconds / total)
        row["gmac"] = .double(entry.multiplyAdds / 1e9)
        row["bytes"] = .double(entry.bytes)
        return .object(row)
      }
    )
  }
}
