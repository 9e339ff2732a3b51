import Testing

@testable import Quantizer

@Suite("Weights as int8")
struct QuantizedWeightsTests {
  @Test("each output has its own scale and no weight is off by more than half a step")
  func rounding() {
    let weights: [Double] = (0..<60).map { index in
      let scale: Double = index < 30 ? 0.001 : 5
      return Double(index * 37 % 23 - 11) * scale
    }
    let quantized = QuantizedWeights(weights, outputs: 2, leastSteps: [0, 0])
    for (index, weight) in weights.enumerated() {
      let step = quantized.steps[index / 30]
      #expect(abs(Double(quantized.values[index]) * step - weight) <= step * 0.5000001)
    }
    #expect(quantized.values.map { abs(Int($0)) }.max() == 127)
    let integers: [Int] = quantized.values.map { Int($0) }
    #expect(quantized.sums[0] == integers[..<30].reduce(0, +))
    #expect(quantized.magnitudes[1] == integers[30...].map { abs($0) }.reduce(0, +))
  }

  @Test("a least step coarsens an output whose bias would not fit")
  func leastStep() {
    let quantized = QuantizedWeights([1e-9, 1e-9], outputs: 1, leastSteps: [1e-3])
    #expect(quantized.steps == [1e-3])
    #expect(quantized.values == [0, 0])
  }
}
