import Foundation
import FoundationXML

/// A page read by an XML parser: its elements in order and its text.
final class ParsedPage: NSObject, XMLParserDelegate {
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  /// The text of every element that holds text, in order of its end.
  private(set) var texts: [String] = []
  private var open: [String] = []

  init(_ html: String) throws {
    super.init()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = self
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  /// All text, pieces joined by spaces.
  var text: String { texts.joined(separator: " ") }

  func names(_ name: String) -> Int { elements.count { $0.name == name } }

  func attributes(_ names: String...) -> [String] {
    elements.flatMap { element in names.compactMap { element.attributes[$0] } }
  }

  func parser(
    _ parser: XMLParser,
    didStartElement elementName: String,
    namespaceURI: String?,
    qualifiedName: String?,
    attributes attributeDict: [String: String]
  ) {
    elements.append((elementName, attributeDict))
    open.append("")
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if !open.isEmpty { open[open.count - 1] += string }
  }

  func parser(
    _ parser: XMLParser,
    didEndElement elementName: String,
    namespaceURI: String?,
    qualifiedName: String?
  ) {
    let text = open.removeLast()
    if !text.isEmpty, elementName != "style" { texts.append(text) }
  }
}
