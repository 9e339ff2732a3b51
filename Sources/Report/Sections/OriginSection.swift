/// Where the model came from: classes, preprocessing, provenance.
public struct OriginSection {
  /// Names of the classes by index.
  public var classes: [String]
  /// Facts, as the model file holds them.
  public var facts: [(name: String, text: String)]

  public init(classes: [String], facts: [(name: String, text: String)]) {
    self.classes = classes
    self.facts = facts
  }

  var content: [Markup] {
    let rows = facts.map { fact in
      Markup(
        "tr",
        [:],
        [Markup("th", ["scope": "row"], text: fact.name), Markup("td", text: fact.text)]
      )
    }
    let names = classes.enumerated().map { index, name in
      Markup("li", [:], [Markup("span", text: "\(index)"), .text(name)])
    }
    return [
      Markup("table", ["class": "facts"], [Markup("tbody", [:], rows)]),
      Markup("h3", text: classes.isEmpty ? "No class names" : "\(classes.count) classes"),
      Markup("ol", ["class": "classes"], names),
    ]
  }
}
