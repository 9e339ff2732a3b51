import CheckedJSON
import Foundation

extension TensorMap {
  /// Opens a checkpoint.
  ///
  /// In a folder the first of these is taken, as Hugging Face does: `model.safetensors`,
  /// `model.safetensors.index.json`, `pytorch_model.bin`, `pytorch_model.bin.index.json`; without any
  /// of them its only file of tensors, whatever its name.
  ///
  /// - Parameter path: such a folder, or a single `.safetensors`, `.pth`, `.pt` or `.bin` file. A
  ///   file's first bytes tell a zip archive and a pickle stream apart.
  /// - Returns: its tensors.
  /// - Throws: `CheckpointError`.
  public static func open(path: String) throws(CheckpointError) -> TensorMap {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return try openFile(path: path) }
    let found: [String]
    do {
      found = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw .file(.refused(path: path, reason: "the folder cannot be listed"))
    }
    for name in ["model.safetensors", "pytorch_model.bin"] {
      if found.contains(name) { return try openFile(path: "\(path)/\(name)") }
      let index = "\(name).index.json"
      if found.contains(index) { return try openIndexed(folder: path, index: index) }
    }
    let others = found.filter { name in
      [".safetensors", ".pth", ".pt", ".bin"].contains { name.hasSuffix($0) }
    }
    if others.count == 1 { return try openFile(path: "\(path)/\(others[0])") }
    throw .noCheckpoint(folder: path, found: others)
  }

  private static func openFile(path: String) throws(CheckpointError) -> TensorMap {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let bytes: ByteView
    do { bytes = try MappedFile.open(path: path) } catch { throw .file(error) }
    if bytes.starts(with: "version https://git-lfs") { throw .largeFilePointer(file: file) }
    if path.hasSuffix(".safetensors") { return try safetensors(bytes, path: path, file: file) }
    let checkpoint = try PyTorchFile(bytes, file: file)
    return try TensorMap(
      path: path,
      format: .pytorch,
      tensors: checkpoint.tensors,
      arguments: checkpoint.arguments,
      records: checkpoint.records,
      files: [file]
    )
  }

  /// Opens a safetensors file of any name.
  ///
  /// - Parameter path: the file.
  /// - Returns: its tensors.
  /// - Throws: `CheckpointError`.
  public static func open(safetensors path: String) throws(CheckpointError) -> TensorMap {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let bytes: ByteView
    do { bytes = try MappedFile.open(path: path) } catch { throw .file(error) }
    return try safetensors(bytes, path: path, file: file)
  }

  private static func safetensors(
    _ bytes: ByteView,
    path: String,
    file: String
  ) throws(CheckpointError) -> TensorMap {
    let safetensors = try Safetensors(bytes, file: file)
    return try TensorMap(
      path: path,
      format: .safetensors,
      tensors: safetensors.tensors,
      metadata: safetensors.metadata,
      files: [file]
    )
  }

  /// Opens a folder whose index tells which file holds which tensor.
  ///
  /// The index is the list: tensors that a file holds beside those promised do not belong to the
  /// checkpoint.
  private static func openIndexed(folder: String, index: String) throws(CheckpointError)
    -> TensorMap
  {
    let promises: [(tensor: String, file: JSON.Located)]
    do {
      promises = try JSON.open(path: "\(folder)/\(index)")["weight_map"].members.map {
        ($0.key, $0.value)
      }
    } catch { throw .json(error) }
    var shards: [String: TensorMap] = [:]
    var files: [String] = []
    var tensors: [TensorView] = []
    var metadata: [String: String] = [:]
    for (name, place) in promises {
      let file: String
      do { file = try place.string } catch { throw .json(error) }
      let shard: TensorMap
      if let known = shards[file] {
        shard = known
      } else {
        guard isPlainName(file) else {
          throw .shardOutside(index: index, file: file)
        }
        guard FileManager.default.fileExists(atPath: "\(folder)/\(file)") else {
          throw .shardMissing(index: index, file: file)
        }
        shard = try openFile(path: "\(folder)/\(file)")
        shards[file] = shard
        files.append(file)
        metadata.merge(shard.metadata) { first, _ in first }
      }
      guard let tensor = shard[name] else {
        throw .notInShard(TensorPlace(file: index, tensor: name), shard: file)
      }
      tensors.append(tensor)
    }
    let format: Format = index.hasPrefix("model.safetensors") ? .safetensors : .pytorch
    return try TensorMap(
      path: folder,
      format: format,
      tensors: tensors,
      metadata: metadata,
      files: files
    )
  }

  /// Whether a name is that of a file in the folder itself, not a way out of it.
  private static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(UInt8(ascii: "/"))
      && !name.utf8.contains(0)
  }
}

extension ByteView {
  /// Whether the bytes begin with those of a text.
  ///
  /// - Parameter text: ASCII.
  /// - Returns: true when they do.
  func starts(with text: StaticString) -> Bool {
    guard let part = slice(at: 0, count: text.utf8CodeUnitCount) else { return false }
    return text.withUTF8Buffer { buffer in
      buffer.indices.allSatisfy { part[$0] == buffer[$0] }
    }
  }
}
