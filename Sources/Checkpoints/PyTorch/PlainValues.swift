/// Turns objects of a pickle into plain values, as far as they are plain.
///
/// References are expanded here, so there are limits: 16 levels and 4096 values for each value asked
/// for; what is beyond is left out and named.
struct PlainValues {
  private static let maximumDepth = 16
  private static let maximumValues = 4096

  private let objects: PickleObjects

  init(_ objects: PickleObjects) { self.objects = objects }

  /// The options under `args`, whatever record they stand in.
  ///
  /// - Parameter root: the value of the pickle.
  /// - Returns: the options by name; empty where there are none.
  func arguments(of root: PickleValue) -> [String: PickledValue] {
    guard let value = objects.member("args", of: root),
      case .dictionary(let members) = plain(value)
    else { return [:] }
    var arguments: [String: PickledValue] = [:]
    for member in members {
      if case .string(let name) = member.key { arguments[name] = member.value }
    }
    return arguments
  }

  /// What stands beside the state dictionary and can be small: not optimizers and schedulers.
  ///
  /// - Parameters:
  ///   - root: the value of the pickle.
  ///   - keys: the way to the state dictionary.
  /// - Returns: the values by name; empty for a bare state dictionary.
  func records(of root: PickleValue, except keys: [String]) -> [String: PickledValue] {
    guard let state = keys.first, let members = objects.members(root) else { return [:] }
    var records: [String: PickledValue] = [:]
    for index in stride(from: 0, to: members.count, by: 2) {
      guard let name = objects.string(members[index]), name != state, name != "args",
        !name.contains("optimizer"), !name.contains("scheduler"), records.count < 64
      else { continue }
      records[name] = plain(members[index + 1])
    }
    return records
  }

  private func plain(_ value: PickleValue) -> PickledValue {
    var remaining = Self.maximumValues
    return plain(value, depth: 0, &remaining)
  }

  private func plain(
    _ value: PickleValue,
    depth: Int,
    _ remaining: inout Int
  ) -> PickledValue {
    remaining -= 1
    guard remaining > 0, depth < Self.maximumDepth else { return .other("…") }
    switch value {
    case .none: return .none
    case .bool(let flag): return .bool(flag)
    case .integer(let number): return .integer(number)
    case .double(let number): return .double(number)
    case .text(let text):
      guard text.length <= 65536, let string = objects.string(text) else {
        return .other("a text of \(text.length) bytes")
      }
      // Long texts count for more, since references to one can be many.
      remaining -= Int(text.length) / 64
      return .string(string)
    case .sequence:
      var elements: [PickledValue] = []
      for element in objects.elements(value) ?? [] where remaining > 0 {
        elements.append(plain(element, depth: depth + 1, &remaining))
      }
      return .list(elements)
    case .dictionary:
      let members = objects.members(value) ?? []
      var plainMembers: [PickledValue.Member] = []
      for index in stride(from: 0, to: members.count, by: 2) where remaining > 0 {
        let key = plain(members[index], depth: depth + 1, &remaining)
        plainMembers.append(
          .init(key: key, value: plain(members[index + 1], depth: depth + 1, &remaining))
        )
      }
      return .dictionary(plainMembers)
    case .record(let index):
      // A plain record, such as argparse.Namespace, is its fields.
      let state = objects.records[Int(index)].state
      if case .dictionary = state { return plain(state, depth: depth + 1, &remaining) }
      return .other(objects.summary(value))
    case .longInteger, .bytes, .tensor, .storage, .global:
      return .other(objects.summary(value))
    }
  }
}
