import Vision

/// Photographs with the detections of both models side by side.
public struct ExampleSection {
  /// One detection, in pixels of the photograph.
  public struct Object {
    public var label: Int
    public var score: Double
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double
    /// Whether the other model found it too.
    public var hasPartner: Bool

    public init(
      label: Int,
      score: Double,
      x: Double,
      y: Double,
      width: Double,
      height: Double,
      hasPartner: Bool
    ) {
      self.label = label
      self.score = score
      self.x = x
      self.y = y
      self.width = width
      self.height = height
      self.hasPartner = hasPartner
    }
  }

  public struct Example {
    public var name: String
    /// What the two have in common, in one line.
    public var note: String
    /// The photograph, reduced.
    public var picture: Image
    /// The size that boxes refer to.
    public var width: Int
    public var height: Int
    public var float: [Object]
    public var integer: [Object]

    public init(
      name: String,
      note: String,
      picture: Image,
      width: Int,
      height: Int,
      float: [Object],
      integer: [Object]
    ) {
      self.name = name
      self.note = note
      self.picture = picture
      self.width = width
      self.height = height
      self.float = float
      self.integer = integer
    }
  }

  public var examples: [Example]
  public var classes: [String]
  /// Which photographs and which boxes are shown.
  public var note: String

  public init(examples: [Example], classes: [String], note: String) {
    self.examples = examples
    self.classes = classes
    self.note = note
  }

  /// The longer side of pictures in the page, in pixels.
  public static let pictureSide = 480

  var content: [Markup] {
    let labels = Set(examples.flatMap { ($0.float + $0.integer).map(\.label) }).sorted()
    let legend = Markup(
      "p",
      ["class": "legend"],
      labels.map { label in
        Markup("span", [:], [swatch(label), .text(name(of: label))])
      } + [
        Markup(
          "span",
          [:],
          [Markup("i", ["class": "swatch lone"]), .text("found by one model only")]
        )
      ]
    )
    return [Markup("p", ["class": "note"], text: note), legend]
      + examples.enumerated().map { figure($1, number: $0) }
  }

  private func figure(_ example: Example, number: Int) -> Markup {
    let source = "data:image/png;base64," + Base64.text(example.picture.encodedPNG())
    let id = "photograph\(number)"
    // The bytes of the picture stand in the page once; the second drawing refers to the first.
    let picture = Markup(
      "image",
      [
        "id": id, "href": source, "width": "\(example.width)",
        "height": "\(example.height)", "preserveAspectRatio": "none",
      ]
    )
    func panel(_ title: String, _ background: Markup, _ objects: [Object]) -> Markup {
      // The best are drawn last, on top.
      let boxes = objects.sorted { $0.score < $1.score }.map { box($0, in: example) }
      return Markup(
        "div",
        [:],
        [
          Markup("h4", text: "\(title): \(objects.count)"),
          .drawing(
            "\(example.name), detections of the \(title) model",
            width: Double(example.width),
            height: Double(example.height),
            class: "photograph",
            [background] + boxes
          ),
        ]
      )
    }
    return Markup(
      "figure",
      [:],
      [
        Markup(
          "figcaption",
          [:],
          [Markup("b", text: example.name), .text(" "), Markup("span", text: example.note)]
        ),
        Markup(
          "div",
          ["class": "pair"],
          [
            panel("float", picture, example.float),
            panel("int8", Markup("use", ["href": "#\(id)"]), example.integer),
          ]
        ),
      ]
    )
  }

  private func box(_ object: Object, in example: Example) -> Markup {
    let color = Self.color(object.label)
    let unit = Double(max(example.width, example.height)) / Double(Self.pictureSide)
    let score = "\(Int((object.score * 100).rounded()))"
    let (height, width) = (13 * unit, (6.4 * Double(score.count) + 5) * unit)
    let top = max(object.y, 0)
    let left = max(object.x, 0)
    return Markup(
      "g",
      ["class": object.hasPartner ? "box" : "box lone", "style": "--class:\(color)"],
      [
        Markup("title", text: "\(name(of: object.label)) \(Figures.decimal(object.score, 3))"),
        .rectangle(
          x: object.x,
          y: object.y,
          width: object.width,
          height: object.height,
          class: "frame"
        ),
        .rectangle(x: left, y: top, width: width, height: height, class: "tag"),
        Markup(
          "text",
          [
            "x": Figures.coordinate(left + 2.5 * unit), "y": Figures.coordinate(top + 10.2 * unit),
            "font-size": Figures.coordinate(11 * unit),
          ],
          text: score
        ),
      ]
    )
  }

  private func swatch(_ label: Int) -> Markup {
    Markup("i", ["class": "swatch", "style": "background:\(Self.color(label))"])
  }

  private func name(of label: Int) -> String {
    label < classes.count && !classes[label].isEmpty ? classes[label] : "class \(label)"
  }

  /// The class's colour as in pictures that `--annotate` writes.
  private static func color(_ label: Int) -> String {
    let color = Color.distinct(label)
    return "rgb(\(color.red),\(color.green),\(color.blue))"
  }
}
