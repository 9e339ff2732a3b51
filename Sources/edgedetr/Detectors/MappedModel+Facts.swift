import Foundation
import ModelFile

extension MappedModel {
  /// The file's name without its folder.
  var name: String { URL(fileURLWithPath: path).lastPathComponent }

  /// Where the model came from.
  var facts: [(name: String, text: String)] {
    model.information.provenance.map { (string($0.name), string($0.text)) }
  }
}
