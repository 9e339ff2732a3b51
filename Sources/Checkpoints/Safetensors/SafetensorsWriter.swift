import CheckedJSON

/// Writes tensors as a safetensors file.
///
///     var writer = SafetensorsWriter()
///     writer.add("logits", shape: [100, 92], floats: logits)
///     try writer.write(path: "dump.safetensors")
///
/// Data lie in the file by falling size of their elements, then by name, so that each tensor is
/// aligned to its elements; the header is padded to a multiple of 8 bytes. The file is written
/// beside its place and renamed.
public struct SafetensorsWriter {
  private struct Entry {
    let name: String
    let dtype: ElementType
    let shape: [Int]
    let byteCount: Int
    let bytes: () -> [UInt8]
  }

  private var entries: [Entry] = []
  private var names: Set<String> = ["__metadata__"]
  private let metadata: [String: String]

  /// Starts without tensors.
  ///
  /// - Parameter metadata: texts to store beside them.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// Adds a tensor of single-precision numbers.
  ///
  /// - Parameters:
  ///   - name: a name that was not given before.
  ///   - shape: the extents.
  ///   - floats: as many numbers as the shape has elements, in row-major order. They are computed
  ///     when the file is written, so that a large checkpoint need never be in memory whole.
  public mutating func add(
    _ name: String,
    shape: [Int],
    floats: @autoclosure @escaping () -> [Float]
  ) {
    add(name, .f32, shape, littleEndianBytes: floats)
  }

  /// Adds a tensor of bytes with a sign.
  ///
  /// - Parameters:
  ///   - name: a name that was not given before.
  ///   - shape: the extents.
  ///   - int8s: as many numbers as the shape has elements, in row-major order.
  public mutating func add(
    _ name: String,
    shape: [Int],
    int8s: @autoclosure @escaping () -> [Int8]
  ) {
    add(name, .i8, shape, littleEndianBytes: int8s)
  }

  /// Adds a tensor of bytes without a sign.
  ///
  /// - Parameters:
  ///   - name: a name that was not given before.
  ///   - shape: the extents.
  ///   - uint8s: as many numbers as the shape has elements, in row-major order.
  public mutating func add(
    _ name: String,
    shape: [Int],
    uint8s: @autoclosure @escaping () -> [UInt8]
  ) {
    add(name, .u8, shape, littleEndianBytes: uint8s)
  }

  /// Adds a tensor of 16-bit integers.
  ///
  /// - Parameters:
  ///   - name: a name that was not given before.
  ///   - shape: the extents.
  ///   - int16s: as many numbers as the shape has elements, in row-major order.
  public mutating func add(
    _ name: String,
    shape: [Int],
    int16s: @autoclosure @escaping () -> [Int16]
  ) {
    add(name, .i16, shape, littleEndianBytes: int16s)
  }

  /// Adds a tensor of 32-bit integers.
  ///
  /// - Parameters:
  ///   - name: a name that was not given before.
  ///   - shape: the extents.
  ///   - int32s: as many numbers as the shape has elements, in row-major order.
  public mutating func add(
    _ name: String,
    shape: [Int],
    int32s: @autoclosure @escaping () -> [Int32]
  ) {
    add(name, .i32, shape, littleEndianBytes: int32s)
  }

  /// Adds a tensor of 64-bit integers.
  ///
  /// - Parameters:
  ///   - name: a name that was not given before.
  ///   - shape: the extents.
  ///   - int64s: as many numbers as the shape has elements, in row-major order.
  public mutating func add(
    _ name: String,
    shape: [Int],
    int64s: @autoclosure @escaping () -> [Int64]
  ) {
    add(name, .i64, shape, littleEndianBytes: int64s)
  }

  /// Writes the file.
  ///
  /// - Parameter path: its place.
  /// - Throws: `CheckpointError.file`.
  public func write(path: String) throws(CheckpointError) {
    do {
      var file = try ReplacingFile(path: path)
      let (header, order) = header()
      try file.write(header)
      for index in order { try file.write(bytes(of: entries[index])) }
      try file.commit()
    } catch { throw .file(error) }
  }

  /// The whole file in memory.
  ///
  /// - Returns: its bytes.
  public func encoded() -> [UInt8] {
    let (header, order) = header()
    return order.reduce(into: header) { file, index in file += bytes(of: entries[index]) }
  }

  mutating func add<Element: BitwiseCopyable>(
    _ name: String,
    _ dtype: ElementType,
    _ shape: [Int],
    littleEndianBytes elements: @escaping () -> [Element]
  ) {
    precondition(names.insert(name).inserted, "tensor name given twice: \(name)")
    let count = shape.reduce(1, *)
    precondition(MemoryLayout<Element>.size == dtype.byteCount)
    entries.append(
      Entry(name: name, dtype: dtype, shape: shape, byteCount: count * dtype.byteCount) {
        // All machines that this package builds for are little-endian, as the format is.
        elements().withUnsafeBytes { [UInt8]($0) }
      }
    )
  }

  private func bytes(of entry: Entry) -> [UInt8] {
    let bytes = entry.bytes()
    precondition(
      bytes.count == entry.byteCount,
      "tensor '\(entry.name)' does not have as many elements as its shape"
    )
    return bytes
  }

  private func header() -> (bytes: [UInt8], order: [Int]) {
    let order = entries.indices.sorted { left, right in
      let (one, other) = (entries[left], entries[right])
      return one.dtype.byteCount == other.dtype.byteCount
        ? one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
        : one.dtype.byteCount > other.dtype.byteCount
    }
    var writer = JSONWriter()
    writer.append("{")
    if !metadata.isEmpty {
      writer.append("\"__metadata__\":{")
      for (index, member) in metadata.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { writer.append(",") }
        writer.append(string: member.key)
        writer.append(":")
        writer.append(string: member.value)
      }
      writer.append("}")
    }
    var end = 0
    for index in order {
      let entry = entries[index]
      if writer.bytes.count > 1 { writer.append(",") }
      writer.append(string: entry.name)
      writer.append(":{\"dtype\":")
      writer.append(string: entry.dtype.rawValue)
      writer.append(",\"shape\":[")
      for (axis, extent) in entry.shape.enumerated() {
        if axis > 0 { writer.append(",") }
        writer.append(extent)
      }
      writer.append("],\"data_offsets\":[")
      writer.append(end)
      writer.append(",")
      end += entry.byteCount
      writer.append(end)
      writer.append("]}")
    }
    writer.append("}")
    while writer.bytes.count % 8 != 0 { writer.append(" ") }
    let length = withUnsafeBytes(of: UInt64(writer.bytes.count).littleEndian) { [UInt8]($0) }
    return (length + writer.bytes, order)
  }
}
