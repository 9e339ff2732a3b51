import Evaluation
import Foundation

/// How far each value of the integer model is from the float model's.
public struct LayerSection {
  public struct Layer {
    public var name: String
    /// What makes the value, such as `linear`.
    public var operation: String
    /// The type of the value's integers.
    public var element: NumberFormat
    public var error: SignalError
    /// Multiply-adds of the operation for the size that was run; 0 for those that have none.
    public var multiplyAdds: Int
    /// Bytes of weights and tables in the file.
    public var weightBytes: Int

    public init(
      name: String,
      operation: String,
      element: NumberFormat,
      error: SignalError,
      multiplyAdds: Int,
      weightBytes: Int
    ) {
      self.name = name
      self.operation = operation
      self.element = element
      self.error = error
      self.multiplyAdds = multiplyAdds
      self.weightBytes = weightBytes
    }
  }

  /// In the order in which they run.
  public var layers: [Layer]
  /// What was run, and what is compared.
  public var note: String
  /// Rows that are open when the page is.
  public var openRows = 16

  public init(layers: [Layer], note: String) {
    self.layers = layers
    self.note = note
  }

  /// By rising ratio of signal to noise.
  private var worstFirst: [Layer] {
    layers.sorted { $0.error.signalToNoise < $1.error.signalToNoise }
  }

  var content: [Markup] {
    guard !layers.isEmpty else { return [Markup("p", text: "No layer in common.")] }
    let sorted = worstFirst
    let scale = sorted.prefix(openRows).map { $0.error.relativeError }.filter(\.isFinite).max() ?? 1
    var parts = [
      Markup("p", ["class": "note"], text: note), chart,
      .legend(
        [NumberFormat.uint8, .int8, .int16, .int32]
          .filter { format in layers.contains { $0.element == format } }
          .map { ("swatch \($0.rawValue)", $0.rawValue) }
      ),
      Markup("h3", text: "Worst first"), table(Array(sorted.prefix(openRows)), scale: scale),
    ]
    if sorted.count > openRows {
      parts.append(
        Markup(
          "details",
          [:],
          [
            Markup("summary", text: "The other \(sorted.count - openRows) layers"),
            table(Array(sorted.dropFirst(openRows)), scale: scale),
          ]
        )
      )
    }
    return parts
  }

  // MARK: Table

  private func table(_ layers: [Layer], scale: Double) -> Markup {
    let titles = ["layer", "relative error", "", "SQNR", "cosine", "largest", "MACs", "weights"]
    let head = Markup(
      "tr",
      [:],
      titles.enumerated().map { index, title in
        Markup("th", ["scope": "col", "class": index > 1 ? "number" : ""], text: title)
      }
    )
    return Markup(
      "table",
      ["class": "layers"],
      [
        Markup("thead", [:], [head]),
        Markup("tbody", [:], layers.map { row($0, scale: scale) }),
      ]
    )
  }

  private func row(_ layer: Layer, scale: Double) -> Markup {
    let share = layer.error.relativeError
    let width = share.isFinite ? min(share / max(scale, 1e-12), 1) * 100 : 100
    let bar = Markup(
      "span",
      [
        "class": "bar \(layer.element.rawValue)", "style": "width:\(Figures.coordinate(width))%",
      ]
    )
    func cell(_ name: String, _ text: String) -> Markup {
      Markup("td", ["class": "number", "data-name": name], text: text)
    }
    return Markup(
      "tr",
      [:],
      [
        Markup(
          "td",
          ["class": "layer"],
          [
            Markup("code", text: layer.name),
            Markup("small", text: "\(layer.operation), \(layer.element.rawValue)"),
          ]
        ),
        Markup("td", ["class": "track"], [bar]),
        cell("error", share.isFinite ? Figures.percent(share, 2) : "–"),
        cell("SQNR", "\(Figures.decimal(layer.error.signalToNoise, 1)) dB"),
        cell("cosine", Figures.decimal(layer.error.cosine, 5)),
        cell("largest", Figures.significant(layer.error.largestDifference)),
        cell("MACs", layer.multiplyAdds > 0 ? Figures.multiplyAdds(layer.multiplyAdds) : "–"),
        cell("weights", layer.weightBytes > 0 ? Figures.bytes(layer.weightBytes) : "–"),
      ]
    )
  }

  // MARK: Along the network

  /// A dot a layer in the order in which they run, the ratio in decibels upwards.
  private var chart: Markup {
    let (width, height) = (1000.0, 260.0)
    let (left, right, top, bottom) = (46.0, 8.0, 12.0, 34.0)
    let finite = layers.map(\.error.signalToNoise).filter(\.isFinite)
    let ceiling = max(10, ((finite.max() ?? 40) / 10).rounded(.up) * 10)
    let floor = min(0, ((finite.min() ?? 0) / 10).rounded(.down) * 10)
    func x(_ place: Double) -> Double {
      left + (width - left - right) * (place + 0.5) / Double(layers.count)
    }
    func y(_ decibels: Double) -> Double {
      let inside = min(max(decibels, floor), ceiling)
      return top + (height - top - bottom) * (ceiling - inside) / (ceiling - floor)
    }
    var parts: [Markup] = []
    for (index, part) in stages(of: layers).enumerated() {
      let from = x(Double(part.range.lowerBound) - 0.5)
      let to = x(Double(part.range.upperBound) - 0.5)
      if index % 2 == 0 {
        parts.append(
          .rectangle(
            x: from,
            y: top,
            width: to - from,
            height: height - top - bottom,
            class: "band"
          )
        )
      }
      if to - from > 46 {
        parts.append(
          .label(part.name, x: (from + to) / 2, y: height - 12, anchor: "middle")
        )
      }
    }
    for decibels in stride(from: floor, through: ceiling, by: 10) {
      parts.append(
        .line(x1: left, y1: y(decibels), x2: width - right, y2: y(decibels), class: "grid")
      )
      parts.append(
        .label("\(Int(decibels))", x: left - 8, y: y(decibels) + 4, anchor: "end")
      )
    }
    parts.append(.label("dB", x: 2, y: y(ceiling) + 4))
    for (place, layer) in layers.enumerated() {
      let ratio = layer.error.signalToNoise
      parts.append(
        Markup(
          "circle",
          [
            "cx": Figures.coordinate(x(Double(place))), "cy": Figures.coordinate(y(ratio)),
            "r": "3.4", "class": layer.element.rawValue,
          ],
          [Markup("title", text: "\(layer.name)  \(Figures.decimal(ratio, 1)) dB")]
        )
      )
    }
    return Markup(
      "div",
      ["class": "wide"],
      [.drawing("SQNR of every layer along the network", width: width, height: height, parts)]
    )
  }

  /// Neighbours whose names begin alike.
  private func stages(of layers: [Layer]) -> [(name: String, range: Range<Int>)] {
    var parts: [(name: String, range: Range<Int>)] = []
    for (index, layer) in layers.enumerated() {
      let name = String(layer.name.prefix { $0 != "." && $0 != "@" })
      if let last = parts.last, last.name == name {
        parts[parts.count - 1].range = last.range.lowerBound..<index + 1
      } else {
        parts.append((name, index..<index + 1))
      }
    }
    return parts
  }
}
