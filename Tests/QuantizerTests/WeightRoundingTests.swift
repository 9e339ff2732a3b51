import Testing

@testable import Quantizer

@Suite("Weights rounded by the error of the outputs")
struct WeightRoundingTests {
  private static let width = 24
  private static let outputs = 6

  private let weights: [Double]
  private let fitted: ProductSamples
  private let held: [Float]

  /// Inputs that hang together, as those of a network do: few sources, mixed, with a common mean.
  init() {
    var random = SeededGenerator(seed: 7)
    weights = (0..<Self.width * Self.outputs).map { _ in Double.random(in: -1...1, using: &random) }
    let mix = (0..<4 * Self.width).map { _ in Float.random(in: -1...1, using: &random) }
    func rows(_ count: Int) -> [Float] {
      (0..<count).flatMap { _ in
        let sources = (0..<4).map { _ in Float.random(in: -1...1, using: &random) }
        return (0..<Self.width).map { column in
          0.7
            + (0..<4).reduce(Float.random(in: -0.05...0.05, using: &random)) {
              $0 + sources[$1] * mix[$1 * Self.width + column]
            }
        }
      }
    }
    fitted = ProductSamples(width: Self.width, numbers: rows(200), offered: 200)
    held = rows(200)
  }

  /// The variance over rows of the outputs' error: the bias takes the mean out.
  private func error(_ quantized: QuantizedWeights, _ rows: [Float]) -> Double {
    var total = 0.0
    for output in 0..<Self.outputs {
      let errors = stride(from: 0, to: rows.count, by: Self.width).map { start in
        (0..<Self.width).reduce(0.0) { sum, column in
          let place = output * Self.width + column
          let rounded = Double(quantized.values[place]) * quantized.steps[output]
          return sum + (weights[place] - rounded) * Double(rows[start + column])
        }
      }
      let mean = errors.reduce(0, +) / Double(errors.count)
      total += errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    return total
  }

  @Test("the outputs' error falls to less than a half, also on rows that were not sampled")
  func improves() {
    // Coarse steps, so that rounding is what counts.
    let steps = QuantizedWeights.steps(
      weights,
      leastSteps: [Double](repeating: 0.1, count: Self.outputs)
    )
    let nearest = QuantizedWeights(weights, steps: steps)
    let rounding = WeightRounding(fitted, units: [1])
    let improved = QuantizedWeights(weights, steps: steps, rounding: rounding)
    #expect(error(improved, fitted.numbers) < error(nearest, fitted.numbers) / 2)
    #expect(error(improved, held) < error(nearest, held) / 2)
    #expect(improved.values.allSatisfy { $0 >= -127 })
  }

  @Test("without rows, and where inputs never change, weights stay the nearest")
  func nothingKnown() {
    let steps = QuantizedWeights.steps(weights, leastSteps: [Double](repeating: 0, count: 6))
    let nearest = QuantizedWeights(weights, steps: steps)
    let empty = ProductSamples(width: Self.width)
    let constant = ProductSamples(
      width: Self.width,
      numbers: [Float](repeating: 2, count: Self.width * 50),
      offered: 50
    )
    for samples in [empty, constant] {
      let rounded = QuantizedWeights(
        weights,
        steps: steps,
        rounding: WeightRounding(samples, units: [1])
      )
      #expect(rounded.values == nearest.values)
    }
  }

  @Test("units of the inputs are those of the weights")
  func units() {
    let steps = QuantizedWeights.steps(weights, leastSteps: [Double](repeating: 0.1, count: 6))
    let scaled = ProductSamples(
      width: Self.width,
      numbers: fitted.numbers.enumerated().map { $0 % 2 == 0 ? $1 * 4 : $1 },
      offered: 200
    )
    let (one, other) = (
      WeightRounding(fitted, units: [4, 1]), WeightRounding(scaled, units: [1, 1])
    )
    #expect(
      QuantizedWeights(weights, steps: steps, rounding: one).values
        == QuantizedWeights(weights, steps: steps, rounding: other).values
    )
  }
}
