import CheckedJSON

extension TensorView {
  /// The elements in row-major order, each as the nearest single-precision number.
  ///
  /// Truth values become 0 and 1; doubles beyond the range become infinite.
  ///
  /// - Returns: `elementCount` numbers.
  public func floats() -> [Float] {
    [Float](unsafeUninitializedCapacity: elementCount) { buffer, count in
      copyFloats(into: UnsafeMutableBufferPointer(rebasing: buffer[..<elementCount]))
      count = elementCount
    }
  }

  /// Writes the elements in row-major order into a caller's buffer, converted as by `floats()`.
  ///
  /// - Parameter buffer: room for exactly `elementCount` numbers.
  public func copyFloats(into buffer: UnsafeMutableBufferPointer<Float>) {
    precondition(buffer.count == elementCount, "the buffer does not fit the tensor")
    switch dtype {
    case .f32: convert(UInt32.self, into: buffer) { Float(bitPattern: $0) }
    case .f64: convert(UInt64.self, into: buffer) { Float(Double(bitPattern: $0)) }
    case .f16: convert(UInt16.self, into: buffer) { singlePrecision(half: $0) }
    case .bf16: convert(UInt16.self, into: buffer) { Float(bitPattern: UInt32($0) << 16) }
    case .i64: convert(Int64.self, into: buffer) { Float($0) }
    case .i32: convert(Int32.self, into: buffer) { Float($0) }
    case .i16: convert(Int16.self, into: buffer) { Float($0) }
    case .i8: convert(Int8.self, into: buffer) { Float($0) }
    case .u64: convert(UInt64.self, into: buffer) { Float($0) }
    case .u32: convert(UInt32.self, into: buffer) { Float($0) }
    case .u16: convert(UInt16.self, into: buffer) { Float($0) }
    case .u8: convert(UInt8.self, into: buffer) { Float($0) }
    case .bool: convert(UInt8.self, into: buffer) { $0 == 0 ? 0 : 1 }
    }
  }

  /// The elements of a tensor of integers or truth values in row-major order.
  ///
  /// - Returns: `elementCount` numbers.
  /// - Throws: `CheckpointError.notIntegers` for a tensor of floating-point numbers, or for unsigned
  ///   numbers that do not fit.
  public func int64s() throws(CheckpointError) -> [Int64] {
    var fits = true
    let numbers = [Int64](unsafeUninitializedCapacity: elementCount) { whole, count in
      let buffer = UnsafeMutableBufferPointer(rebasing: whole[..<elementCount])
      count = elementCount
      switch dtype {
      case .i64: convert(Int64.self, into: buffer) { $0 }
      case .i32: convert(Int32.self, into: buffer) { Int64($0) }
      case .i16: convert(Int16.self, into: buffer) { Int64($0) }
      case .i8: convert(Int8.self, into: buffer) { Int64($0) }
      case .u64:
        convert(UInt64.self, into: buffer) { number in
          if number > UInt64(Int64.max) { fits = false }
          return Int64(truncatingIfNeeded: number)
        }
      case .u32: convert(UInt32.self, into: buffer) { Int64($0) }
      case .u16: convert(UInt16.self, into: buffer) { Int64($0) }
      case .u8: convert(UInt8.self, into: buffer) { Int64($0) }
      case .bool: convert(UInt8.self, into: buffer) { $0 == 0 ? 0 : 1 }
      case .f64, .f32, .f16, .bf16:
        fits = false
        count = 0
      }
    }
    guard fits else { throw .notIntegers(TensorPlace(file: file, tensor: name), dtype: dtype) }
    return numbers
  }

  /// The row-major index of the first element that is NaN or infinite, as single precision.
  ///
  /// - Returns: the index, or `nil` when all are finite.
  public func firstNonFinite() -> Int? {
    guard dtype.isFloatingPoint else { return nil }
    // In blocks, so that no copy of a large tensor is made where none is needed.
    if let bytes = contiguousBytes {
      let block = 4096
      var start = 0
      while start < elementCount {
        let count = min(block, elementCount - start)
        let slice = bytes.slice(at: start * dtype.byteCount, count: count * dtype.byteCount)!
        let part = TensorView(
          name: name,
          file: file,
          dtype: dtype,
          shape: [count],
          elementCount: count,
          storage: slice
        )
        if let index = part.floats().firstIndex(where: { !$0.isFinite }) { return start + index }
        start += count
      }
      return nil
    }
    return floats().firstIndex { !$0.isFinite }
  }

  /// Reads elements one after the other in row-major order and stores what a closure makes of them.
  private func convert<Stored: FixedWidthInteger & BitwiseCopyable, Result: BitwiseCopyable>(
    _ type: Stored.Type,
    into buffer: UnsafeMutableBufferPointer<Result>,
    _ element: (Stored) -> Result
  ) {
    guard elementCount > 0 else { return }
    storage.withUnsafeBytes { bytes in
      let size = MemoryLayout<Stored>.size
      // Every offset that the strides reach was found to lie inside when the view was made, and
      // the buffer has room for as many elements as the shape has.
      let first = bytes.baseAddress! + elementOffset * size
      let result = buffer.baseAddress!
      if isContiguous {
        for index in 0..<elementCount {
          let stored = first.loadUnaligned(fromByteOffset: index * size, as: Stored.self)
          result[index] = element(Stored(littleEndian: stored))
        }
        return
      }
      let inner = shape[shape.count - 1]
      let innerStride = strides[shape.count - 1] * size
      var position = [Int](repeating: 0, count: shape.count)
      var rowOffset = 0
      var written = 0
      while true {
        for index in 0..<inner {
          let stored = first.loadUnaligned(
            fromByteOffset: rowOffset + index * innerStride,
            as: Stored.self
          )
          result[written] = element(Stored(littleEndian: stored))
          written += 1
        }
        var axis = shape.count - 2
        while axis >= 0 {
          position[axis] += 1
          rowOffset += strides[axis] * size
          if position[axis] < shape[axis] { break }
          rowOffset -= strides[axis] * size * shape[axis]
          position[axis] = 0
          axis -= 1
        }
        if axis < 0 { return }
      }
    }
  }
}

/// The single-precision number equal to a half-precision one.
///
/// The exponent and fraction are moved into place and the exponent's bias corrected by a
/// multiplication with 2^112, which also gives subnormal numbers their value; 0x3C00 becomes 1.
///
/// - Parameter bits: sign, five bits of exponent, ten of fraction.
/// - Returns: exactly the same number; infinities and NaN stay what they are.
@inline(__always)
func singlePrecision(half bits: UInt16) -> Float {
  let magnitude = UInt32(bits & 0x7FFF) << 13
  let scaled = Float(bitPattern: magnitude) * Float(bitPattern: 0x7780_0000)
  let special = magnitude >= 0x0F80_0000 ? UInt32(0x7F80_0000) : 0
  let sign = UInt32(bits & 0x8000) << 16
  return Float(bitPattern: scaled.bitPattern | special | sign)
}
