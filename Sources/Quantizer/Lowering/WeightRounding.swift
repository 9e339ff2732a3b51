import Dispatch

/// Rounds weights so that the outputs are off least, which is not the same as the weights.
///
/// With sampled inputs X, less their means because the bias takes the mean error out, one output's
/// weights w in units of their step become the integers q that make
///
///     ‖X · (w − q)‖² + λ · ‖w − q‖²
///
/// small: from the nearest integers on, one weight after the other moves to its best integer while the
/// others stay, in a few passes (cyclic coordinate descent: Behdin et al., "QuantEase", 2023). A step
/// costs as many multiply-adds as there are rows, so the whole costs a few passes of
/// weights × rows, whatever the width: no second moments of width × width are made. λ is a share of the
/// mean of ‖Xⱼ‖² and keeps weights near where the rows say nothing.
struct WeightRounding {
  /// λ as a share of the mean of ‖Xⱼ‖²: of 0.02, 0.1, 0.4 and 1.5 the one whose layers came nearest to
  /// float on photographs that had not been sampled.
  private static let damping: Float = 0.4
  /// Twelve passes came no nearer.
  private static let passes = 4
  private static let lanes = 8

  /// Inputs of an output.
  private let width: Int
  /// Rows, rounded up to whole vectors.
  private let rows: Int
  /// [width, rows]: what each input was in all rows, less its mean.
  private let columns: [Float]
  /// ‖Xⱼ‖².
  private let energies: [Float]

  /// - Parameters:
  ///   - samples: rows of what the weights multiply.
  ///   - units: factors that bring each input channel into the weights' units.
  init(_ samples: ProductSamples, units: [Double]) {
    width = samples.width
    rows = (samples.rows + Self.lanes - 1) / Self.lanes * Self.lanes
    var columns = [Float](repeating: 0, count: width * rows)
    var energies = [Float](repeating: 0, count: width)
    for column in 0..<width {
      var mean: Float = 0
      for row in 0..<samples.rows { mean += samples.numbers[row * width + column] }
      mean /= Float(max(samples.rows, 1))
      let unit = Float(units[column % units.count])
      for row in 0..<samples.rows {
        let number = (samples.numbers[row * width + column] - mean) * unit
        columns[column * rows + row] = number
        energies[column] += number * number
      }
    }
    self.columns = columns
    self.energies = energies
  }

  /// Improves rounded weights.
  ///
  /// - Parameters:
  ///   - integers: [outputs, width], the nearest to `weights`, each within ±127.
  ///   - weights: [outputs, width] in units of their steps.
  func improve(_ integers: inout [Int8], weights: [Float]) {
    let mean = energies.reduce(0, +) / Float(max(width, 1))
    // Far below where squares and their sums would overflow.
    guard mean > 0, mean < 1e30 else { return }
    let damping = Self.damping * mean
    integers.withUnsafeMutableBufferPointer { buffer in
      // Each iteration writes the integers of its own output only.
      nonisolated(unsafe) let integers = buffer
      DispatchQueue.concurrentPerform(iterations: buffer.count / width) { output in
        let own = output * width..<(output + 1) * width
        improve(
          UnsafeMutableBufferPointer(rebasing: integers[own]),
          weights: Array(weights[own]),
          damping: damping
        )
      }
    }
  }

  private func improve(
    _ integers: UnsafeMutableBufferPointer<Int8>,
    weights: [Float],
    damping: Float
  ) {
    columns.withUnsafeBufferPointer { columns in
      var residual = [Float](repeating: 0, count: rows)
      residual.withUnsafeMutableBufferPointer { residual in
        // `rows` numbers are behind both: the residual, and each column from its start on.
        let sum = UnsafeMutableRawPointer(residual.baseAddress!)
        func column(_ index: Int) -> UnsafeRawPointer {
          UnsafeRawPointer(columns.baseAddress! + index * rows)
        }
        for index in 0..<width {
          add(weights[index] - Float(integers[index]), column(index), to: sum)
        }
        for _ in 0..<Self.passes {
          var moved = false
          for index in 0..<width {
            let error = weights[index] - Float(integers[index])
            let energy = energies[index]
            let slope = dot(sum, column(index)) - error * energy
            let best = (weights[index] + slope / (energy + damping)).rounded()
            let integer = min(max(best, -127), 127)
            guard integer != Float(integers[index]) else { continue }
            add(Float(integers[index]) - integer, column(index), to: sum)
            integers[index] = Int8(integer)
            moved = true
          }
          if !moved { break }
        }
      }
    }
  }

  private func dot(_ a: UnsafeMutableRawPointer, _ b: UnsafeRawPointer) -> Float {
    var sums = SIMD8<Float>(repeating: 0)
    for offset in stride(from: 0, to: rows * 4, by: Self.lanes * 4) {
      sums +=
        a.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
        * b.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
    }
    return sums.sum()
  }

  private func add(_ factor: Float, _ b: UnsafeRawPointer, to a: UnsafeMutableRawPointer) {
    for offset in stride(from: 0, to: rows * 4, by: Self.lanes * 4) {
      let next =
        a.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
        + factor * b.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
      a.storeBytes(of: next, toByteOffset: offset, as: SIMD8<Float>.self)
    }
  }
}
