/// What one wants to know first: a few large figures, then how well the two models agree.
public struct SummarySection {
  /// A figure with its name and what it is measured on or against.
  public struct Figure {
    public var value: String
    public var name: String
    public var note: String

    public init(value: String, name: String, note: String) {
      self.value = value
      self.name = name
      self.note = note
    }
  }

  /// The large figures.
  public var figures: [Figure]
  /// The measures of agreement, one a row.
  public var agreement: [Figure]
  /// What the measures stand on.
  public var note: String

  public init(figures: [Figure], agreement: [Figure], note: String) {
    self.figures = figures
    self.agreement = agreement
    self.note = note
  }

  var content: [Markup] {
    let tiles = figures.map { figure in
      Markup(
        "div",
        ["class": "tile"],
        [
          Markup("strong", text: figure.value), Markup("span", text: figure.name),
          Markup("small", text: figure.note),
        ]
      )
    }
    let rows = agreement.map { figure in
      Markup(
        "tr",
        [:],
        [
          Markup("th", ["scope": "row"], text: figure.name),
          Markup("td", ["class": "number"], text: figure.value),
          Markup("td", ["class": "soft"], text: figure.note),
        ]
      )
    }
    return [
      Markup("div", ["class": "tiles"], tiles),
      Markup(
        "section",
        ["id": "agreement"],
        [
          Markup("h2", text: "Agreement with the float model"),
          Markup("p", ["class": "note"], text: note),
          Markup("table", ["class": "figures"], [Markup("tbody", [:], rows)]),
        ]
      ),
    ]
  }
}
