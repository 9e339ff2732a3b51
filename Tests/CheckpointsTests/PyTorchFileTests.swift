import CheckedJSON
import Foundation
import Testing

@testable import Checkpoints

@Suite struct PyTorchFileTests {
  private func open(_ name: String) throws -> TensorMap {
    try TensorMap.open(path: Fixtures.path(name))
  }

  @Test(
    "views, types and tied tensors come out of every container",
    arguments: [
      "stored.pth", "deflated.pth", "bare.pth", "lightning.pth", "averaged.pth", "legacy.pth",
    ]
  )
  func contents(name: String) throws {
    let map = try open(name)
    #expect(map.format == .pytorch)
    #expect(map.files == [name])
    #expect(map.count == (name == "legacy.pth" ? 14 : 15))
    #expect(map.names.first == "whole")
    let whole = try map.tensor(named: "whole")
    #expect(whole.shape == [3, 4])
    #expect(whole.floats() == (0..<12).map { Float($0) })
    #expect(whole.isContiguous)
    let transposed = try map.tensor(named: "transposed")
    #expect(transposed.shape == [4, 3])
    #expect(transposed.strides == [1, 4])
    #expect(!transposed.isContiguous)
    #expect(transposed.contiguousBytes == nil)
    #expect(transposed.floats() == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    #expect(try map.tensor(named: "columns").floats() == [1, 3, 5, 7, 9, 11])
    #expect(try map.tensor(named: "last").floats() == [11])
    #expect(try map.tensor(named: "last").shape == [])
    #expect(try map.tensor(named: "old").floats() == [8, 9, 10, 11])
    #expect(try map.tensor(named: "expanded").floats() == [5, 5, 5, 5, 5, 5])
    #expect(try map.tensor(named: "empty").floats() == [])
    #expect(try map.tensor(named: "longs").int64s() == [7, -8, 1 << 40])
    #expect(try map.tensor(named: "flags").int64s() == [1, 0, 1])
    #expect(try map.tensor(named: "halves").floats() == [0.5, -2])
    #expect(try map.tensor(named: "parameter").floats() == [4, 5, 6, 7])
    #expect(try map.tensor(named: "constant").floats() == [Float](repeating: 0.25, count: 600))
    #expect(map["steps"] == nil)
    let tied = try map.tensor(named: "tied")
    #expect(whole.isSameStorage(as: tied))
    #expect(!whole.isSameStorage(as: transposed))
    #expect(whole.storage.isSameMemory(as: transposed.storage))
    if name == "legacy.pth" {
      #expect(try map.tensor(named: "part").floats() == [5, 6, 7, 8])
    } else {
      #expect(try map.tensor(named: "brains").dtype == .bf16)
      #expect(try map.tensor(named: "brains").floats() == [1, -2])
      #expect(try map.tensor(named: "fancy").floats() == [2, 5])
    }
  }

  @Test(
    "the options of the training script are plain values",
    arguments: ["stored.pth", "legacy.pth"]
  )
  func arguments(name: String) throws {
    let map = try open(name)
    #expect(map.arguments["nheads"]?.int == 8)
    #expect(map.arguments["nheads"]?.double == 8)
    #expect(map.arguments["lr"]?.double == 1e-4)
    #expect(map.arguments["dilation"]?.bool == false)
    #expect(map.arguments["two_stage"]?.bool == true)
    #expect(map.arguments["two_stage"]?.int == nil)
    #expect(map.arguments["backbone"]?.string == "resnet50")
    #expect(map.arguments["resume"] == PickledValue.none)
    #expect(map.arguments["lr_steps"]?.list?.map(\.int) == [1, 2])
    #expect(map.arguments["seed"] == .other("a long integer"))
    #expect(map.records["epoch"]?.int == 5)
    #expect(map.records["meta"]?["classes"]?.list?.map(\.string) == ["cell", "other"])
    #expect(map.records["optimizer"] == nil)
    #expect(map.records["lr_scheduler"] == nil)
    #expect(try open("bare.pth").arguments.isEmpty)
  }

  @Test("stored tensors are used where they lie in the file")
  func mapped() throws {
    let map = try open("stored.pth")
    let bytes = try Fixtures.bytes("stored.pth")
    let storage = try map.tensor(named: "whole").storage
    let pattern = (0..<12).flatMap { number in
      withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { [UInt8]($0) }
    }
    #expect(storage.withUnsafeBytes { [UInt8]($0) } == pattern)
    // Used in place: all tensors of one storage show the same memory, not merely equal bytes.
    #expect(storage.isSameMemory(as: try map.tensor(named: "columns").storage))
    #expect(bytes.count < 6000)
  }

  @Test(
    "a file cut at any byte is refused in one line",
    arguments: ["stored.pth", "deflated.pth", "legacy.pth"]
  )
  func truncated(name: String) throws {
    let bytes = try Fixtures.bytes(name)
    for length in 0..<bytes.count {
      let cut = ByteView(bytes[..<length])
      let error = #expect(throws: CheckpointError.self) { try PyTorchFile(cut, file: "cut.pth") }
      #expect(error.map { $0.description.hasPrefix("cut.pth: ") } == true)
      #expect(error.map { !$0.description.contains("\n") } == true)
    }
  }

  @Test(
    "a changed file is refused or read, and never more",
    arguments: ["stored.pth", "deflated.pth", "legacy.pth"]
  )
  func mutated(name: String) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("PyTorchFileTests \(name) seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let original = try Fixtures.bytes(name)
    var refused = 0
    for _ in 0..<2000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        // The pickle comes first, so most changes go there.
        let isNear = Bool.random(using: &generator)
        let limit = isNear ? min(bytes.count, 2000) : bytes.count
        let index = Int.random(in: 0..<limit, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.remove(at: index)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
        case 2: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        default: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        }
      }
      let changed = ByteView(bytes)
      switch Result(catching: { () throws(CheckpointError) in
        try PyTorchFile(changed, file: "changed.pth")
      }) {
      case .success(let file):
        for tensor in file.tensors {
          _ = tensor.floats()
          _ = tensor.firstNonFinite()
        }
      case .failure(let error):
        refused += 1
        #expect(!error.description.contains("\n"))
      }
    }
    #expect(refused > 200)
  }
}
