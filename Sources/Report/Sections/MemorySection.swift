/// The arena over the steps of a run.
public struct MemorySection {
  /// What a piece of memory holds.
  public enum Content: String, Sendable {
    case uint8, int8, int16, int32, scratch
  }

  public struct Piece {
    public var name: String
    public var content: Content
    public var byteCount: Int
    /// Bytes from the arena's start.
    public var offset: Int
    public var firstStep: Int
    public var lastStep: Int

    public init(
      name: String,
      content: Content,
      byteCount: Int,
      offset: Int,
      firstStep: Int,
      lastStep: Int
    ) {
      self.name = name
      self.content = content
      self.byteCount = byteCount
      self.offset = offset
      self.firstStep = firstStep
      self.lastStep = lastStep
    }
  }

  public var pieces: [Piece]
  /// The arena's size.
  public var byteCount: Int
  /// The greatest sum of pieces that live at one step.
  public var lowerBound: Int
  /// Names of the steps in order.
  public var steps: [String]
  /// What it is planned for, such as `240x320, 2 threads`.
  public var occasion: String

  public init(
    pieces: [Piece],
    byteCount: Int,
    lowerBound: Int,
    steps: [String],
    occasion: String
  ) {
    self.pieces = pieces
    self.byteCount = byteCount
    self.lowerBound = lowerBound
    self.steps = steps
    self.occasion = occasion
  }

  /// Bytes in use at each step.
  private var live: [Int] {
    var live = [Int](repeating: 0, count: steps.count)
    for piece in pieces where piece.firstStep <= piece.lastStep {
      for step in piece.firstStep...min(piece.lastStep, steps.count - 1) {
        live[step] += piece.byteCount
      }
    }
    return live
  }

  var content: [Markup] {
    guard !steps.isEmpty, byteCount > 0 else { return [Markup("p", text: "No memory.")] }
    let live = live
    let peak = live.indices.max { live[$0] < live[$1] } ?? 0
    let bound =
      byteCount == lowerBound
      ? "no plan can need less" : "no plan can need less than \(Figures.bytes(lowerBound))"
    let note =
      "\(Figures.bytes(byteCount)) for \(occasion); \(bound), for so much is in use in step \(peak), "
      + "\(steps[peak]). Steps from left to right, addresses upwards, one rectangle a piece of memory."
    let alive = pieces.filter { $0.firstStep <= peak && $0.lastStep >= peak && $0.byteCount > 0 }
      .sorted { $0.byteCount > $1.byteCount }
    let rows = alive.prefix(8).map { piece in
      Markup(
        "tr",
        [:],
        [
          Markup(
            "td",
            [:],
            [
              Markup("i", ["class": "swatch \(piece.content.rawValue)"]),
              Markup("code", text: piece.name),
            ]
          ),
          Markup("td", ["class": "number"], text: Figures.bytes(piece.byteCount)),
          Markup("td", ["class": "number"], text: "\(piece.firstStep)–\(piece.lastStep)"),
        ]
      )
    }
    let head = ["largest pieces in step \(peak)", "bytes", "steps"].enumerated().map {
      Markup("th", ["scope": "col", "class": $0 > 0 ? "number" : ""], text: $1)
    }
    return [
      Markup("p", ["class": "note"], text: note),
      Markup("div", ["class": "wide"], [drawing(peak: peak)]),
      .legend(
        [Content.uint8, .int8, .int16, .int32, .scratch]
          .filter { content in pieces.contains { $0.content == content && $0.byteCount > 0 } }
          .map { ("swatch \($0.rawValue)", $0 == .scratch ? "working memory" : $0.rawValue) }
      ),
      Markup(
        "table",
        ["class": "figures"],
        [Markup("thead", [:], [Markup("tr", [:], head)]), Markup("tbody", [:], rows)]
      ),
    ]
  }

  private func drawing(peak: Int) -> Markup {
    let (width, height) = (1000.0, 300.0)
    let (left, right, top, bottom) = (66.0, 8.0, 10.0, 30.0)
    func x(_ step: Int) -> Double {
      left + (width - left - right) * Double(step) / Double(steps.count)
    }
    func y(_ bytes: Double) -> Double {
      top + (height - top - bottom) * (1 - bytes / Double(byteCount))
    }
    var parts = [
      Markup.rectangle(
        x: x(peak),
        y: top,
        width: x(peak + 1) - x(peak),
        height: height - top - bottom,
        class: "peak"
      )
    ]
    for quarter in 0...4 {
      let bytes = Double(byteCount) * Double(quarter) / 4
      parts.append(.line(x1: left, y1: y(bytes), x2: width - right, y2: y(bytes), class: "grid"))
      parts.append(
        .label(
          byteCount < 1_000_000
            ? "\(Figures.decimal(bytes / 1e3, 1)) kB" : "\(Figures.decimal(bytes / 1e6, 2)) MB",
          x: left - 6,
          y: y(bytes) + 4,
          anchor: "end"
        )
      )
    }
    for piece in pieces where piece.byteCount > 0 {
      let bottom = y(Double(piece.offset))
      let upper = y(Double(piece.offset + piece.byteCount))
      parts.append(
        .rectangle(
          x: x(piece.firstStep),
          y: upper,
          width: x(piece.lastStep + 1) - x(piece.firstStep),
          height: bottom - upper,
          class: "piece \(piece.content.rawValue)",
          title: "\(piece.name): \(Figures.bytes(piece.byteCount)), "
            + "steps \(piece.firstStep) to \(piece.lastStep)"
        )
      )
    }
    let every = max(1, (steps.count / 8 + 4) / 5 * 5)
    for step in stride(from: 0, to: steps.count, by: every) {
      parts.append(.label("\(step)", x: x(step), y: height - 10, anchor: "middle"))
    }
    return .drawing("The arena over time", width: width, height: height, parts)
  }
}
