import Dispatch
import FloatGraph

/// Chooses the range of every 8-bit activation by the error that it makes in what reads it.
///
/// For each candidate observer the sampled inputs of all products that read the value are rounded
/// and clipped to its range, and the products' outputs compared with the exact ones:
///
///     error = Σ over products of ‖W · (Q(x) − x)‖² / ‖W · x‖²
///
/// Readers that add the value, or sample it, see its own relative squared error instead.
struct RangeChoice {
  typealias ValueID = FloatGraph.ValueID

  let graph: FloatGraph
  let calibration: Calibration
  let analysis: GraphAnalysis

  /// The observer that is chosen for each source of ranges.
  ///
  /// - Parameter cache: questions answered before; new answers are added.
  /// - Returns: the observers by source.
  func observers(_ cache: QuantizationCache) -> [ValueID: RangeObserver] {
    var products: [ValueID: [Int]] = [:]
    var others: [ValueID: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      switch node.operation {
      case .convolution, .linear:
        let tokens = analysis.positionSum(node.inputs[0])?.tokens ?? node.inputs[0]
        guard tokens != graph.picture, analysis.productInput(node) == .byte else { continue }
        products[analysis.rangeSource(tokens), default: []].append(index)
      case .add, .deformableAttention:
        for value in node.inputs { others[analysis.rangeSource(value), default: 0] += 1 }
      case .upsample, .concatenateColumns:
        // Values in units of their own, which others read too.
        let own = analysis.rangeSource(node.output)
        for value in node.inputs where analysis.rangeSource(value) != own {
          others[analysis.rangeSource(value), default: 0] += 1
        }
      default: break
      }
    }
    let sources = Set(products.keys).union(others.keys).sorted { $0.index < $1.index }
    let questions = sources.map {
      QuantizationCache.RangeQuestion(
        source: $0,
        products: products[$0] ?? [],
        others: others[$0] ?? 0
      )
    }
    let open = questions.filter { cache.observers[$0] == nil }
    var answers = [RangeObserver](repeating: .minMax, count: open.count)
    answers.withUnsafeMutableBufferPointer { buffer in
      // Each iteration writes its own element only.
      nonisolated(unsafe) let slots = buffer
      DispatchQueue.concurrentPerform(iterations: open.count) { slots[$0] = best(open[$0]) }
    }
    for (question, answer) in zip(open, answers) { cache.observers[question] = answer }
    return Dictionary(
      uniqueKeysWithValues: questions.map { ($0.source, cache.observers[$0] ?? .minMax) }
    )
  }

  /// Rows of samples that are looked at; more change next to no choice.
  private static let rows = 64

  private func best(_ question: QuantizationCache.RangeQuestion) -> RangeObserver {
    let statistics = calibration[question.source]
    let inputs = question.products.map { calibration.tokens(ofProduct: $0)?.first(Self.rows) ?? [] }
    let exact = zip(question.products, inputs).map { output(of: $0, input: $1) }
    var best = RangeObserver.minMax
    var least = Double.infinity
    for observer in RangeObserver.candidates {
      let range = observer.range(of: statistics)
      let quantization = Quantization(.byte, range: range, extremes: range)
      var error = 0.0
      for (place, product) in question.products.enumerated() where !inputs[place].isEmpty {
        let difference = inputs[place].map { quantization.rounded($0) - $0 }
        let moved = output(of: product, input: difference)
        error += Self.energy(moved) / max(Self.energy(exact[place]), 1e-30)
      }
      if question.others > 0 || question.products.isEmpty {
        error +=
          Double(max(question.others, 1)) * statistics.squaredError(range: range, levels: 255)
          / max(statistics.energy, 1e-30)
      }
      if error < least {
        least = error
        best = observer
      }
    }
    return best
  }

  /// `W · x` for every row of samples; the bias does not matter for differences.
  private func output(of node: Int, input: [Float]) -> [Float] {
    let weights: FloatOperation.Weights
    switch graph.nodes[node].operation {
    case .convolution(let its, _, _), .linear(let its, _): weights = its
    default: return []
    }
    let width = weights.values.count / weights.outputs
    let rows = input.count / max(width, 1)
    var output = [Float](repeating: 0, count: rows * weights.outputs)
    input.withUnsafeBufferPointer { input in
      weights.values.withUnsafeBufferPointer { weights in
        for index in output.indices {
          let row = index / (output.count / rows)
          let column = index % (output.count / rows)
          output[index] = Self.dot(
            input.baseAddress! + row * width,
            weights.baseAddress! + column * width,
            width
          )
        }
      }
    }
    return output
  }

  /// A dot product with eight partial sums.
  private static func dot(
    _ a: UnsafePointer<Float>,
    _ b: UnsafePointer<Float>,
    _ count: Int
  ) -> Float {
    var sums = SIMD8<Float>(repeating: 0)
    var index = 0
    while index + 8 <= count {
      // Inside both arrays: index + 8 does not pass count.
      let x = UnsafeRawPointer(a + index).loadUnaligned(as: SIMD8<Float>.self)
      let y = UnsafeRawPointer(b + index).loadUnaligned(as: SIMD8<Float>.self)
      sums += x * y
      index += 8
    }
    var sum = sums.sum()
    while index < count {
      sum += a[index] * b[index]
      index += 1
    }
    return sum
  }

  private static func energy(_ numbers: [Float]) -> Double {
    numbers.reduce(0) { $0 + Double($1) * Double($1) }
  }
}

extension ValueStatistics {
  /// The sum of squares over the histogram.
  var energy: Double { squaredError(range: 0...0, levels: 255) }
}

extension Quantization {
  /// A number rounded to a step and clipped to the bounds.
  func rounded(_ real: Float) -> Float { Float(Double(integer(real) - zeroPoint) * step) }
}
