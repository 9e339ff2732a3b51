import ModelFile
import Runtime

extension Value {
  /// The real numbers behind integers.
  func realNumbers(_ integers: [Int32]) -> [Float] {
    let step = Double(bitPattern: stepBits)
    let zero = Int(zeroPoint)
    return integers.map { Float(Double(Int($0) - zero) * step) }
  }
}

extension Session {
  /// The real numbers of a value after a run; nil where it was not kept.
  func realNumbers(of value: ValueIndex) -> [Float]? {
    integers(of: value).map { model[value].realNumbers($0) }
  }

  /// The integers of a value after a run; nil where it was not kept.
  func integers(of value: ValueIndex) -> [Int32]? {
    guard let bytes = elements(of: value) else { return nil }
    return switch model[value].element {
    case .uint8: bytes.map { Int32($0) }
    case .int8: bytes.bindMemory(to: Int8.self).map { Int32($0) }
    case .int16: bytes.bindMemory(to: Int16.self).map { Int32($0) }
    case .int32: Array(bytes.bindMemory(to: Int32.self))
    }
  }
}
