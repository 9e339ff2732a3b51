import FixedPoint
import Kernels
import Testing

@testable import Runtime

@Suite("Changes of units on every table")
struct UnitChangeTests {
  @Test(
    "every 16-bit number becomes the byte of the definition",
    arguments: [17, 18, 30, 31, 37, 38, 45, 46, 47],
    [1, 0x7fff, 0x8000, 0x1234_8000, 0x4000_0000, 0x7fff_7fff, 0x7fff_8000, 0x7fff_ffff]
  )
  func wordsToBytes(shift: Int32, multiplier: Int32) {
    // Three more than whole registers.
    let numbers = (0..<65536 + 3).map { Int16(truncatingIfNeeded: $0) }
    for zeroPoint: Int32 in [0, 1, 127, 255] {
      func bytes(_ table: KernelTable) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: numbers.count)
        numbers.withUnsafeBytes { input in
          result.withUnsafeMutableBytes { output in
            table.unitChange(
              UnitChange(
                input: input.baseAddress!,
                inputElement: .int16,
                inputZeroPoint: 0,
                count: numbers.count,
                rescale: Rescale(multiplier: multiplier, shift: shift),
                output: output.baseAddress!,
                outputElement: .uint8,
                outputZeroPoint: zeroPoint
              )
            )
          }
        }
        return result
      }
      let expected = bytes(.scalar)
      for table in KernelTable.supported { #expect(bytes(table) == expected, "\(table.name)") }
    }
  }
}
