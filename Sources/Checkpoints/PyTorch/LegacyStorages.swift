import CheckedJSON

/// The storages of the container that PyTorch wrote before 1.6: five pickles (a magic number, a
/// version, the writer's machine, the value, the keys of the storages), then for each key the number
/// of elements in eight bytes and the elements.
struct LegacyStorages {
  private var data: [String: ByteView] = [:]

  // 0x1950A86A20F9469CFC6C, little-endian.
  private static let magic: [UInt8] = [
    0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - file: its name in errors.
  /// - Returns: the objects and value of the main pickle, and the storages.
  /// - Throws: `CheckpointError`.
  static func load(
    _ bytes: ByteView,
    file: String
  ) throws(CheckpointError) -> (PickleObjects, PickleValue, LegacyStorages) {
    var position = 0
    func next() throws(CheckpointError) -> (PickleObjects, PickleValue) {
      guard let rest = bytes.slice(at: position, count: bytes.count - position) else {
        throw .legacyHeader(file: file, expected: "another pickle")
      }
      let (objects, value, end) = try PyTorchFile.load(rest, file: file)
      position += end
      return (objects, value)
    }
    let (magicObjects, magicValue) = try next()
    guard case .longInteger(let number) = magicValue, number.length == magic.count,
      magic.indices.allSatisfy({
        magicObjects.bytes[Int(number.offset) + $0] == magic[$0]
      })
    else { throw .legacyHeader(file: file, expected: "PyTorch's magic number") }
    guard case (_, .integer(1001)) = try next() else {
      throw .legacyHeader(file: file, expected: "version 1001")
    }
    let (machine, machineValue) = try next()
    if case .bool(false)? = machine.member("little_endian", of: machineValue) {
      throw .bigEndian(file: file)
    }
    let (objects, value) = try next()
    let (keyObjects, keyValue) = try next()
    guard let keys = keyObjects.elements(keyValue) else {
      throw .legacyHeader(file: file, expected: "a list of storages")
    }
    var storages = LegacyStorages()
    var described: [String: PickleObjects.Storage] = [:]
    for storage in objects.storages { described[storage.key] = storage }
    for key in keys {
      guard let key = keyObjects.string(key), let storage = described[key],
        storages.data[key] == nil
      else { throw .legacyHeader(file: file, expected: "a list of described storages") }
      let place = TensorPlace(file: file, tensor: "storage \(key)")
      let needed = try storage.byteCount(for: place)
      guard let count = bytes.integer(at: position, as: UInt64.self),
        let slice = bytes.slice(at: position + 8, count: needed)
      else {
        throw .storageSize(
          place,
          storage: key,
          needed: needed,
          held: UInt64(max(0, bytes.count - position - 8))
        )
      }
      guard count == UInt64(storage.elementCount) else {
        throw .storageLength(place, storage: key, expected: storage.elementCount, found: count)
      }
      storages.data[key] = slice
      position += 8 + needed
    }
    guard position == bytes.count else {
      throw .trailingBytes(file: file, count: bytes.count - position)
    }
    return (objects, value, storages)
  }

  /// The data of a storage.
  ///
  /// - Parameters:
  ///   - storage: what the pickle says of it.
  ///   - place: the tensor that asks, for errors.
  /// - Returns: exactly as many bytes as the storage needs.
  /// - Throws: `CheckpointError.storageMissing`.
  func data(
    of storage: PickleObjects.Storage,
    for place: TensorPlace
  ) throws(CheckpointError) -> ByteView {
    guard let bytes = data[storage.key] else {
      throw .storageMissing(place, storage: storage.key)
    }
    return bytes
  }
}
