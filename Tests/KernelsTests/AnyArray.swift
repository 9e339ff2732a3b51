import Kernels

/// An array of one of the kernels' element types.
final class AnyArray {
  let element: KernelElement
  let count: Int
  private let bytes: GuardedArray<UInt8>

  init(_ numbers: [Int64], _ element: KernelElement) {
    self.element = element
    count = numbers.count
    var bytes: [UInt8] = []
    for number in numbers {
      for byte in 0..<element.byteCount {
        bytes.append(UInt8(truncatingIfNeeded: number >> Int64(8 * byte)))
      }
    }
    self.bytes = GuardedArray(bytes)
  }

  convenience init(count: Int, _ element: KernelElement) {
    self.init([Int64](repeating: 0x5555_5555, count: count), element)
  }

  var raw: UnsafeMutableRawPointer { bytes.raw }

  var numbers: [Int64] {
    (0..<count).map { index in
      switch element {
      case .uint8: Int64(raw.load(fromByteOffset: index, as: UInt8.self))
      case .int8: Int64(raw.load(fromByteOffset: index, as: Int8.self))
      case .int16: Int64(raw.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self))
      case .int32: Int64(raw.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self))
      }
    }
  }
}

extension KernelElement {
  var range: ClosedRange<Int64> { Int64(lowest)...Int64(highest) }
}

/// The rounding shift of the definitions, in 64 bits.
func rounded(_ number: Int64, _ shift: Int32) -> Int64 {
  (number &+ (1 << Int64(shift - 1))) >> Int64(shift)
}

func limited(_ number: Int64, _ lowest: Int32, _ highest: Int32) -> Int64 {
  min(max(number, Int64(lowest)), Int64(highest))
}

func wrapped(_ number: Int64) -> Int64 { Int64(Int32(truncatingIfNeeded: number)) }

extension AnyArray {
  /// The same bytes seen as another type of the same size.
  convenience init(reading other: AnyArray, as element: KernelElement) {
    self.init(count: other.count, element)
    raw.copyMemory(from: other.raw, byteCount: other.count * element.byteCount)
  }
}
