/// The page that says what became of a checkpoint: one file that needs nothing beside it.
///
///     let page = ReportPage(title: "cells.edetr", …)
///     let bytes = Array(page.html.utf8)
///
/// Style, drawings and pictures lie in the page, there is no script, and it refers to nothing outside.
/// It is XML as well as HTML, so that it can be checked and read by programs.
public struct ReportPage {
  /// The model's name.
  public var title: String
  /// What it is, in one line.
  public var subtitle: String
  public var summary: SummarySection
  public var examples: ExampleSection
  public var layers: LayerSection
  public var activations: ActivationSection
  public var wideProducts: WideProductSection
  public var memory: MemorySection
  public var origin: OriginSection

  public init(
    title: String,
    subtitle: String,
    summary: SummarySection,
    examples: ExampleSection,
    layers: LayerSection,
    activations: ActivationSection,
    wideProducts: WideProductSection,
    memory: MemorySection,
    origin: OriginSection
  ) {
    self.title = title
    self.subtitle = subtitle
    self.summary = summary
    self.examples = examples
    self.layers = layers
    self.activations = activations
    self.wideProducts = wideProducts
    self.memory = memory
    self.origin = origin
  }

  /// The whole page.
  public var html: String {
    let sections: [(id: String, title: String, content: [Markup])] = [
      ("detections", "Detections", examples.content),
      ("layers", "Error by layer", layers.content),
      ("activations", "Activation ranges", activations.content),
      ("int16", "Sixteen-bit products", wideProducts.content),
      ("memory", "Memory over time", memory.content),
      ("origin", "Origin", origin.content),
    ]
    let links = sections.map { Markup("a", ["href": "#\($0.id)"], text: $0.title) }
    let parts = sections.map { section in
      Markup(
        "section",
        ["id": section.id],
        [Markup("h2", text: section.title)] + section.content
      )
    }
    let head = Markup(
      "head",
      [:],
      [
        Markup("meta", ["charset": "utf-8"]),
        Markup("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        Markup("meta", ["name": "color-scheme", "content": "light dark"]),
        Markup("title", text: title), .style(StyleSheet.text),
      ]
    )
    let header = Markup(
      "header",
      [:],
      [
        Markup("h1", text: title), Markup("p", ["class": "subtitle"], text: subtitle),
        Markup("nav", [:], links),
      ]
    )
    let main = Markup("main", [:], [header] + summary.content + parts)
    let page = Markup("html", ["lang": "en"], [head, Markup("body", [:], [main])])
    return "<!DOCTYPE html>\n" + page.source + "\n"
  }
}
