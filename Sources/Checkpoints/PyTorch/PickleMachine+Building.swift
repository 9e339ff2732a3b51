/// What operations make.
extension PickleMachine {
  mutating func addSequence(_ elements: [PickleValue]) -> PickleValue {
    objects.sequences.append(elements)
    return .sequence(Int32(objects.sequences.count - 1))
  }

  mutating func push(sequence elements: [PickleValue]) {
    stack.append(addSequence(elements))
  }

  mutating func push(dictionary members: [PickleValue]) {
    objects.dictionaries.append(members)
    stack.append(.dictionary(Int32(objects.dictionaries.count - 1)))
  }

  mutating func push(
    global module: PickleText,
    _ name: PickleText
  ) throws(PickleError) {
    guard max(module.length, name.length) <= Self.maximumNameLength else {
      throw .malformedText(offset: start)
    }
    objects.globals.append(PickleObjects.Global(module: module, name: name))
    stack.append(.global(Int32(objects.globals.count - 1)))
  }

  mutating func push(record callable: PickleValue, _ arguments: PickleValue) {
    objects.records.append(PickleObjects.Record(callable: callable, arguments: arguments))
    stack.append(.record(Int32(objects.records.count - 1)))
  }

  mutating func append(_ items: [PickleValue]) throws(PickleError) {
    switch try top() {
    case .sequence(let index): objects.sequences[Int(index)] += items
    // What an inert object would collect is of no use.
    case .record: break
    case let other: throw unfit(other, expected: "a list to append to")
    }
  }

  mutating func setItems(_ items: [PickleValue]) throws(PickleError) {
    switch try top() {
    case .dictionary(let index): objects.dictionaries[Int(index)] += items
    case .record: break
    case let other: throw unfit(other, expected: "a dictionary to add to")
    }
  }

  mutating func build(state: PickleValue) throws(PickleError) {
    switch try top() {
    case .record(let index): objects.records[Int(index)].state = state
    // Attributes, such as `_metadata` of a state dictionary, are of no use.
    case .dictionary, .sequence, .tensor: break
    case let other: throw unfit(other, expected: "an object to set attributes of")
    }
  }

  /// Builds what is known, and a record of anything else.
  mutating func reduce(arguments: PickleValue) throws(PickleError) {
    let callable = try pop()
    guard case .global(let index) = callable else {
      push(record: callable, arguments)
      return
    }
    let (module, name) = objects.names(index)
    let items = objects.elements(arguments)
    switch (module, name) {
    case ("collections", "OrderedDict"):
      var members: [PickleValue] = []
      for pair in items?.first.flatMap({ objects.elements($0) }) ?? [] {
        guard let pair = objects.elements(pair), pair.count == 2 else {
          throw unfit(arguments, expected: "pairs of a dictionary")
        }
        try count(1)
        members += pair
      }
      push(dictionary: members)
    case ("collections", "defaultdict"): push(dictionary: [])
    case ("torch", "Size"):
      guard let shape = items?.first else { throw unfit(arguments, expected: "a shape") }
      stack.append(shape)
    case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"):
      try pushTensor(items ?? [], dtype: nil)
    case ("torch._utils", "_rebuild_tensor_v3"):
      guard let items, items.count >= 7, case .global(let type) = items[6],
        let dtype = ElementType(torchName: objects.names(type).name)
      else { throw .malformedTensor(offset: start, expected: "a tensor with a known type") }
      try pushTensor(items, dtype: dtype)
    case ("torch._utils", "_rebuild_parameter"),
      ("torch._utils", "_rebuild_parameter_with_state"):
      guard let tensor = items?.first else {
        throw .malformedTensor(offset: start, expected: "a tensor for a parameter")
      }
      stack.append(tensor)
    case ("torch._tensor", "_rebuild_from_type_v2"):
      // The first argument rebuilds the tensor from the third; the second is a class of tensors.
      guard let items, items.count >= 3, case .global(let inner) = items[0],
        objects.names(inner) != (module, name)
      else { throw .malformedTensor(offset: start, expected: "a tensor of a class") }
      stack.append(items[0])
      try reduce(arguments: items[2])
    case ("copyreg", "_reconstructor"), ("copy_reg", "_reconstructor"):
      guard let type = items?.first else { throw unfit(arguments, expected: "a class") }
      push(record: type, arguments)
    default: push(record: callable, arguments)
    }
  }

  /// Notes a storage: `("storage", class, key, device, elements[, part])`.
  mutating func pushStorage(_ id: PickleValue) throws(PickleError) {
    guard let items = objects.elements(id), items.count >= 5,
      objects.string(items[0]) == "storage", case .global(let index) = items[1],
      case .text(let keyText) = items[2], keyText.length <= Self.maximumNameLength,
      let key = objects.string(keyText), case .integer(let number) = items[4],
      let count = Int(exactly: number), count >= 0
    else { throw .malformedTensor(offset: start, expected: "the description of a storage") }
    let (module, name) = objects.names(index)
    guard module == "torch" || module.hasPrefix("torch."),
      let type = StorageType(className: name)
    else {
      throw .wrongOperand(
        offset: start,
        expected: "a class of storages",
        found: objects.summary(items[1])
      )
    }
    if let known = storagesByKey[key] {
      let other = objects.storages[Int(known)]
      guard other.type == type, other.elementCount == count else {
        throw .storageMismatch(offset: start, storage: key)
      }
    }
    var part: (offset: Int, count: Int)?
    if items.count >= 6, let view = objects.elements(items[5]) {
      guard view.count == 3, case .integer(let offset) = view[1],
        case .integer(let length) = view[2], let offset = Int(exactly: offset),
        let length = Int(exactly: length), offset >= 0, length >= 0, offset <= count,
        length <= count - offset
      else { throw .malformedTensor(offset: start, expected: "a part of a storage") }
      part = (offset, length)
    } else if let known = storagesByKey[key], objects.storages[Int(known)].part == nil {
      stack.append(.storage(known))
      return
    }
    objects.storages.append(
      PickleObjects.Storage(key: key, type: type, elementCount: count, part: part)
    )
    let storage = Int32(objects.storages.count - 1)
    if part == nil || storagesByKey[key] == nil { storagesByKey[key] = storage }
    stack.append(.storage(storage))
  }

  /// Notes a tensor: `(storage, offset, shape, strides, …)`.
  mutating func pushTensor(
    _ items: [PickleValue],
    dtype: ElementType?
  ) throws(PickleError) {
    guard items.count >= 4, case .storage(let storage) = items[0],
      case .integer(let number) = items[1], let offset = Int(exactly: number),
      let shape = integers(items[2]), let strides = integers(items[3])
    else {
      throw .malformedTensor(offset: start, expected: "a storage, an offset, a shape and strides")
    }
    objects.tensors.append(
      PickleObjects.Tensor(
        storage: storage,
        dtype: dtype,
        offset: offset,
        shape: shape,
        strides: strides
      )
    )
    stack.append(.tensor(Int32(objects.tensors.count - 1)))
  }

  func integers(_ value: PickleValue) -> [Int]? {
    guard let elements = objects.elements(value), elements.count <= TensorView.maximumRank else {
      return nil
    }
    var numbers: [Int] = []
    for element in elements {
      guard case .integer(let number) = element, let number = Int(exactly: number) else {
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }
}
