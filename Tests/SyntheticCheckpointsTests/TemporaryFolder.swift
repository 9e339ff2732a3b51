import CheckedJSON
import Checkpoints
import Foundation
import SyntheticCheckpoints

/// A folder of its own for a test, removed when the test lets go of it.
final class TemporaryFolder {
  let path: String

  init() {
    let name = "synthetic-\(UUID())"
    path = FileManager.default.temporaryDirectory.appending(path: name).path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: "\(path)/\(name)"))
  }

  func json(_ name: String) throws -> JSON {
    try JSON.parse(ByteView(bytes(name)), source: name)
  }
}

/// Names, element types and shapes of a checkpoint, in a form that shows differences.
func inventory(_ folder: String) throws -> [String: String] {
  let tensors = try TensorMap.open(path: folder)
  return Dictionary(
    uniqueKeysWithValues: tensors.map { ($0.name, "\($0.dtype.rawValue) \($0.shape)") }
  )
}

/// 64-bit FNV-1a.
func digest(_ bytes: some Sequence<UInt8>) -> UInt64 {
  bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
