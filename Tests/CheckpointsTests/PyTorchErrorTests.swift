import Checkpoints
import Foundation
import Testing

@Suite struct PyTorchErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func expect(
    _ message: String,
    _ bytes: [UInt8],
    location: SourceLocation = #_sourceLocation
  ) throws {
    let path = try folder.write(bytes, to: "m.pth")
    let error = #expect(throws: CheckpointError.self, sourceLocation: location) {
      try TensorMap.open(path: path)
    }
    #expect(error?.description == "m.pth: \(message)", sourceLocation: location)
  }

  private func archive(_ pickle: [UInt8], _ storages: [String: [UInt8]] = [:]) -> [UInt8] {
    zipArchive(
      [("x/data.pkl", pickle)] + storages.sorted { $0.key < $1.key }.map { ("x/data/\($0)", $1) }
    )
  }

  private let sixteen = [UInt8](repeating: 0, count: 16)

  @Test("containers that are none")
  func containers() throws {
    try expect("expected a checkpoint of PyTorch or safetensors, found an empty file", [])
    try expect("expected a checkpoint of PyTorch or safetensors, found other bytes", [1, 2, 3])
    try expect("expected one data.pkl in the archive, found 0", zipArchive([("x/version", [])]))
    try expect(
      "expected one data.pkl in the archive, found 2",
      zipArchive([("x/data.pkl", []), ("y/data.pkl", [])])
    )
    try expect(
      "expected little-endian numbers, found big-endian ones",
      zipArchive([("x/data.pkl", []), ("x/byteorder", Array("big".utf8))])
    )
  }

  @Test("values that hold no state dictionary say what they hold")
  func values() throws {
    func value(_ text: String) -> [UInt8] {
      archive(Array("\u{80}\u{2}\(text).".utf8.filter { $0 != 0xC2 }))
    }
    try expect("expected a dictionary of tensors, found None", value("N"))
    try expect("expected a dictionary of tensors, found a list of 0", value("]"))
    try expect(
      "expected a dictionary of tensors, found a dictionary of 0 without tensors",
      value("}")
    )
    try expect(
      "expected a dictionary of tensors, found the text 'a'",
      archive(PickleBytes.value { $0.text("a") })
    )
    try expect(
      "expected a dictionary of tensors in 'model', found an object of 'os.system', which is not executed",
      archive(
        PickleBytes.value { pickle in
          pickle.operation("}")
          pickle.text("model")
          pickle.global("os", "system")
          pickle.operation(")")
          pickle.operation("R")
          pickle.operation("s")
        }
      )
    )
    try expect(
      "expected a dictionary of tensors in 'model', found the dictionary that contains it",
      archive(
        PickleBytes.value { pickle in
          pickle.operation("}")
          pickle.raw([0x71, 0])
          pickle.text("model")
          pickle.raw([0x68, 0])
          pickle.operation("s")
        }
      )
    )
    let chain = PickleBytes.value { pickle in
      for _ in 0..<20 {
        pickle.operation("}")
        pickle.text("model")
      }
      pickle.operation("N")
      for _ in 0..<20 { pickle.operation("s") }
    }
    let error = #expect(throws: CheckpointError.self) {
      try TensorMap.open(path: folder.write(archive(chain), to: "m.pth"))
    }
    #expect(error?.description.hasSuffix("found a dictionary of 1 without tensors") == true)
  }

  @Test("entries of a state dictionary that are no tensors of this file")
  func entries() throws {
    let tensor = PickleBytes.state {
      $0.tensor("0", count: 4, shape: [2, 2], strides: [2, 1])
    }
    let w = "tensor 'w':"
    #expect(
      try TensorMap.open(path: folder.write(archive(tensor, ["0": sixteen]), to: "ok.pth"))["w"]?
        .floats() == [0, 0, 0, 0]
    )
    try expect("\(w) expected its storage '0' in the file, found nothing", archive(tensor))
    try expect(
      "\(w) its storage '0' needs 16 bytes, the file holds 12",
      archive(tensor, ["0": Array(sixteen.prefix(12))])
    )
    func state(
      offset: Int64 = 0,
      count: Int64 = 4,
      _ shape: [Int64],
      _ strides: [Int64],
      kind: String = "FloatStorage"
    ) -> [UInt8] {
      archive(
        PickleBytes.state {
          $0.tensor(
            "0",
            count: count,
            offset: offset,
            shape: shape,
            strides: strides,
            kind: kind
          )
        },
        ["0": sixteen]
      )
    }
    func outside(_ shape: String, _ strides: String, _ offset: Int64) -> String {
      "\(w) shape \(shape) with strides \(strides) from element \(offset) on does not fit its storage, "
        + "which holds 4 elements"
    }
    try expect(outside("[2, 2]", "[2, 1]", 1), state(offset: 1, [2, 2], [2, 1]))
    try expect(outside("[2]", "[4]", 0), state([2], [4]))
    try expect(outside("[2]", "[-1]", 3), state(offset: 3, [2], [-1]))
    try expect(outside("[1]", "[1]", -1), state(offset: -1, [1], [1]))
    try expect(outside("[0]", "[1]", -1), state(offset: -1, [0], [1]))
    try expect(outside("[2]", "[\(Int64.max)]", 1), state(offset: 1, [2], [.max]))
    // Repeating elements must not make more of them than the file has.
    try expect(outside("[1000000]", "[0]", 0), state([1_000_000], [0]))
    try expect("\(w) shape [2, 2] needs 2 strides, found 1", state([2, 2], [1]))
    try expect("\(w) expected extents that are not negative, found shape [-2]", state([-2], [1]))
    try expect(
      "\(w) shape [\(Int64.max), 2] has more elements than can be addressed",
      state([.max, 2], [1, 1])
    )
    try expect(
      "\(w) shape [\(Int64.max)] has more elements than can be addressed",
      state(count: .max, [1], [1])
    )
    let unknown = try folder.write(state(count: 16, [1], [1], kind: "QInt8Storage"), to: "m.pth")
    let error = #expect(throws: CheckpointError.self) { try TensorMap.open(path: unknown) }
    #expect(error?.description.hasSuffix("found 'QInt8'") == true)
    try expect(
      "tensor 'v': expected a tensor, found an object of 'os.system', which is not executed",
      archive(
        PickleBytes.value { pickle in
          pickle.operation("}")
          pickle.text("w")
          pickle.tensor("0", count: 4, shape: [4], strides: [1])
          pickle.operation("s")
          pickle.text("v")
          pickle.global("os", "system")
          pickle.operation(")")
          pickle.operation("R")
          pickle.operation("s")
        },
        ["0": sixteen]
      )
    )
    try expect(
      "expected names of tensors, found 7",
      archive(
        PickleBytes.value { pickle in
          pickle.operation("}")
          pickle.integer(7)
          pickle.tensor("0", count: 4, shape: [4], strides: [1])
          pickle.operation("s")
        },
        ["0": sixteen]
      )
    )
    try expect("pickle byte 0: expected an operation, found byte 0xff", archive([0xFF]))
    try expect(
      "entry 'x/data.pkl': expected method 0 (stored) or 8 (deflated), found 1",
      changingMethod(archive(tensor))
    )
  }

  /// The first directory entry says that another method was used.
  private func changingMethod(_ archive: [UInt8]) -> [UInt8] {
    var copy = archive
    let end = copy.count - 22
    let directory = (0..<4).reduce(0) { $0 | Int(copy[end + 16 + $1]) << (8 * $1) }
    copy[directory + 10] = 1
    return copy
  }

  @Test("streams of pickles that are not PyTorch's")
  func legacy() throws {
    let magic: [UInt8] =
      [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    let version: [UInt8] = [0x80, 2, 0x4D, 0xE9, 3, 0x2E]
    let machine = PickleBytes.value { $0.operation("}") }
    let bigEndian = PickleBytes.value { pickle in
      pickle.operation("}")
      pickle.text("little_endian")
      pickle.raw([0x89])
      pickle.operation("s")
    }
    let state = PickleBytes.state { $0.tensor("k", count: 4, shape: [4], strides: [1]) }
    func keys(_ names: [String]) -> [UInt8] {
      PickleBytes.value { pickle in
        pickle.operation("(")
        for name in names { pickle.text(name) }
        pickle.operation("l")
      }
    }
    let header = magic + version + machine + state
    let data = littleEndian(Int64(4)) + sixteen
    let good = header + keys(["k"]) + data
    #expect(
      try TensorMap.open(path: folder.write(good, to: "ok.pth"))["w"]?.floats() == [0, 0, 0, 0]
    )
    try expect("expected PyTorch's magic number, found something else", [0x80, 2, 0x4E, 0x2E])
    try expect(
      "expected PyTorch's magic number, found something else",
      magic.map { $0 == 0xFC ? 0xFB : $0 }
    )
    try expect("expected version 1001, found something else", magic + [0x80, 2, 0x4E, 0x2E])
    try expect(
      "expected little-endian numbers, found big-endian ones",
      magic + version + bigEndian
    )
    try expect("pickle byte 0: expected 1 more bytes, found 0", magic)
    try expect(
      "expected a list of storages, found something else",
      header + PickleBytes.value { $0.operation("N") }
    )
    try expect(
      "expected a list of described storages, found something else",
      header + keys(["other"])
    )
    try expect(
      "expected a list of described storages, found something else",
      header + keys(["k", "k"]) + data
    )
    try expect(
      "tensor 'storage k': its storage 'k' needs 16 bytes, the file holds 15",
      Array(good.dropLast())
    )
    try expect(
      "tensor 'storage k': expected 4 elements in storage 'k', found 5",
      header + keys(["k"]) + littleEndian(Int64(5)) + sixteen
    )
    try expect("tensor 'w': expected its storage 'k' in the file, found nothing", header + keys([]))
    try expect("expected the end after the last tensor, found 1 bytes", good + [0])
  }
}
