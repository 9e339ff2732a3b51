import CheckedJSON

/// What is in one safetensors file.
///
/// The file is 8 bytes of header length, a JSON header of names, element types, shapes and byte
/// ranges, and the bytes. Checked, as the format's documentation
/// (https://github.com/huggingface/safetensors#format) demands: the header has at most 100,000,000
/// bytes and is one object with each key once; each range is exactly as long as shape and type
/// need; the ranges cover the data without overlap, hole or rest. Element types other than those of
/// `ElementType` are refused. Memory for about twice the header is used beside the tensors' views.
struct Safetensors {
  static let maximumHeaderLength = 100_000_000

  private(set) var tensors: [TensorView] = []
  private(set) var metadata: [String: String] = [:]

  private let file: String
  private let data: ByteView

  /// Reads the header.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - file: its name in errors.
  /// - Throws: `CheckpointError`.
  init(_ bytes: ByteView, file: String) throws(CheckpointError) {
    self.file = file
    guard let declared = bytes.integer(at: 0, as: UInt64.self) else {
      throw .noHeader(file: file, byteCount: bytes.count)
    }
    guard declared <= Self.maximumHeaderLength else {
      throw .headerTooLong(file: file, found: declared, limit: Self.maximumHeaderLength)
    }
    let length = Int(declared)
    guard let header = bytes.slice(at: 8, count: length),
      let data = bytes.slice(at: 8 + length, count: bytes.count - 8 - length)
    else { throw .headerBeyondEnd(file: file, found: length, available: bytes.count - 8) }
    self.data = data

    let descriptions: [TensorDescription]
    do {
      descriptions = try readHeader(header)
    } catch { throw .json(error) }
    tensors.reserveCapacity(descriptions.count)
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(descriptions.count)
    for description in descriptions {
      let (tensor, range) = try check(description)
      tensors.append(tensor)
      ranges.append(range)
    }
    try checkCoverage(ranges)
  }

  /// What the header says of one tensor, before its meaning is checked.
  private struct TensorDescription {
    let name: String
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
  }

  private mutating func readHeader(_ header: ByteView) throws(JSONError) -> [TensorDescription] {
    var descriptions: [TensorDescription] = []
    var reader = try JSONReader(header, source: "\(file): header")
    try reader.beginObject()
    while let name = try reader.nextKey() {
      try reader.beginObject()
      if name == "__metadata__" {
        while let key = try reader.nextKey() { metadata[key] = try reader.string() }
        continue
      }
      var description = TensorDescription(name: name)
      while let key = try reader.nextKey() {
        switch key {
        case "dtype": description.dtype = try reader.string()
        case "shape": description.shape = try readIntegers(&reader)
        case "data_offsets": description.offsets = try readIntegers(&reader)
        default: try reader.skipValue()
        }
      }
      descriptions.append(description)
    }
    try reader.end()
    return descriptions
  }

  private func check(
    _ description: TensorDescription
  ) throws(CheckpointError) -> (TensorView, Range<Int>) {
    let place = TensorPlace(file: file, tensor: description.name)
    guard let type = description.dtype else { throw .missingMember(place, member: "dtype") }
    guard let shape = description.shape else { throw .missingMember(place, member: "shape") }
    guard let offsets = description.offsets else {
      throw .missingMember(place, member: "data_offsets")
    }
    guard let dtype = ElementType(rawValue: type) else {
      throw .unknownElementType(place, found: type)
    }
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw .malformedOffsets(place, offsets: offsets)
    }
    let count = try place.elementCount(of: shape)
    let range = offsets[0]..<offsets[1]
    guard range.count == count * dtype.byteCount else {
      throw .sizeMismatch(
        place,
        shape: shape,
        needed: count * dtype.byteCount,
        held: range.count
      )
    }
    guard let bytes = data.slice(at: range.lowerBound, count: range.count) else {
      throw .beyondEnd(place, offsets: range, available: data.count)
    }
    let tensor = TensorView(
      name: description.name,
      file: file,
      dtype: dtype,
      shape: shape,
      elementCount: count,
      storage: bytes
    )
    return (tensor, range)
  }

  private func readIntegers(_ reader: inout JSONReader) throws(JSONError) -> [Int] {
    var numbers: [Int] = []
    try reader.beginArray()
    while try reader.nextElement() { numbers.append(try reader.int()) }
    return numbers
  }

  private func checkCoverage(_ ranges: [Range<Int>]) throws(CheckpointError) {
    let order = ranges.indices.sorted { left, right in
      (ranges[left].lowerBound, ranges[left].upperBound)
        < (ranges[right].lowerBound, ranges[right].upperBound)
    }
    var end = 0
    for index in order {
      let begin = ranges[index].lowerBound
      let place = TensorPlace(file: file, tensor: tensors[index].name)
      if begin < end { throw .overlap(place, begin: begin, previousEnd: end) }
      if begin > end { throw .hole(place, begin: begin, previousEnd: end) }
      end = ranges[index].upperBound
    }
    if end < data.count { throw .trailingBytes(file: file, count: data.count - end) }
  }
}
