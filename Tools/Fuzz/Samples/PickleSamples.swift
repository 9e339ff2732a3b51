/// Pickles of state dictionaries as PyTorch writes them, made opcode by opcode.
///
/// Opcodes and the layout of both containers are those of Python's `pickletools` and of
/// `torch.serialization`.
enum PickleSamples {
  /// A writer of the opcodes that PyTorch's picklers use.
  struct Writer {
    private(set) var bytes: [UInt8] = [0x80, 2]

    /// Appends an opcode beyond ASCII.
    mutating func op(_ code: UInt8) { bytes.append(code) }

    mutating func op(_ code: Character, _ argument: [UInt8] = []) {
      bytes.append(code.asciiValue ?? 0)
      bytes += argument
    }

    mutating func global(_ module: String, _ name: String) {
      op("c", Array("\(module)\n\(name)\n".utf8))
    }

    mutating func text(_ text: String) {
      var length: [UInt8] = []
      length.append(little: UInt32(text.utf8.count))
      op("X", length + text.utf8)
    }

    mutating func int(_ number: Int32) {
      switch number {
      case 0..<256: op("K", [UInt8(number)])
      default:
        var argument: [UInt8] = []
        argument.append(little: number)
        op("J", argument)
      }
    }

    /// A tensor: a function that rebuilds it, and its storage as a persistent id.
    mutating func tensor(
      storage: String,
      type: String,
      key: String,
      count: Int32,
      offset: Int32 = 0,
      shape: [Int32],
      strides: [Int32],
      isLegacy: Bool
    ) {
      global("torch._utils", "_rebuild_tensor_v2")
      op("(")
      op("(")
      text("storage")
      global("torch", type)
      text(key)
      text("cpu")
      int(count)
      if isLegacy { op("N") }
      op("t")
      op("Q")
      int(offset)
      op("(")
      shape.forEach { int($0) }
      op("t")
      op("(")
      strides.forEach { int($0) }
      op("t")
      bytes.append(0x89)
      global("collections", "OrderedDict")
      op(")")
      op("R")
      op("t")
      op("R")
    }

    mutating func stop() -> [UInt8] {
      op(".")
      return bytes
    }
  }

  /// A state dictionary with a view, a shared storage, options and an optimizer's state.
  static func checkpoint(isLegacy: Bool) -> [UInt8] {
    var writer = Writer()
    writer.op("}")
    writer.op("q", [0])
    writer.op("(")
    writer.text("model")
    writer.global("collections", "OrderedDict")
    writer.op(")")
    writer.op("R")
    writer.op("(")
    writer.text("a.weight")
    writer.tensor(
      storage: "a",
      type: "FloatStorage",
      key: "0",
      count: 6,
      shape: [2, 3],
      strides: [3, 1],
      isLegacy: isLegacy
    )
    writer.text("a.view")
    writer.tensor(
      storage: "a",
      type: "FloatStorage",
      key: "0",
      count: 6,
      offset: 1,
      shape: [2, 2],
      strides: [1, 3],
      isLegacy: isLegacy
    )
    writer.text("b.bias")
    writer.tensor(
      storage: "b",
      type: "HalfStorage",
      key: "1",
      count: 4,
      shape: [4],
      strides: [1],
      isLegacy: isLegacy
    )
    writer.text("c.count")
    writer.tensor(
      storage: "c",
      type: "LongStorage",
      key: "2",
      count: 1,
      shape: [],
      strides: [],
      isLegacy: isLegacy
    )
    writer.op("u")
    writer.text("args")
    writer.global("argparse", "Namespace")
    writer.op(")")
    writer.op(0x81)
    writer.op("}")
    writer.op("(")
    writer.text("nheads")
    writer.int(8)
    writer.text("lr")
    writer.op("G", [0x3F, 0x1A, 0x36, 0xE2, 0xEB, 0x1C, 0x43, 0x2D])
    writer.text("device")
    writer.global("torch", "device")
    writer.text("cuda")
    writer.op(0x85)
    writer.op("R")
    writer.op("u")
    writer.op("b")
    writer.text("optimizer")
    writer.op("]")
    writer.op("(")
    writer.int(-7)
    writer.op(0x88)
    writer.op("N")
    writer.op("e")
    writer.text("self")
    writer.op("h", [0])
    writer.op("u")
    return writer.stop()
  }

  /// The data of the storages by key.
  static let storages: [(key: String, bytes: [UInt8])] = {
    var floats: [UInt8] = []
    for number in 0..<6 { floats.append(little: (Float(number) + 0.5).bitPattern) }
    var count: [UInt8] = []
    count.append(little: 1234 as Int64)
    return [("0", floats), ("1", [0, 0x3C, 0, 0x40, 0, 0xC2, 0xFF, 0x7B]), ("2", count)]
  }()

  /// The stream that PyTorch wrote before version 1.6: three small pickles, the value, the keys of
  /// the storages, their data.
  static let legacy: [[UInt8]] = {
    var file: [UInt8] = [0x80, 2, 0x8A, 10]
    file += [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    file += [0x80, 2, 0x4D, 0xE9, 0x03, 0x2E]
    var system = Writer()
    system.op("}")
    system.op("(")
    system.text("protocol_version")
    system.op("M", [0xE9, 0x03])
    system.text("little_endian")
    system.op(0x88)
    system.text("type_sizes")
    system.op("}")
    system.op("u")
    file += system.stop() + checkpoint(isLegacy: true)
    var keys = Writer()
    keys.op("]")
    keys.op("(")
    for storage in storages { keys.text(storage.key) }
    keys.op("e")
    file += keys.stop()
    let sizes = [4, 2, 8]
    for (storage, size) in zip(storages, sizes) {
      file.append(little: Int64(storage.bytes.count / size))
      file += storage.bytes
    }
    return [file]
  }()

  /// Opcodes and names that matter.
  static let words: [[UInt8]] =
    [
      "ctorch\nFloatStorage\n", "ctorch._utils\n_rebuild_tensor_v2\n", "cos\nsystem\n", "X\u{1}",
      "ccollections\nOrderedDict\n", ")R", "Q", "(", "t", "}", "]", "u", "e", "b", "q\u{1}",
      "h\u{1}", "N", ".", "K\u{7F}", "I99999999999999999999\n", "L-1L\n", "0", "1", "2", "a",
    ].map { Array($0.utf8) } + [
      [0x80, 4], [0x94], [0x95, 0xFF, 0, 0, 0, 0, 0, 0, 0], [0x8A, 0xFF], [0x8B, 0xFF, 0xFF, 0xFF],
      [0x8C, 3, 0x61, 0x62, 0x63], [0x93], [0x81], [0x85], [0x86], [0x87], [0x88],
    ]
}
