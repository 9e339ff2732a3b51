import CheckedJSON

/// The tensors of a checkpoint by name, in files that are mapped and never copied whole.
///
///     let checkpoint = try TensorMap.open(path: "detr-resnet-50")
///     if let weight = checkpoint["class_labels_classifier.weight"] {
///       print(weight.shape, weight.floats().max()!)
///     }
///
/// Opening reads and checks everything that describes tensors: headers, indexes, pickles. It does
/// not read the tensors themselves, so it takes milliseconds and little memory for any size.
/// Checkpoints are not trusted: what a file says is checked against what it holds, nothing in it is
/// executed, and the limits are those stated at `Safetensors`, `PickleMachine` and `ZipArchive`.
public struct TensorMap: Sendable {
  /// How the tensors were stored.
  public enum Format: String, Sendable {
    /// One safetensors file or several with an index.
    case safetensors
    /// PyTorch's own format, one file or several with an index.
    case pytorch
  }

  /// The path that was opened.
  public let path: String

  /// How the tensors were stored.
  public let format: Format

  /// All names, in the order of the file.
  public let names: [String]

  /// The texts beside the tensors: `__metadata__` in safetensors.
  public let metadata: [String: String]

  /// The `args` that an official training script saved beside its weights; empty where it did not.
  public let arguments: [String: PickledValue]

  /// What else a PyTorch file has beside its state dictionary, such as `meta` or `epoch`; not the
  /// state of optimizers and schedulers.
  public let records: [String: PickledValue]

  /// The files that hold the tensors, by their last components.
  public let files: [String]

  private let tensors: [TensorView]
  private let positions: [String: Int]

  /// Puts tensors together.
  ///
  /// - Parameters:
  ///   - path: the path that was opened.
  ///   - format: how they were stored.
  ///   - tensors: in order.
  ///   - metadata: texts beside them.
  ///   - arguments: options beside them.
  ///   - records: other values beside them.
  ///   - files: the files that hold them.
  /// - Throws: `CheckpointError.duplicateTensor` when two have the same name.
  init(
    path: String,
    format: Format,
    tensors: [TensorView],
    metadata: [String: String] = [:],
    arguments: [String: PickledValue] = [:],
    records: [String: PickledValue] = [:],
    files: [String]
  ) throws(CheckpointError) {
    var positions: [String: Int] = [:]
    positions.reserveCapacity(tensors.count)
    for (position, tensor) in tensors.enumerated() {
      guard positions.updateValue(position, forKey: tensor.name) == nil else {
        throw .duplicateTensor(TensorPlace(file: tensor.file, tensor: tensor.name))
      }
    }
    self.path = path
    self.format = format
    self.tensors = tensors
    self.positions = positions
    self.metadata = metadata
    self.arguments = arguments
    self.records = records
    self.files = files
    names = tensors.map(\.name)
  }

  /// The number of tensors.
  public var count: Int { tensors.count }

  /// Whether there is a tensor of this name.
  ///
  /// - Parameter name: the full name.
  /// - Returns: true when there is.
  public func contains(_ name: String) -> Bool { positions[name] != nil }

  /// The tensor of this name, or `nil`.
  ///
  /// - Parameter name: the full name.
  public subscript(name: String) -> TensorView? { positions[name].map { tensors[$0] } }

  /// The tensor of this name.
  ///
  /// - Parameter name: the full name.
  /// - Returns: the tensor.
  /// - Throws: `CheckpointError.missingTensor`.
  public func tensor(named name: String) throws(CheckpointError) -> TensorView {
    guard let tensor = self[name] else {
      let file = files.count == 1 ? files[0] : path
      throw .missingTensor(TensorPlace(file: file, tensor: name))
    }
    return tensor
  }
}

extension TensorMap: Sequence {
  /// Goes through the tensors in order.
  ///
  /// - Returns: an iterator of them.
  public func makeIterator() -> IndexingIterator<[TensorView]> { tensors.makeIterator() }
}
