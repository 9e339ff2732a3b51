/// How the uint8 inputs of a matrix product are drawn.
///
/// Kernels that add products up in 16 bits ask what inputs are at most: patterns lie below, above and at
/// what their bounds turn on.
enum InputPattern: CaseIterable {
  case any
  /// As a ReLU leaves them: half are zero, few are large.
  case rectified
  case largest
  case ends
  case lowerHalf
  case around128
  /// Some columns are zero, some full, as channels that do not fire.
  case byColumn

  /// As the lines of failures name it.
  var name: StaticString {
    switch self {
    case .any: "any"
    case .rectified: "rectified"
    case .largest: "largest"
    case .ends: "ends"
    case .lowerHalf: "lower half"
    case .around128: "around 128"
    case .byColumn: "by column"
    }
  }

  func fill(_ inputs: UnsafeMutablePointer<UInt8>, _ count: Int, _ random: inout RandomNumbers) {
    for index in 0..<count {
      switch self {
      case .any: inputs[index] = UInt8(random.number(0...255))
      case .rectified:
        inputs[index] = UInt8(max(0, (0..<6).reduce(0) { sum, _ in sum + random.number(-27...27) }))
      case .largest: inputs[index] = 255
      case .ends: inputs[index] = UInt8(random.extreme(0...255))
      case .lowerHalf: inputs[index] = UInt8(random.extreme(0...127))
      case .around128: inputs[index] = UInt8(random.extreme(100...165))
      case .byColumn:
        let most = [0, 0, 0, 0, 0, 0, 0, 0, 255, 254, 129, 128, 127, 64][index / 2 % 14]
        inputs[index] = UInt8(random.extreme(0...most))
      }
    }
  }
}

/// How the weights of a matrix product are drawn.
///
/// 255 · 128 is the largest multiple of 255 below 2¹⁵, so that pairs of one sign are exact in 16 bits or not
/// around a sum of 128, and quadruples of half as large inputs around 257.
enum WeightPattern: CaseIterable {
  case any
  /// As training leaves them: few are large.
  case bell
  case largest
  case ends
  /// Pairs of one sign whose sums lie around 128, quadruples around 257.
  case aroundBound
  /// The one number that a quantizer does not write, but a file may hold.
  case withLowest

  /// As the lines of failures name it.
  var name: StaticString {
    switch self {
    case .any: "any"
    case .bell: "bell"
    case .largest: "largest"
    case .ends: "ends"
    case .aroundBound: "around bound"
    case .withLowest: "with lowest"
    }
  }

  func draw(_ random: inout RandomNumbers) -> Int8 {
    switch self {
    case .any: Int8(random.number(-127...127))
    case .bell: Int8((0..<6).reduce(0) { sum, _ in sum + random.number(-21...21) })
    case .largest: 127
    case .ends: Int8(random.extreme(-127...127))
    case .aroundBound: Int8(random.pick([127, 1, 2, 64, 65, 63, 0, -64, -65, -63, -127, -1]))
    case .withLowest: Int8(random.extreme(-128...127))
    }
  }
}
