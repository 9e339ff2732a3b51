#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import Kernels

  /// One register of elements from `index` on, as 32-bit lanes; int32 is not among them.
  @_transparent
  func widen(_ row: UnsafeRawPointer, _ index: Int, _ element: KernelElement) -> Register {
    switch element {
    case .uint8: widenUInt8(row + index)
    case .int8: widenInt8(row + index)
    default: widenInt16(row + 2 &* index)
    }
  }

  /// Stores lanes that lie in the element's range from `index` on.
  @_transparent
  func narrow(
    _ register: Register,
    _ row: UnsafeMutableRawPointer,
    _ index: Int,
    _ element: KernelElement
  ) {
    switch element {
    case .uint8: storeUInt8(register, row + index)
    case .int8: storeInt8(register, row + index)
    case .int16: storeInt16(register, row + 2 &* index)
    case .int32: store(register, row + 4 &* index)
    }
  }
#endif
