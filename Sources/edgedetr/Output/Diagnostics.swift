import Foundation

/// Everything that is no result: standard error, one line each.
enum Diagnostics {
  static func error(_ message: String) { write("edgedetr: \(message)\n") }
  static func note(_ message: String) { write("\(message)\n") }

  static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }

  /// Whether a person is watching.
  static let isTerminal = isatty(STDERR_FILENO) == 1
}

/// A bar on standard error, drawn only for a person.
struct ProgressBar {
  let label: String
  let total: Int
  /// What is counted.
  let unit: String
  private let start = ContinuousClock.now
  private var done = 0

  init(_ label: String, total: Int, unit: String = "photographs") {
    self.label = label
    self.total = total
    self.unit = unit
  }

  mutating func advance() {
    done += 1
    guard Diagnostics.isTerminal, total > 0 else { return }
    let width = 30
    let filled = width * done / total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    let elapsed = (ContinuousClock.now - start).seconds
    let left = elapsed / Double(done) * Double(total - done)
    Diagnostics.write("\r\(label) [\(bar)] \(done)/\(total)  \(left.formatted(digits: 0)) s left ")
  }

  /// Ends the bar's line and says how long it took.
  func finish() {
    if Diagnostics.isTerminal { Diagnostics.write("\r\u{1B}[K") }
    let elapsed = (ContinuousClock.now - start).seconds
    Diagnostics.note("\(label): \(done) \(unit) in \(elapsed.formatted(digits: 2)) s")
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

extension Double {
  /// A fixed number of digits after the point.
  func formatted(digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
