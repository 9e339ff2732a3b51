import Foundation
import Testing

@testable import Evaluation

@Suite("Error of layers")
struct LayerErrorTests {
  @Test("a tenth of the amplitude as noise is 20 decibels")
  func signalToNoise() {
    var error = SignalError()
    error.add(reference: [1, -1, 1, -1], tested: [1.1, -0.9, 0.9, -1.1])
    #expect(abs(error.signalToNoise - 20) < 1e-5)
    #expect(abs(error.relativeError - 0.1) < 1e-6)
    #expect(abs(error.largestDifference - 0.1) < 1e-6)
    #expect(error.count == 4)
  }

  @Test("the cosine sees direction, not length")
  func cosine() {
    var error = SignalError()
    error.add(reference: [3, 4], tested: [6, 8])
    #expect(abs(error.cosine - 1) < 1e-12)
    error = SignalError()
    error.add(reference: [1, 0], tested: [1, 1])
    #expect(abs(error.cosine - 0.5.squareRoot()) < 1e-12)
    error = SignalError()
    error.add(reference: [1, 2], tested: [-1, -2])
    #expect(abs(error.cosine + 1) < 1e-12)
  }

  @Test("equal tensors have no error, zero tensors no direction")
  func extremes() {
    var error = SignalError()
    error.add(reference: [0, 0], tested: [0, 0])
    #expect(error.signalToNoise == .infinity && error.relativeError == 0 && error.cosine == 1)
    error.add(reference: [0], tested: [2])
    #expect(error.signalToNoise == -.infinity && error.cosine == 0)
  }

  @Test("parts added in any way give the whole")
  func parts() {
    var random = SeededGenerator(seed: 4)
    let reference = (0..<64).map { _ in Float.random(in: -1...1, using: &random) }
    let tested = reference.map { ($0 * 16).rounded() / 16 }
    var whole = SignalError()
    whole.add(reference: reference, tested: tested)
    var (left, right) = (SignalError(), SignalError())
    left.add(reference: Array(reference[..<20]), tested: Array(tested[..<20]))
    right.add(reference: Array(reference[20...]), tested: Array(tested[20...]))
    left.add(right)
    #expect(left.count == whole.count && left.largestDifference == whole.largestDifference)
    #expect(abs(left.signalToNoise - whole.signalToNoise) < 1e-9)
    #expect(abs(left.cosine - whole.cosine) < 1e-12)
  }

  @Test("attention to one place has entropy 0, to n places alike the logarithm of n")
  func sparsity() throws {
    var sparsity = AttentionSparsity()
    #expect(sparsity.meanNegativeEntropy == nil)
    sparsity.add([0, 1, 0, 0], columns: 4)
    #expect(sparsity.meanNegativeEntropy == 0)
    sparsity = AttentionSparsity()
    sparsity.add([0.25, 0.25, 0.25, 0.25], columns: 4)
    #expect(abs(try #require(sparsity.meanNegativeEntropy) + log(4)) < 1e-12)
    // Integers in any unit, an empty row left out, and the mean of both rows.
    sparsity = AttentionSparsity()
    sparsity.add([128, 128, 0, 0, 7, 0], columns: 2)
    #expect(sparsity.rowCount == 2)
    #expect(abs(try #require(sparsity.meanNegativeEntropy) + log(2) / 2) < 1e-12)
  }
}
