/// A piece of a page that is well-formed XML and HTML alike.
///
/// Text and attribute values are escaped when they enter, so that no name from a checkpoint or a
/// file can become an element:
///
///     Markup("p", ["class": "note"], [.text("classes: <script>")])
///     // <p class="note">classes: &lt;script&gt;</p>
struct Markup {
  private(set) var source: String

  private init(source: String) { self.source = source }

  /// Elements that HTML writes without an end.
  private static let voidElements: Set<String> = ["br", "meta"]

  /// An element.
  ///
  /// - Parameters:
  ///   - name: the element's name, written by this module and not escaped.
  ///   - attributes: names, not escaped, and values.
  ///   - children: what stands inside.
  init(
    _ name: String,
    _ attributes: KeyValuePairs<String, String> = [:],
    _ children: [Markup] = []
  ) {
    source = "<\(name)"
    for (attribute, value) in attributes {
      source += " \(attribute)=\"\(Self.escaped(value))\""
    }
    if Self.voidElements.contains(name) {
      source += "/>"
      return
    }
    source += ">"
    for child in children { source += child.source }
    source += "</\(name)>"
  }

  /// An element that holds text only.
  init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
    self.init(name, attributes, [.text(text)])
  }

  static func text(_ text: String) -> Markup { Markup(source: escaped(text)) }

  /// The style sheet, whose text HTML takes as it stands.
  ///
  /// - Precondition: it holds neither `<` nor `&`.
  static func style(_ sheet: String) -> Markup {
    precondition(!sheet.contains("<") && !sheet.contains("&"), "no markup in a style sheet")
    return Markup(source: "<style>\(sheet)</style>")
  }

  /// The five characters that mean something, and those that no XML text may hold.
  private static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      case "\t", "\n", "\r": result.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}":
        result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
