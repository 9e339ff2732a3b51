import FloatGraph
import Foundation
import Testing

@testable import Quantizer

@Suite("Activations become tables")
struct ActivationTableTests {
  /// The greatest slopes, at 1.5 (GELU, √2) and 2.4 (SiLU).
  private static let slopes: [(FloatOperation.Activation, Double)] = [(.gelu, 1.129), (.silu, 1.1)]

  /// Written apart from the quantizer's own.
  private static func exact(_ activation: FloatOperation.Activation, _ x: Double) -> Double {
    activation == .gelu ? x * (1 + erf(x / 2.0.squareRoot())) / 2 : x - x / (1 + exp(x))
  }

  @Test(
    "within half a step of the output and the slope's part of half a step of the input",
    arguments: [0.01, 1, 8, 60],
    [Form.byte, .wide]
  )
  func error(range: Double, form: Form) {
    for (activation, slope) in Self.slopes {
      let extremes = -range * 1.3...range
      let from = Quantization(.tableIndex, range: extremes, extremes: extremes)
      let results = [-range * 1.3, -1.3, -0.7, 0, range].map { Self.exact(activation, $0) }
      let limits = min(results.min()!, -0.28)...max(results.max()!, 1e-3)
      let target = Quantization(form, range: limits, extremes: limits)
      let table = activation.table(from: from, to: target)
      #expect(table.count == 4096)
      let bound = target.step / 2 + from.step / 2 * slope + 1e-12
      let samples = 100_000
      for sample in 0...samples {
        let x =
          extremes.lowerBound
          + (extremes.upperBound - extremes.lowerBound) * Double(sample) / Double(samples)
        let place = from.integer(x)
        let found = Double(table[Int(place)] - target.zeroPoint) * target.step
        // Bytes end at the range, which a zero point moves by half a step.
        let error = abs(found - Self.exact(activation, x))
        guard error > bound * (form == .byte ? 2 : 1) else { continue }
        Issue.record("\(activation) at \(x): \(found), off by \(error), bound \(bound)")
        return
      }
    }
  }

  @Test("inputs outside of the measured range have an eighth of it on either side")
  func headroom() {
    let range = -3.0...5.0
    let from = Quantization(.tableIndex, range: range, extremes: range)
    let ends = [0, 4095].map { Double($0 - from.zeroPoint) * from.step }
    #expect(abs(ends[0] - -4) < 2 * from.step)
    #expect(abs(ends[1] - 6) < 2 * from.step)
  }
}
