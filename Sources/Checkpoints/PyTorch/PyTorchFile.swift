import CheckedJSON

/// What is in one file that `torch.save` wrote: the tensors of its state dictionary and the options
/// beside it.
///
/// Both containers are read: the zip archive (PyTorch 1.6 and later), and the stream of pickles that
/// earlier versions wrote. The state dictionary is the value itself or what stands in it under
/// `ema`, `model`, `state_dict`, `model_state_dict` or `module`, `ema` first, as the training scripts
/// that write it do when they evaluate. Data of everything else, such as an optimizer's state, are
/// never touched.
struct PyTorchFile {
  private(set) var tensors: [TensorView] = []
  private(set) var arguments: [String: PickledValue] = [:]
  private(set) var records: [String: PickledValue] = [:]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - file: its name in errors.
  /// - Throws: `CheckpointError`.
  init(_ bytes: ByteView, file: String) throws(CheckpointError) {
    if bytes.starts(with: "PK") {
      var source = try ZippedStorages(bytes, file: file)
      let pickle = try source.pickle()
      let (objects, value, _) = try Self.load(pickle, file: file)
      try read(objects, value, file: file) { (storage, place) throws(CheckpointError) in
        try source.data(of: storage, for: place)
      }
    } else if bytes.byte(at: 0) == PickleOperation.protocol.rawValue {
      let (objects, value, storages) = try LegacyStorages.load(bytes, file: file)
      try read(objects, value, file: file) { (storage, place) throws(CheckpointError) in
        try storages.data(of: storage, for: place)
      }
    } else {
      throw .unknownFormat(file: file, found: bytes.count == 0 ? "an empty file" : "other bytes")
    }
  }

  /// Reads a pickle with this target's errors.
  ///
  /// - Parameters:
  ///   - bytes: starts with the pickle.
  ///   - file: the file's name.
  /// - Returns: its objects, its value, and where it ends.
  /// - Throws: `CheckpointError.pickle`.
  static func load(
    _ bytes: ByteView,
    file: String
  ) throws(CheckpointError) -> (objects: PickleObjects, value: PickleValue, end: Int) {
    do { return try PickleMachine.load(bytes) } catch { throw .pickle(file: file, error) }
  }

  private mutating func read(
    _ objects: PickleObjects,
    _ value: PickleValue,
    file: String,
    data: (PickleObjects.Storage, TensorPlace) throws(CheckpointError) -> ByteView
  ) throws(CheckpointError) {
    let dictionary = try StateDictionary(objects, value, file: file)
    var known: [String: ByteView] = [:]
    for (name, index) in dictionary.tensors {
      let place = TensorPlace(file: file, tensor: name)
      let tensor = objects.tensors[Int(index)]
      let storage = objects.storages[Int(tensor.storage)]
      let bytes: ByteView
      if let earlier = known[storage.key] {
        bytes = earlier
      } else {
        bytes = try data(storage, place)
        known[storage.key] = bytes
      }
      tensors.append(try view(of: tensor, in: storage, bytes, place))
    }
    let root = PlainValues(objects)
    arguments = root.arguments(of: value)
    records = root.records(of: value, except: dictionary.keys)
  }

  private func view(
    of tensor: PickleObjects.Tensor,
    in storage: PickleObjects.Storage,
    _ bytes: ByteView,
    _ place: TensorPlace
  ) throws(CheckpointError) -> TensorView {
    guard let dtype = tensor.dtype ?? storage.type.dtype else {
      throw .unknownElementType(place, found: storage.type.name)
    }
    var held = bytes
    if let part = storage.part {
      let size = storage.type.elementSize
      // The part was found to lie inside the storage, and the storage to have these bytes.
      held = bytes.slice(at: part.offset * size, count: part.count * size) ?? ByteView([])
    }
    return try TensorView(
      name: place.tensor,
      file: place.file,
      dtype: dtype,
      shape: tensor.shape,
      strides: tensor.strides,
      elementOffset: tensor.offset,
      storage: held
    )
  }
}

extension PickleObjects.Storage {
  /// The bytes that the storage needs.
  ///
  /// - Parameter place: the tensor that asks, for errors.
  /// - Returns: the product of length and element size.
  /// - Throws: `CheckpointError.shapeTooLarge`.
  func byteCount(for place: TensorPlace) throws(CheckpointError) -> Int {
    let (count, overflow) = elementCount.multipliedReportingOverflow(by: type.elementSize)
    guard !overflow else { throw .shapeTooLarge(place, shape: [elementCount]) }
    return count
  }
}
