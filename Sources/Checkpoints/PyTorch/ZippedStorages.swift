import CheckedJSON

/// The storages of a zip archive of PyTorch: `NAME/data.pkl` and one entry `NAME/data/KEY` each.
struct ZippedStorages {
  private var archive: ZipArchive
  private let prefix: String
  private let file: String

  /// Reads the directory of an archive.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - file: its name in errors.
  /// - Throws: `CheckpointError`.
  init(_ bytes: ByteView, file: String) throws(CheckpointError) {
    do { archive = try ZipArchive(bytes) } catch { throw .archive(file: file, error) }
    self.file = file
    // PyTorch puts everything into one folder, whose name is free.
    let suffix = "data.pkl"
    let pickles = archive.entries.keys.filter { name in
      name == suffix
        || name.hasSuffix("/\(suffix)") && name.utf8.count { $0 == UInt8(ascii: "/") } == 1
    }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw .pickleCount(file: file, found: pickles.count)
    }
    prefix = String(pickle.dropLast(suffix.count))
    if let order = archive.entries["\(prefix)byteorder"],
      try contents(order, "\(prefix)byteorder").starts(with: "big")
    {
      throw .bigEndian(file: file)
    }
  }

  /// The pickle.
  ///
  /// - Returns: its bytes.
  /// - Throws: `CheckpointError.archive`.
  mutating func pickle() throws(CheckpointError) -> ByteView {
    let name = "\(prefix)data.pkl"
    guard let entry = archive.entries[name] else { throw .pickleCount(file: file, found: 0) }
    return try contents(entry, name)
  }

  /// The data of a storage.
  ///
  /// - Parameters:
  ///   - storage: what the pickle says of it.
  ///   - place: the tensor that asks, for errors.
  /// - Returns: exactly as many bytes as the storage needs.
  /// - Throws: `CheckpointError`.
  mutating func data(
    of storage: PickleObjects.Storage,
    for place: TensorPlace
  ) throws(CheckpointError) -> ByteView {
    let name = "\(prefix)data/\(storage.key)"
    guard let entry = archive.entries[name] else {
      throw .storageMissing(place, storage: storage.key)
    }
    // Before anything is unpacked.
    let needed = try storage.byteCount(for: place)
    guard entry.length == UInt64(needed) else {
      throw .storageSize(place, storage: storage.key, needed: needed, held: entry.length)
    }
    return try contents(entry, name)
  }

  private mutating func contents(
    _ entry: ZipArchive.Entry,
    _ name: String
  ) throws(CheckpointError) -> ByteView {
    do { return try archive.contents(of: entry, name: name) } catch {
      throw .archive(file: file, error)
    }
  }
}
