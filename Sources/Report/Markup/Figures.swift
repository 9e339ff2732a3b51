import Foundation

/// Numbers as the page prints them.
enum Figures {
  /// Such as `3.81 MB`, in powers of 1000.
  static func bytes(_ count: Int) -> String {
    switch count {
    case ..<1000: "\(count) bytes"
    case ..<1_000_000: "\(decimal(Double(count) / 1e3, 1)) kB"
    default: "\(decimal(Double(count) / 1e6, 2)) MB"
    }
  }

  /// Multiply-adds, such as `412 M` or `8.10 G`.
  static func multiplyAdds(_ count: Int) -> String {
    switch count {
    case ..<1000: "\(count)"
    case ..<1_000_000: "\(decimal(Double(count) / 1e3, 1)) k"
    case ..<1_000_000_000: "\(decimal(Double(count) / 1e6, 1)) M"
    default: "\(decimal(Double(count) / 1e9, 2)) G"
    }
  }

  /// A share of one in percent.
  static func percent(_ share: Double, _ digits: Int = 1) -> String {
    "\(decimal(share * 100, digits)) %"
  }

  static func decimal(_ number: Double, _ digits: Int) -> String {
    guard number.isFinite else { return number.isNaN ? "–" : number < 0 ? "−∞" : "∞" }
    return String(format: "%.\(digits)f", number).replacingOccurrences(of: "-", with: "−")
  }

  /// Three significant digits of a real number, whatever its size.
  static func significant(_ number: Double) -> String {
    String(format: "%.3g", number).replacingOccurrences(of: "-", with: "−")
  }

  /// A coordinate inside of a drawing.
  static func coordinate(_ number: Double) -> String {
    let text = String(format: "%.2f", number)
    guard text.contains(".") else { return text }
    var kept = text[...]
    while kept.last == "0" { kept.removeLast() }
    if kept.last == "." { kept.removeLast() }
    return String(kept)
  }
}
