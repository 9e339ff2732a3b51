import Foundation

/// What 8-bit activations looked like during calibration, and the range that each was given.
public struct ActivationSection {
  public struct Activation {
    public var name: String
    public var element: NumberFormat
    /// How many numbers fell between `lowest` and `highest`, in bins of equal width.
    public var counts: [Int]
    public var lowest: Double
    public var highest: Double
    /// The least and the greatest number that was seen.
    public var extremes: ClosedRange<Double>
    /// The real numbers that the integers reach.
    public var range: ClosedRange<Double>
    public var step: Double
    public var zeroPoint: Int
    /// How the range was found, such as `percentile 99.99`.
    public var observer: String
    /// The share of the numbers outside of the range.
    public var clippedShare: Double
    /// Power of the numbers over that of rounding and clipping, in decibels.
    public var signalToNoise: Double

    public init(
      name: String,
      element: NumberFormat,
      counts: [Int],
      lowest: Double,
      highest: Double,
      extremes: ClosedRange<Double>,
      range: ClosedRange<Double>,
      step: Double,
      zeroPoint: Int,
      observer: String,
      clippedShare: Double,
      signalToNoise: Double
    ) {
      self.name = name
      self.element = element
      self.counts = counts
      self.lowest = lowest
      self.highest = highest
      self.extremes = extremes
      self.range = range
      self.step = step
      self.zeroPoint = zeroPoint
      self.observer = observer
      self.clippedShare = clippedShare
      self.signalToNoise = signalToNoise
    }
  }

  /// In any order.
  public var activations: [Activation]
  public var note: String
  /// Drawings that are open when the page is.
  public var openDrawings = 9

  public init(activations: [Activation], note: String) {
    self.activations = activations
    self.note = note
  }

  var content: [Markup] {
    guard !activations.isEmpty else { return [Markup("p", text: "No 8-bit activation.")] }
    let sorted = activations.sorted { $0.signalToNoise < $1.signalToNoise }
    var parts = [
      Markup("p", ["class": "note"], text: note), observers,
      .legend([
        ("swatch kept", "inside of the range"), ("swatch cut", "clipped"),
      ]),
      grid(sorted.prefix(openDrawings)),
    ]
    if sorted.count > openDrawings {
      parts.append(
        Markup(
          "details",
          [:],
          [
            Markup("summary", text: "The other \(sorted.count - openDrawings) activations"),
            grid(sorted.dropFirst(openDrawings)),
          ]
        )
      )
    }
    return parts
  }

  /// How often each observer was chosen.
  private var observers: Markup {
    let counts = Dictionary(grouping: activations, by: \.observer).mapValues(\.count)
    let list = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    return Markup("p", ["class": "note"], text: "Chosen observers: \(list).")
  }

  private func grid(_ activations: ArraySlice<Activation>) -> Markup {
    Markup("div", ["class": "cards"], activations.map(card))
  }

  private func card(_ activation: Activation) -> Markup {
    let range =
      "\(Figures.significant(activation.range.lowerBound)) … "
      + Figures.significant(activation.range.upperBound)
    let seen =
      "\(Figures.significant(activation.extremes.lowerBound)) … "
      + Figures.significant(activation.extremes.upperBound)
    let clipped = activation.clippedShare
    return Markup(
      "div",
      ["class": "card"],
      [
        Markup("code", text: activation.name), drawing(activation),
        Markup(
          "small",
          text: "\(activation.observer), clips "
            + (clipped == 0 ? "nothing" : Figures.percent(clipped, clipped < 1e-4 ? 4 : 2))
            + ", \(Figures.decimal(activation.signalToNoise, 1)) dB by itself"
        ),
        Markup(
          "small",
          text: "keeps \(range) of \(seen); step \(Figures.significant(activation.step)), "
            + "zero \(activation.zeroPoint)"
        ),
      ]
    )
  }

  /// The histogram with logarithmic counts: clipped tails are small shares of many numbers.
  private func drawing(_ activation: Activation) -> Markup {
    let (width, height, base) = (300.0, 86.0, 80.0)
    let span = activation.highest - activation.lowest
    func x(_ number: Double) -> Double {
      span > 0 ? min(max((number - activation.lowest) / span, 0), 1) * width : width / 2
    }
    let greatest = log(1 + Double(activation.counts.max() ?? 0))
    let bin = width / Double(max(activation.counts.count, 1))
    let (first, last) = (x(activation.range.lowerBound), x(activation.range.upperBound))
    var parts = [
      Markup.rectangle(x: first, y: 0, width: last - first, height: base, class: "band")
    ]
    for (index, count) in activation.counts.enumerated() where count > 0 {
      let tall = greatest > 0 ? log(1 + Double(count)) / greatest * (base - 6) : 0
      let middle = (Double(index) + 0.5) * bin
      parts.append(
        .rectangle(
          x: Double(index) * bin,
          y: base - tall,
          width: bin * 0.86,
          height: tall,
          class: middle >= first && middle <= last ? "kept" : "cut"
        )
      )
    }
    parts.append(.line(x1: 0, y1: base, x2: width, y2: base, class: "grid"))
    for bound in [first, last] {
      parts.append(.line(x1: bound, y1: 0, x2: bound, y2: base + 5, class: "bound"))
    }
    let zero = x(0)
    parts.append(.line(x1: zero, y1: base, x2: zero, y2: base + 4, class: "zero"))
    return .drawing("Histogram of \(activation.name)", width: width, height: height, parts)
  }
}
