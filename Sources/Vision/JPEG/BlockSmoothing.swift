/// The estimates by which libjpeg-turbo smooths a progressive picture whose scans do not bring all
/// bits of the low AC coefficients (an idea of ITU-T T.81, K.8).
///
/// The first nine AC coefficients that are 0 and not completely known are estimated from the DC values
/// of the 5 x 5 blocks around their block; where no AC coefficient of the component is known, DC itself
/// is smoothed too. An estimate is the sum of DC values times a kernel, times the factor of DC, over
/// 256 times the coefficient's own factor, rounded to the nearest, and stays below what the known bits
/// allow. A file whose scans are complete is not touched.
struct BlockSmoothing {
  /// For each component the lowest known bit of the coefficients 0 to 9 in zigzag order, -1 for none.
  private let lowBits: [[Int]]

  /// Makes the estimates where any coefficient needs them.
  ///
  /// - Parameters:
  ///   - progression: what the scans have brought.
  ///   - factors: the quantisation factors of each component; a 0 among those of the first ten
  ///     coefficients allows no estimates.
  init?(_ progression: Progression, factors: [InverseDCT.Block<SIMD8<Int16>>]) {
    var lowBits: [[Int]] = []
    var isUseful = false
    for component in factors.indices {
      var bits: [Int] = []
      for coefficient in 0...9 {
        guard Self.factor(factors[component], coefficient) > 0 else { return nil }
        let bit = progression.lowBit(component: component, coefficient: coefficient)
        isUseful = isUseful || (coefficient > 0 && bit != 0)
        bits.append(bit)
      }
      lowBits.append(bits)
    }
    guard isUseful else { return nil }
    self.lowBits = lowBits
  }

  /// Fills the estimates into a block.
  ///
  /// - Parameters:
  ///   - block: its 64 coefficients, row by row.
  ///   - component: the index of its component.
  ///   - factors: the component's quantisation factors.
  ///   - neighbors: the DC values of the 5 x 5 blocks around it, row by row.
  func fill(
    _ block: inout MutableSpan<Int16>,
    component: Int,
    factors: borrowing InverseDCT.Block<SIMD8<Int16>>,
    neighbors: InlineArray<25, Int16>
  ) {
    let bits = lowBits[component]
    let knowsNoAC = bits[1...].allSatisfy { $0 == -1 }
    let dcFactor = Self.factor(factors, 0)
    for coefficient in 1...(knowsNoAC ? 9 : 5) {
      let place = naturalOrder(coefficient)
      if bits[coefficient] == 0 || block[place] != 0 {
        continue
      }
      let kernel = knowsNoAC ? Self.wideKernel(coefficient) : Self.narrowKernel(coefficient)
      block[place] = Self.estimate(
        neighbors,
        kernel,
        dcFactor: dcFactor,
        factor: Self.factor(factors, coefficient),
        knownBit: bits[coefficient]
      )
    }
    if knowsNoAC {
      block[0] = Self.estimate(
        neighbors,
        Self.wideKernel(0),
        dcFactor: dcFactor,
        factor: dcFactor,
        knownBit: -1
      )
    }
  }

  private static func factor(
    _ factors: borrowing InverseDCT.Block<SIMD8<Int16>>,
    _ coefficient: Int
  ) -> Int64 {
    // The first ten coefficients lie in the first four rows.
    let place = naturalOrder(coefficient)
    let rows: InlineArray<4, SIMD8<Int16>> = [
      factors.row0, factors.row1, factors.row2, factors.row3,
    ]
    return Int64(UInt16(bitPattern: rows[place >> 3][place & 7]))
  }

  private static func estimate(
    _ neighbors: InlineArray<25, Int16>,
    _ kernel: Kernel,
    dcFactor: Int64,
    factor: Int64,
    knownBit: Int
  ) -> Int16 {
    var sum: Int64 = 0
    for index in 0..<25 {
      sum += Int64(neighbors[index]) * Int64(kernel[index])
    }
    let magnitude = Int64((sum * dcFactor).magnitude)
    var estimate = (factor * 128 + magnitude) / (factor * 256)
    if knownBit > 0 {
      estimate = min(estimate, 1 << Int64(knownBit) - 1)
    }
    return Int16(truncatingIfNeeded: sum < 0 ? -estimate : estimate)
  }

  private typealias Kernel = InlineArray<25, Int16>

  /// The kernels where no AC coefficient is known; coefficients in zigzag order.
  private static func wideKernel(_ coefficient: Int) -> Kernel {
    switch coefficient {
    case 0:
      [
        -2, -6, -8, -6, -2,
        -6, 6, 42, 6, -6,
        -8, 42, 152, 42, -8,
        -6, 6, 42, 6, -6,
        -2, -6, -8, -6, -2,
      ]
    case 1:
      [
        -1, -1, 0, 1, 1,
        -3, 13, 0, -13, 3,
        -3, 38, 0, -38, 3,
        -3, 13, 0, -13, 3,
        -1, -1, 0, 1, 1,
      ]
    case 2: transposed(wideKernel(1))
    case 3: transposed(wideKernel(5))
    case 4:
      [
        -1, 0, 0, 0, 1,
        0, 9, 0, -9, 0,
        0, 0, 0, 0, 0,
        0, -9, 0, 9, 0,
        1, 0, 0, 0, -1,
      ]
    case 5:
      [
        0, 0, 0, 0, 0,
        0, 2, -5, 2, 0,
        1, 7, -14, 7, 1,
        0, 2, -5, 2, 0,
        0, 0, 0, 0, 0,
      ]
    case 6:
      [
        0, 0, 0, 0, 0,
        0, 1, 0, -1, 0,
        0, 2, 0, -2, 0,
        0, 1, 0, -1, 0,
        0, 0, 0, 0, 0,
      ]
    case 7:
      [
        0, 0, 0, 0, 0,
        0, 1, -3, 1, 0,
        0, 0, 0, 0, 0,
        0, -1, 3, -1, 0,
        0, 0, 0, 0, 0,
      ]
    case 8: transposed(wideKernel(7))
    default: transposed(wideKernel(6))
    }
  }

  /// The kernels where some AC coefficients are known; coefficients 1 to 5 in zigzag order.
  private static func narrowKernel(_ coefficient: Int) -> Kernel {
    switch coefficient {
    case 1:
      [
        0, 0, 0, 0, 0,
        0, 0, 0, 0, 0,
        -7, 50, 0, -50, 7,
        0, 0, 0, 0, 0,
        0, 0, 0, 0, 0,
      ]
    case 2: transposed(narrowKernel(1))
    case 3: transposed(narrowKernel(5))
    case 4:
      [
        0, -1, 0, 1, 0,
        -1, 10, 0, -10, 1,
        0, 0, 0, 0, 0,
        1, -10, 0, 10, -1,
        0, 1, 0, -1, 0,
      ]
    default:
      [
        0, 0, 0, 0, 0,
        0, 0, 0, 0, 0,
        -1, 13, -24, 13, -1,
        0, 0, 0, 0, 0,
        0, 0, 0, 0, 0,
      ]
    }
  }

  private static func transposed(_ kernel: Kernel) -> Kernel {
    var result = kernel
    for row in 0..<5 {
      for column in 0..<5 {
        result[row * 5 + column] = kernel[column * 5 + row]
      }
    }
    return result
  }
}
