import FixedPoint
import Testing

@testable import Quantizer

@Suite("Factors as integers")
struct RescaleTests {
  @Test("a factor keeps 30 bits over forty octaves")
  func precision() throws {
    var ratio = 1e-10
    while ratio < 1e6 {
      let rescale = try #require(Rescale(ratio))
      let value =
        Double(rescale.multiplier) * Quantization.power(-Int(rescale.shift))
      // Below 2^-32 the shift ends at 62 and bits are lost one by one.
      let exact = ratio >= Quantization.power(-32)
      #expect(abs(value / ratio - 1) <= (exact ? Quantization.power(-30) : 1e-6))
      ratio *= 1.37
    }
  }

  @Test("what no integer can represent is refused", arguments: [-1.0, .nan, .infinity, 2e9])
  func refused(ratio: Double) {
    #expect(Rescale(ratio) == nil)
  }

  @Test("factors with a common shift keep 30 bits of the greatest")
  func common() throws {
    let ratios = [0.25, 0.001, 0.9999999999, 0]
    let common = try #require(CommonShift(ratios))
    for (ratio, multiplier) in zip(ratios, common.multipliers) {
      let value = Double(multiplier) * Quantization.power(-Int(common.shift))
      #expect(abs(value - ratio) <= Quantization.power(-30))
      #expect(multiplier >= 0)
    }
  }
}
