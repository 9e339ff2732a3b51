/// Something that must not happen, and the input that makes it happen.
struct Finding {
  /// What happened.
  enum Kind: String {
    /// The process died: a trap, or an error that the address sanitizer reported.
    case trap
    /// No end within the time that the campaign waits.
    case hang
    /// More than a second of processor time.
    case slow
    /// More memory than four times the input and the reader's constant.
    case allocation
    /// A refusal that says nothing, or not in one line.
    case message
  }

  let kind: Kind
  let index: Int
  let detail: String

  /// How a worker tells the campaign.
  var line: String { "finding \(kind.rawValue) \(index) \(detail)" }

  /// States a finding.
  init(_ kind: Kind, index: Int, detail: String) {
    self.kind = kind
    self.index = index
    self.detail = detail
  }

  /// Understands a worker's line.
  init?(line: Substring) {
    let words = line.split(separator: " ", maxSplits: 3)
    guard words.count == 4, words[0] == "finding", let kind = Kind(rawValue: String(words[1])),
      let index = Int(words[2])
    else { return nil }
    self.init(kind, index: index, detail: String(words[3]))
  }
}
