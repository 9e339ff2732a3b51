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
    let quantized = QuantizedWeights(
      weights,
      steps: QuantizedWeights.steps(weights, leastSteps: [0, 0])
    )
    for (index, weight) in weights.enumerated() {
      let step = quantized.steps[index / 30]
      #expect(abs(Double(quantized.values[index]) * step - weight) <= step * 0.5000001)
    }
    #expect(quantized.values.map { abs(Int($0)) }.max() == 127)
    let integers: [Int] = quantized.values.map { Int($0) }
    #expect(quantized.magnitude(ofOutput: 1) == integers[30...].map { abs($0) }.reduce(0, +))
  }

  @Test("a least step coarsens an output whose bias would not fit")
  func leastStep() {
    let weights = [1e-9, 1e-9]
    let steps = QuantizedWeights.steps(weights, leastSteps: [1e-3])
    #expect(steps == [1e-3])
    #expect(QuantizedWeights(weights, steps: steps).values == [0, 0])
  }
}
