import Architectures
import Checkpoints

/// What `inspect` prints of a checkpoint.
struct CheckpointInspection {
  let path: String
  let arguments: Arguments

  func print() throws {
    let detector = try arguments.loadDetector(path)
    Swift.print(detector.summary)
    guard arguments.has("tensors") else { return }
    Swift.print("")
    for tensor in try TensorMap.open(path: path) {
      Swift.print("\(tensor.name)  \(tensor.dtype.rawValue)  \(tensor.shape)")
    }
  }
}
