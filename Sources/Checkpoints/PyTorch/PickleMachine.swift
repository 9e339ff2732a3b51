import CheckedJSON

/// A machine for the pickles of checkpoints (protocols 0 to 5) that builds plain data and executes
/// nothing.
///
/// It knows lists, tuples, sets, dictionaries, `collections.OrderedDict`, storages and the functions
/// that PyTorch rebuilds tensors with; these are built by this code. Every other class or function is
/// an inert record of its name and arguments: nothing is imported, looked up or called.
///
/// A pickle may have 1,048,576 operations (a training checkpoint of DETR has about 100,000) and is
/// read once from front to back without recursion. Each operation takes at most about 100 bytes of
/// memory, whatever it refers to: texts stay in the file, shared and cyclic references are kept as
/// such and never expanded, and names of classes and storages have at most 256 bytes. The page `Limits`
/// in Sources/edgedetr/edgedetr.docc has the limits of all readers side by side.
struct PickleMachine {
  /// The most operations of one pickle.
  static let maximumOperations = 1 << 20
  /// The most bytes in the name of a class, a module or a storage.
  static let maximumNameLength = 256

  var objects: PickleObjects
  var stack: [PickleValue] = []
  var marks: [Int] = []
  // Values are remembered under 0, 1, 2, … by every pickler; other numbers are allowed.
  var memory: [PickleValue] = []
  var scatteredMemory: [UInt64: PickleValue] = [:]
  var storagesByKey: [String: Int32] = [:]

  let bytes: ByteView
  // Where the current operation starts, and where reading goes on.
  var start = 0
  var position = 0
  private var operations = 0

  private init(_ bytes: ByteView) {
    self.bytes = bytes
    objects = PickleObjects(bytes)
  }

  /// Reads one pickle.
  ///
  /// - Parameter bytes: starts with the pickle; more may follow.
  /// - Returns: its objects, its value, and where it ends.
  /// - Throws: `PickleError`.
  static func load(
    _ bytes: ByteView
  ) throws(PickleError) -> (objects: PickleObjects, value: PickleValue, end: Int) {
    let length = min(bytes.count, Int(UInt32.max))
    var machine = PickleMachine(bytes.slice(at: 0, count: length) ?? bytes)
    while true {
      machine.start = machine.position
      try machine.count(1)
      let code = try machine.byte()
      guard let operation = PickleOperation(rawValue: code) else {
        throw .unknownOperation(offset: machine.start, found: code)
      }
      if operation == .stop { break }
      try machine.step(operation)
    }
    let value = try machine.pop()
    guard machine.stack.isEmpty, machine.marks.isEmpty else {
      throw .stackNotEmpty(
        offset: machine.start,
        count: machine.stack.count + machine.marks.count + 1
      )
    }
    return (machine.objects, value, machine.position)
  }

  mutating func count(_ more: Int) throws(PickleError) {
    operations += more
    guard operations <= Self.maximumOperations else {
      throw .tooManyOperations(limit: Self.maximumOperations)
    }
  }

  private mutating func step(_ operation: PickleOperation) throws(PickleError) {
    switch operation {
    case .protocol:
      let version = try byte()
      guard version <= 5 else { throw .unsupportedProtocol(offset: start, found: version) }
    case .frame: _ = try take(8)
    case .stop: break
    case .mark: marks.append(stack.count)
    case .pop:
      if stack.count == marks.last { marks.removeLast() } else { _ = try pop() }
    case .popMark: _ = try popToMark()
    case .duplicate: stack.append(try top())
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .int, .binInt, .binInt1, .binInt2, .long, .long1, .long4, .float, .binFloat:
      try pushNumber(operation)
    case .string, .unicode, .binString, .shortBinString, .binUnicode, .shortBinUnicode,
      .binUnicode8, .binBytes, .shortBinBytes, .binBytes8, .byteArray8:
      try pushText(operation)
    case .emptyList, .emptyTuple, .emptySet: push(sequence: [])
    case .emptyDictionary: push(dictionary: [])
    case .list, .tuple, .frozenSet: push(sequence: try popToMark())
    case .tuple1: push(sequence: try pop(1))
    case .tuple2: push(sequence: try pop(2))
    case .tuple3: push(sequence: try pop(3))
    case .dictionary: push(dictionary: try pairs(popToMark()))
    case .append: try append(pop(1))
    case .appends, .addItems: try append(popToMark())
    case .setItem: try setItems(pop(2))
    case .setItems: try setItems(pairs(popToMark()))
    case .get: try recall(UInt64(line()))
    case .binGet: try recall(UInt64(byte()))
    case .longBinGet: try recall(UInt64(integer(UInt32.self)))
    case .put: try remember(UInt64(line()))
    case .binPut: try remember(UInt64(byte()))
    case .longBinPut: try remember(UInt64(integer(UInt32.self)))
    case .memoize: try remember(UInt64(memory.count + scatteredMemory.count))
    case .global:
      let module = try lineRange()
      try push(global: module, lineRange())
    case .stackGlobal:
      let name = try pop()
      guard case .text(let name) = name else { throw unfit(name, expected: "a name") }
      let module = try pop()
      guard case .text(let module) = module else { throw unfit(module, expected: "a name") }
      try push(global: module, name)
    case .reduce, .newObject: try reduce(arguments: pop())
    case .newObjectWithKeywords:
      _ = try pop()
      try reduce(arguments: pop())
    case .object:
      let items = try popToMark()
      guard let callable = items.first else { throw .stackUnderflow(offset: start) }
      push(record: callable, addSequence(Array(items.dropFirst())))
    case .instance:
      let module = try lineRange()
      try push(global: module, lineRange())
      let callable = try pop()
      push(record: callable, addSequence(try popToMark()))
    case .build: try build(state: pop())
    case .binPersistentID: try pushStorage(pop())
    case .persistentID: throw .unsupportedOperation(offset: start, name: "a persistent id as text")
    case .extension1, .extension2, .extension4:
      throw .unsupportedOperation(offset: start, name: "an extension code")
    case .nextBuffer, .readOnlyBuffer:
      throw .unsupportedOperation(offset: start, name: "an out-of-band buffer")
    }
  }
}
