import ModelFile

/// What a model says of its input, its scores and its size, as lines for people.
struct ModelDescription {
  let file: MappedModel

  init(_ file: MappedModel) { self.file = file }

  var lines: [(name: String, text: String)] {
    let information = file.model.information
    let rule =
      switch information.sizeRule {
      case .edges(let shortest, let longest):
        "shortest edge \(shortest), longest at most \(longest)"
      case .fixed(let height, let width): "always \(height)x\(width)"
      case .unchanged: "the picture's own"
      }
    let decoding =
      switch information.classDecoding {
      case .sigmoid(let limit): "sigmoid, the best \(limit) of queries x classes"
      case .softmaxWithNoObject: "softmax with no-object, the best class of each query"
      }
    let numbers = information.normalizationBits.map { Double(bitPattern: $0) }
    let channels = (0..<3).map { channel in
      "\(numbers[1 + channel].formatted(digits: 3)) ± \(numbers[4 + channel].formatted(digits: 3))"
    }
    return [
      ("input size", rule),
      (
        "normalisation",
        "pixels / \((1 / numbers[0]).formatted(digits: 0)), RGB \(channels.joined(separator: ", ")); "
          + "part of the first layer"
      ),
      ("scores", decoding),
      ("file", "\(file.model.bytes.count) bytes, \(file.model.operations.count) operations"),
    ]
  }
}
