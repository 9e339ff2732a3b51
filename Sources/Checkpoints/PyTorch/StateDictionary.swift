/// The dictionary of tensors in what `torch.save` was given.
struct StateDictionary {
  /// The tensors by name, in order; a name that comes twice has its last tensor, as in Python.
  private(set) var tensors: [(name: String, tensor: Int32)] = []

  /// The keys that lead from the value to the dictionary.
  private(set) var keys: [String] = []

  /// Where state dictionaries stand, the one to be preferred first.
  private static let places = ["ema", "model", "state_dict", "model_state_dict", "module"]

  private static let maximumDepth = 8

  /// Finds the dictionary.
  ///
  /// - Parameters:
  ///   - objects: the objects of the pickle.
  ///   - root: its value.
  ///   - file: the file's name in errors.
  /// - Throws: `CheckpointError` when there is none, or when an entry is an object that would have
  ///   to be executed to become a tensor.
  init(_ objects: PickleObjects, _ root: PickleValue, file: String) throws(CheckpointError) {
    var value = root
    var passed: Set<Int32> = []
    while true {
      guard case .dictionary(let index) = value, let members = objects.members(value) else {
        throw .noStateDictionary(file: file, path: keys, found: objects.summary(value))
      }
      guard passed.insert(index).inserted else {
        throw .containsItself(file: file, path: keys)
      }
      if Self.hasTensor(members) {
        try readTensors(objects, members, file: file)
        return
      }
      let candidates = Self.places.compactMap { key in
        objects.member(key, of: value).map { (key, $0) }
      }
      // What has tensors goes before what is merely a dictionary; anything else ends the search
      // and is named in the error.
      let next =
        candidates.first { Self.leadsToTensors(objects, $0.1) }
        ?? candidates.first { if case .dictionary = $0.1 { true } else { false } }
      guard keys.count < Self.maximumDepth, let (key, inner) = next ?? candidates.first else {
        throw .noStateDictionary(
          file: file,
          path: keys,
          found: "\(objects.summary(value)) without tensors"
        )
      }
      keys.append(key)
      value = inner
    }
  }

  private static func leadsToTensors(_ objects: PickleObjects, _ value: PickleValue) -> Bool {
    let inside = places.compactMap { objects.member($0, of: value) }
    return ([value] + inside).contains { hasTensor(objects.members($0) ?? []) }
  }

  private static func hasTensor(_ members: [PickleValue]) -> Bool {
    members.contains { if case .tensor = $0 { true } else { false } }
  }

  private mutating func readTensors(
    _ objects: PickleObjects,
    _ members: [PickleValue],
    file: String
  ) throws(CheckpointError) {
    var positions: [String: Int] = [:]
    for index in stride(from: 0, to: members.count, by: 2) {
      guard let name = objects.string(members[index]) else {
        throw .malformedName(file: file, found: objects.summary(members[index]))
      }
      switch members[index + 1] {
      case .tensor(let tensor):
        if let position = positions[name] {
          tensors[position].tensor = tensor
        } else {
          positions[name] = tensors.count
          tensors.append((name, tensor))
        }
      case .record, .global, .storage:
        throw .notATensor(
          TensorPlace(file: file, tensor: name),
          found: objects.summary(members[index + 1])
        )
      // Counters and the like.
      case .none, .bool, .integer, .longInteger, .double, .text, .bytes, .sequence, .dictionary:
        break
      }
    }
  }
}
