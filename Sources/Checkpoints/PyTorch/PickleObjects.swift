import CheckedJSON

/// A value in a pickle: itself where it is small, else the position of its object.
///
/// Objects refer to one another by position, so cycles and any depth of nesting cost nothing when
/// they are let go.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int64)
  /// An integer of more than eight bytes, little-endian.
  case longInteger(PickleText)
  case double(Double)
  case text(PickleText)
  case bytes(PickleText)
  case sequence(Int32)
  case dictionary(Int32)
  case record(Int32)
  case tensor(Int32)
  case storage(Int32)
  case global(Int32)
}

/// A stretch of the pickle.
struct PickleText {
  let offset: UInt32
  let length: UInt32
}

/// All objects of one pickle.
struct PickleObjects {
  /// Something that would be made by a class or function: only its name and what it would be given.
  struct Record {
    let callable: PickleValue
    let arguments: PickleValue
    /// What would be set on the object afterwards.
    var state: PickleValue = .none
  }

  /// A class or function by name. It is never looked up and never called.
  struct Global {
    let module: PickleText
    let name: PickleText
  }

  /// A tensor as a view of a storage.
  struct Tensor {
    let storage: Int32
    /// Overrides the storage's type.
    let dtype: ElementType?
    let offset: Int
    let shape: [Int]
    let strides: [Int]
  }

  /// A storage, whose data lie elsewhere in the file, or a part of one.
  struct Storage {
    let key: String
    let type: StorageType
    let elementCount: Int
    /// The first element of the part, and its length.
    let part: (offset: Int, count: Int)?
  }

  /// The pickle.
  let bytes: ByteView
  /// Lists, tuples and sets.
  var sequences: [[PickleValue]] = []
  /// Dictionaries: key, value, key, value, …
  var dictionaries: [[PickleValue]] = []
  var records: [Record] = []
  var globals: [Global] = []
  var tensors: [Tensor] = []
  var storages: [Storage] = []

  init(_ bytes: ByteView) { self.bytes = bytes }

  /// A text, or `nil` when it is not UTF-8.
  func string(_ text: PickleText) -> String? {
    bytes.slice(at: Int(text.offset), count: Int(text.length))?.text
  }

  /// The text of a value, or `nil` for anything else.
  func string(_ value: PickleValue) -> String? {
    if case .text(let text) = value { string(text) } else { nil }
  }

  /// The module and name of a class or function; bytes that are not UTF-8 are replaced.
  func names(_ global: Int32) -> (module: String, name: String) {
    func text(_ text: PickleText) -> String {
      let slice = bytes.slice(at: Int(text.offset), count: Int(text.length))
      return slice?.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } ?? ""
    }
    let global = globals[Int(global)]
    return (text(global.module), text(global.name))
  }

  /// `module.name` of a class or function, on one line.
  func fullName(_ global: Int32) -> String {
    let names = names(global)
    return onOneLine("\(names.module).\(names.name)", limit: 120)
  }

  /// The elements of a list or tuple, or `nil` for anything else.
  func elements(_ value: PickleValue) -> [PickleValue]? {
    if case .sequence(let index) = value { sequences[Int(index)] } else { nil }
  }

  /// The members of a dictionary: key, value, key, value, …, or `nil` for anything else.
  func members(_ value: PickleValue) -> [PickleValue]? {
    if case .dictionary(let index) = value { dictionaries[Int(index)] } else { nil }
  }

  /// The value for a text in a dictionary; the last one counts, as in Python.
  func member(_ key: String, of value: PickleValue) -> PickleValue? {
    guard let members = members(value) else { return nil }
    var index = members.count - 2
    while index >= 0 {
      if case .text(let text) = members[index], Int(text.length) == key.utf8.count,
        string(text) == key
      {
        return members[index + 1]
      }
      index -= 2
    }
    return nil
  }

  /// What a value is, for errors.
  func summary(_ value: PickleValue) -> String {
    switch value {
    case .none: return "None"
    case .bool(let flag): return flag ? "True" : "False"
    case .integer(let number): return "\(number)"
    case .longInteger: return "a long integer"
    case .double(let number): return "\(number)"
    case .text(let text): return "the text '\(onOneLine(string(text) ?? "", limit: 60))'"
    case .bytes(let text): return "\(text.length) bytes"
    case .sequence(let index): return "a list of \(sequences[Int(index)].count)"
    case .dictionary(let index): return "a dictionary of \(dictionaries[Int(index)].count / 2)"
    case .record(let index):
      let callable = records[Int(index)].callable
      if case .global(let global) = callable {
        return "an object of '\(fullName(global))', which is not executed"
      }
      return "an object of an unknown kind"
    case .tensor: return "a tensor"
    case .storage: return "a storage"
    case .global(let index):
      return "the name '\(fullName(index))'"
    }
  }
}

/// What a storage's class says of its elements.
struct StorageType: Hashable {
  /// PyTorch's name without `Storage`.
  let name: String
  /// The bytes of one element.
  let elementSize: Int
  /// The type, where it is one that checkpoints of detectors need.
  let dtype: ElementType?

  /// Finds the type behind a class name such as `FloatStorage`.
  ///
  /// - Parameter className: without its module.
  init?(className: String) {
    guard className.hasSuffix("Storage") else { return nil }
    name = String(className.dropLast("Storage".count))
    switch name {
    case "Double": dtype = .f64
    case "Float": dtype = .f32
    case "Half": dtype = .f16
    case "BFloat16": dtype = .bf16
    case "Long": dtype = .i64
    case "Int": dtype = .i32
    case "Short": dtype = .i16
    case "Char": dtype = .i8
    // Untyped storages count bytes.
    case "Byte", "Untyped": dtype = .u8
    case "Bool": dtype = .bool
    case "QInt8", "QUInt8", "ComplexFloat", "ComplexDouble", "QInt32": dtype = nil
    default: return nil
    }
    elementSize =
      dtype?.byteCount
      ?? ["QInt8": 1, "QUInt8": 1, "QInt32": 4, "ComplexFloat": 8, "ComplexDouble": 16][name] ?? 1
  }
}

extension ElementType {
  /// The type behind a name in the module `torch`, such as `float32`.
  ///
  /// - Parameter torchName: the name.
  init?(torchName: String) {
    switch torchName {
    case "float64", "double": self = .f64
    case "float32", "float": self = .f32
    case "float16", "half": self = .f16
    case "bfloat16": self = .bf16
    case "int64", "long": self = .i64
    case "int32", "int": self = .i32
    case "int16", "short": self = .i16
    case "int8": self = .i8
    case "uint64": self = .u64
    case "uint32": self = .u32
    case "uint16": self = .u16
    case "uint8": self = .u8
    case "bool": self = .bool
    default: return nil
    }
  }
}
