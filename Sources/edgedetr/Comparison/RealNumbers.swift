import ModelFile
import Runtime

extension Session {
  /// The real numbers of a value after a run; nil where it was not kept.
  func realNumbers(of value: ValueIndex) -> [Float]? {
    guard let bytes = elements(of: value) else { return nil }
    let step = Double(bitPattern: model[value].stepBits)
    let zero = Int(model[value].zeroPoint)
    func real(_ integer: some FixedWidthInteger) -> Float {
      Float(Double(Int(integer) - zero) * step)
    }
    return switch model[value].element {
    case .uint8: bytes.map { real($0) }
    case .int8: bytes.bindMemory(to: Int8.self).map { real($0) }
    case .int16: bytes.bindMemory(to: Int16.self).map { real($0) }
    case .int32: bytes.bindMemory(to: Int32.self).map { real($0) }
    }
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
