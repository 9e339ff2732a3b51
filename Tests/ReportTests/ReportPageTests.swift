import Foundation
import Testing

@testable import Report

@Suite("The report page")
struct ReportPageTests {
  @Test("the page is well-formed and names every layer, activation, class and fact")
  func complete() throws {
    let page = SamplePage.make()
    let parsed = try ParsedPage(page.html)
    #expect(parsed.elements.first?.name == "html")
    let cells = Set(parsed.texts)
    for layer in SamplePage.layers { #expect(cells.contains(layer), "\(layer)") }
    // Once in the table of errors, once above its histogram.
    for layer in SamplePage.layers { #expect(parsed.texts.count { $0 == layer } >= 2) }
    for text in ["cell", "plate", "source", "model.edetr", "0.991", "on 16 photographs"] {
      #expect(cells.contains(text), "\(text)")
    }
  }

  @Test("the page refers to nothing outside of itself and runs nothing")
  func selfContained() throws {
    let html = SamplePage.make().html
    let parsed = try ParsedPage(html)
    let references = parsed.attributes("href", "src", "xlink:href", "srcset", "data", "action")
    #expect(references.count > 8)
    for reference in references {
      #expect(reference.hasPrefix("#") || reference.hasPrefix("data:image/png;base64,"))
    }
    let ids = Set(parsed.attributes("id"))
    for reference in references where reference.hasPrefix("#") {
      #expect(ids.contains(String(reference.dropFirst())), "\(reference)")
    }
    for name in ["script", "link", "iframe", "object", "embed", "base", "form"] {
      #expect(parsed.names(name) == 0)
    }
    for text in ["http:", "https:", "url(", "@import", "//"] {
      #expect(!html.replacing(/base64,[A-Za-z0-9+\/=]*/, with: "").contains(text), "\(text)")
    }
  }

  @Test(
    "names stay text, whatever they hold",
    arguments: [
      "</style></title><script>alert(1)</script>", "\" onload=\"alert(1)", "' & <b>&amp;",
      "]]><!--", "плод 🩸 細胞", "", "tab\tand\nline",
    ]
  )
  func hostileNames(name: String) throws {
    let page = SamplePage.make(
      layers: [name, "a." + name],
      classes: ["cell", name],
      name: name
    )
    let parsed = try ParsedPage(page.html)
    #expect(parsed.names("script") == 0 && parsed.names("b") == 2)
    #expect(parsed.attributes("onload").isEmpty)
    if !name.isEmpty { #expect(parsed.texts.contains(name)) }
    #expect(parsed.texts.contains("a." + name))
  }

  @Test("characters that XML forbids are replaced")
  func controlCharacters() throws {
    let parsed = try ParsedPage(SamplePage.make(classes: ["cell", "a\u{0}b\u{1B}c\u{FFFF}"]).html)
    #expect(parsed.texts.contains("a\u{FFFD}b\u{FFFD}c\u{FFFD}"))
  }

  @Test("a page without any content is well-formed")
  func empty() throws {
    let page = ReportPage(
      title: "",
      subtitle: "",
      summary: SummarySection(figures: [], agreement: [], note: ""),
      examples: ExampleSection(examples: [], classes: [], note: ""),
      layers: LayerSection(layers: [], note: ""),
      activations: ActivationSection(activations: [], note: ""),
      wideProducts: WideProductSection(products: [], allMultiplyAdds: 0),
      memory: MemorySection(pieces: [], byteCount: 0, lowerBound: 0, steps: [], occasion: ""),
      origin: OriginSection(classes: [], facts: [])
    )
    #expect(try ParsedPage(page.html).names("section") == 7)
  }

  @Test("layers stand worst first, and the worst bar is the longest")
  func worstFirst() throws {
    let parsed = try ParsedPage(SamplePage.make().html)
    let rows = parsed.texts.filter { SamplePage.layers.contains($0) }
    // The sample's error grows with the layer's number.
    #expect(Array(rows.prefix(40)) == SamplePage.layers.reversed())
    let bars = parsed.elements.filter { $0.attributes["class"]?.hasPrefix("bar ") ?? false }
      .compactMap { $0.attributes["style"] }
    #expect(bars.count == 40)
    #expect(bars[0] == "width:100%" && bars[39] == "width:0%")
  }

  @Test("every piece of memory is drawn where and when it lives")
  func memory() throws {
    let parsed = try ParsedPage(SamplePage.make().html)
    let pieces = parsed.elements.filter { $0.attributes["class"] == "piece int16" }
    #expect(pieces.count == 40)
    let places = try pieces.map { piece in
      try ["x", "y", "width", "height"].map { name in
        try #require(Double(piece.attributes[name] ?? ""))
      }
    }
    // 926 points for 42 steps, 260 for 1984 bytes.
    for (index, place) in places.enumerated() {
      #expect(abs(place[0] - (66 + 926 / 42 * Double(index))) < 0.01)
      #expect(abs(place[2] - 926 / 42 * 3) < 0.01)
      #expect(abs(place[3] - 260 * 640 / 1984) < 0.01)
      #expect(abs(place[1] + place[3] - (270 - 260 * Double(index % 3 * 640) / 1984)) < 0.02)
    }
  }

  @Test("boxes that one model has alone are marked, each photograph's bytes stand there once")
  func examples() throws {
    let parsed = try ParsedPage(SamplePage.make().html)
    #expect(parsed.names("image") == 2)
    #expect(parsed.names("use") == 2)
    #expect(parsed.elements.count { $0.attributes["class"] == "box" } == 3)
    #expect(parsed.elements.count { $0.attributes["class"] == "box lone" } == 3)
  }
}

@Suite("Figures and bytes as text")
struct FigureTests {
  @Test(
    "base64 as in RFC 4648",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ]
  )
  func base64(text: String, encoded: String) {
    #expect(Base64.text(Array(text.utf8)) == encoded)
  }

  @Test("sizes and counts keep three digits or so")
  func figures() {
    #expect(Figures.bytes(999) == "999 bytes")
    #expect(Figures.bytes(12_345) == "12.3 kB")
    #expect(Figures.bytes(2_162_880) == "2.16 MB")
    #expect(Figures.multiplyAdds(412_300_000) == "412.3 M")
    #expect(Figures.percent(0.0123) == "1.2 %")
    #expect(Figures.decimal(-.infinity, 1) == "−∞")
    #expect(Figures.coordinate(12.5) == "12.5" && Figures.coordinate(100) == "100")
  }
}
