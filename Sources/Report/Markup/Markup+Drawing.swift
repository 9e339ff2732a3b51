extension Markup {
  /// A drawing that fills the width it is given and keeps its proportions.
  static func drawing(
    _ label: String,
    width: Double,
    height: Double,
    class style: String = "drawing",
    _ children: [Markup]
  ) -> Markup {
    Markup(
      "svg",
      [
        "viewBox": "0 0 \(Figures.coordinate(width)) \(Figures.coordinate(height))",
        "class": style, "role": "img", "aria-label": label,
      ],
      children
    )
  }

  static func rectangle(
    x: Double,
    y: Double,
    width: Double,
    height: Double,
    class style: String,
    title: String? = nil
  ) -> Markup {
    Markup(
      "rect",
      [
        "x": Figures.coordinate(x), "y": Figures.coordinate(y),
        "width": Figures.coordinate(max(width, 0)), "height": Figures.coordinate(max(height, 0)),
        "class": style,
      ],
      title.map { [Markup("title", text: $0)] } ?? []
    )
  }

  static func line(x1: Double, y1: Double, x2: Double, y2: Double, class style: String) -> Markup {
    Markup(
      "line",
      [
        "x1": Figures.coordinate(x1), "y1": Figures.coordinate(y1), "x2": Figures.coordinate(x2),
        "y2": Figures.coordinate(y2), "class": style,
      ]
    )
  }

  /// Text in a drawing; `anchor` is start, middle or end.
  static func label(
    _ text: String,
    x: Double,
    y: Double,
    anchor: String = "start",
    class style: String = "axis"
  ) -> Markup {
    Markup(
      "text",
      [
        "x": Figures.coordinate(x), "y": Figures.coordinate(y), "text-anchor": anchor,
        "class": style,
      ],
      text: text
    )
  }

  /// A line through points, closed where it is an area.
  static func path(_ points: [(x: Double, y: Double)], isArea: Bool, class style: String) -> Markup
  {
    let steps = points.enumerated().map { index, point in
      "\(index == 0 ? "M" : "L")\(Figures.coordinate(point.x)) \(Figures.coordinate(point.y))"
    }
    return Markup("path", ["d": steps.joined() + (isArea ? "Z" : ""), "class": style])
  }

  /// Colours and what they stand for.
  static func legend(_ entries: [(style: String, text: String)]) -> Markup {
    Markup(
      "p",
      ["class": "legend"],
      entries.map { entry in
        Markup("span", [:], [Markup("i", ["class": entry.style]), .text(entry.text)])
      }
    )
  }
}
