/// Which bits of which coefficients the scans of a progressive frame have brought so far.
///
/// Every scan has to bring something new, in order, so that the number of scans that touch a
/// coefficient is at most 14.
struct Progression {
  /// For each component 64 numbers: the lowest bit that is known, 14 while none is.
  private var lowBits: [UInt8]

  private static let nothing: UInt8 = 14

  init(componentCount: Int) {
    lowBits = [UInt8](repeating: Self.nothing, count: 64 * componentCount)
  }

  /// Notes what a scan brings.
  mutating func add(_ scan: JPEGScan) throws(JPEGError) {
    let coefficients: ClosedRange<Int>
    let lowBit: Int
    let isFirst: Bool
    switch scan.content {
    case .sequential:
      return
    case .firstDC(let bit):
      (coefficients, lowBit, isFirst) = (0...0, bit, true)
    case .nextDC(let bit):
      (coefficients, lowBit, isFirst) = (0...0, bit, false)
    case .firstAC(let band):
      (coefficients, lowBit, isFirst) = (band.coefficients, band.lowBit, true)
    case .nextAC(let band):
      (coefficients, lowBit, isFirst) = (band.coefficients, band.lowBit, false)
    }
    for member in scan.members {
      let base = member.component * 64
      for coefficient in coefficients {
        let expected = lowBits[base + coefficient]
        let found = isFirst ? Self.nothing : UInt8(lowBit + 1)
        // AC coefficients come after the DC coefficient of their component.
        guard found == expected, coefficient == 0 || lowBits[base] != Self.nothing else {
          throw .progressionOrder(
            coefficient: coefficient,
            highBit: isFirst ? 0 : lowBit + 1,
            expected: expected == Self.nothing ? 0 : Int(expected),
            offset: scan.offset
          )
        }
        lowBits[base + coefficient] = UInt8(lowBit)
      }
    }
  }

  /// The lowest known bit of a coefficient in zigzag order, -1 while none is.
  func lowBit(component: Int, coefficient: Int) -> Int {
    let bit = lowBits[64 * component + coefficient]
    return bit == Self.nothing ? -1 : Int(bit)
  }
}
