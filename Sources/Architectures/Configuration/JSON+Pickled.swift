import CheckedJSON
import Checkpoints

extension JSON {
  /// A value that a training script saved, in the form in which all configurations are read here.
  ///
  /// Members whose keys are no texts are left out; what plain data do not have becomes its name.
  init(_ value: PickledValue) {
    switch value {
    case .none: self = .null
    case .bool(let flag): self = .bool(flag)
    case .integer(let number): self = .integer(number)
    case .double(let number): self = .double(number)
    case .string(let text): self = .string(text)
    case .list(let elements): self = .array(elements.map { JSON($0) })
    case .dictionary(let members):
      var object = Object()
      for member in members {
        if case .string(let key) = member.key { object[key] = JSON(member.value) }
      }
      self = .object(object)
    case .other(let name): self = .string(name)
    }
  }

  /// The same for options by their names.
  init(_ options: [String: PickledValue]) {
    var object = Object()
    for (key, value) in options.sorted(by: { $0.key < $1.key }) { object[key] = JSON(value) }
    self = .object(object)
  }
}
