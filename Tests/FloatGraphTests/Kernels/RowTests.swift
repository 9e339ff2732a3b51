import FloatGraph
import FloatKernels
import Foundation
import Testing

struct RowTests {
  static let widths = [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100, 256, 257]

  @Test(
    "softmax equals its definition, over a wide range of logits",
    arguments: FloatKernelTable.available
  )
  func softmax(table: FloatKernelTable) {
    for columns in Self.widths {
      let rows = 5
      var numbers = SeededNumbers(seed: UInt64(columns))
      let input = numbers.floats(rows * columns, in: -40...40)
      let result = sameBits { pool in
        guarded(rows * columns) { output in
          output.update(from: input, count: rows * columns)
          table.softmax(output, rows: rows, columns: columns, pool: pool)
        }
      }
      for row in 0..<rows {
        let logits = input[row * columns..<(row + 1) * columns].map(Double.init)
        let greatest = logits.max()!
        let sum = logits.reduce(0) { $0 + exp($1 - greatest) }
        for column in 0..<columns {
          let expected = exp(logits[column] - greatest) / sum
          let error = abs(Double(result[row * columns + column]) - expected) / expected
          // The difference of two logits below 80 is rounded too.
          #expect(error < 8e-6, "row of \(columns): relative error \(error)")
        }
      }
    }
  }

  @Test("layer norm equals its definition", arguments: FloatKernelTable.available)
  func layerNorm(table: FloatKernelTable) {
    for columns in Self.widths where columns > 1 {
      for hasResidual in [false, true] {
        let rows = 9
        var numbers = SeededNumbers(seed: UInt64(columns))
        // A mean far from 0 shows cancellation.
        let input = numbers.floats(rows * columns, in: 9...11)
        let residual = numbers.floats(rows * columns)
        let gain = numbers.floats(columns, in: -2...2)
        let bias = numbers.floats(columns)
        let result = sameBits { pool in
          guarded(rows * columns) { output in
            gain.withUnsafeBufferPointer { gain in
              bias.withUnsafeBufferPointer { bias in
                input.withUnsafeBufferPointer { input in
                  residual.withUnsafeBufferPointer { residual in
                    FloatKernels.layerNorm(
                      LayerNormRows(
                        input: input.baseAddress!,
                        residual: hasResidual ? residual.baseAddress! : nil,
                        output: output,
                        rows: rows,
                        columns: columns,
                        gain: gain.baseAddress!,
                        bias: bias.baseAddress!,
                        epsilon: 1e-5
                      ),
                      table: table,
                      pool: pool
                    )
                  }
                }
              }
            }
          }
        }
        var reference: [Double] = []
        for row in 0..<rows {
          let values = (0..<columns).map {
            Double(input[row * columns + $0])
              + (hasResidual ? Double(residual[row * columns + $0]) : 0)
          }
          let mean = values.reduce(0, +) / Double(columns)
          let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
          let scale = 1 / (variance + Double(Float(1e-5))).squareRoot()
          reference += (0..<columns).map {
            (values[$0] - mean) * scale * Double(gain[$0]) + Double(bias[$0])
          }
        }
        // The mean, near 10, is known to a rounding; it is divided by a deviation near 0.6.
        let worst = largestDifference(result, reference)
        #expect(worst < 3e-5, "\(columns) columns: \(worst)")
      }
    }
  }

  @Test(
    "group norm equals its definition on large maps and odd groups",
    arguments: FloatKernelTable.available
  )
  func groupNorm(table: FloatKernelTable) {
    for (rows, channels, groups) in [(1, 8, 2), (40, 32, 32), (513, 36, 4), (3000, 96, 32)] {
      var numbers = SeededNumbers(seed: UInt64(rows))
      let input = numbers.floats(rows * channels, in: 4...6)
      let gain = numbers.floats(channels, in: -2...2)
      let bias = numbers.floats(channels)
      let result = sameBits { pool in
        guarded(rows * channels) {
          FloatKernels.groupNorm(
            input,
            into: $0,
            rows: rows,
            channels: channels,
            groups: groups,
            gain: gain,
            bias: bias,
            epsilon: 1e-5,
            table: table,
            pool: pool
          )
        }
      }
      let width = channels / groups
      var reference = [Double](repeating: 0, count: rows * channels)
      for group in 0..<groups {
        let indices = (0..<rows).flatMap { row in
          (group * width..<(group + 1) * width).map { row * channels + $0 }
        }
        let mean = indices.reduce(0) { $0 + Double(input[$1]) } / Double(indices.count)
        let variance =
          indices.reduce(0) { $0 + (Double(input[$1]) - mean) * (Double(input[$1]) - mean) }
          / Double(indices.count)
        let scale = 1 / (variance + 1e-5).squareRoot()
        for index in indices {
          let channel = index % channels
          reference[index] =
            (Double(input[index]) - mean) * scale * Double(gain[channel]) + Double(bias[channel])
        }
      }
      let worst = largestDifference(result, reference)
      #expect(worst < 1e-5, "\(rows) rows, \(channels) channels, \(groups) groups: \(worst)")
    }
  }

  @Test(
    "each activation keeps its error bound from -80 to 80, at both ends and at zero",
    arguments: FloatKernelTable.available,
    Activation.allCases
  )
  func activation(table: FloatKernelTable, kind: Activation) {
    var input: [Float] = [0, -0.0, 1, -1, 80, -80, 1e30, -1e30, 1e-30, -1e-30, 87.9, -86.9]
    input += (-20000...20000).map { Float($0) * 0.004 }
    input += (-20000...20000).map { Float($0) * 0.0002 }
    let result = sameBits { pool in
      guarded(input.count) {
        table.activate(kind, input, into: $0, count: input.count, pool: pool)
      }
    }
    for (x, y) in zip(input, result) {
      let x64 = Double(x)
      switch kind {
      case .relu: #expect(y == max(x, 0))
      case .gelu:
        let expected = x64 * 0.5 * erfc(-x64 / 2.0.squareRoot())
        #expect(abs(Double(y) - expected) <= abs(x64) * 0x1p-22, "gelu(\(x)) = \(y)")
      case .sigmoid:
        let expected = 1 / (1 + exp(-x64))
        let allowed = max(expected * 3 * 0x1p-23, 1e-37)
        #expect(abs(Double(y) - expected) <= allowed, "sigmoid(\(x)) = \(y)")
      case .silu:
        let expected = x64 / (1 + exp(-x64))
        let allowed = max(abs(expected) * 4 * 0x1p-23, abs(x64) * 1e-37)
        #expect(abs(Double(y) - expected) <= allowed, "silu(\(x)) = \(y)")
      }
    }
  }

  @Test("a sum of two maps is exact at every length", arguments: FloatKernelTable.available)
  func add(table: FloatKernelTable) {
    for count in Self.widths + [9000] {
      var numbers = SeededNumbers(seed: UInt64(count))
      let left = numbers.floats(count)
      let right = numbers.floats(count)
      let result = sameBits { pool in
        guarded(count) { table.add(left, right, into: $0, count: count, pool: pool) }
      }
      #expect(result == zip(left, right).map { $0 + $1 })
    }
  }

  @Test("the measured peak is positive and grows with the vectors")
  func peak() {
    let pool = WorkerPool(threads: 1)
    for table in FloatKernelTable.available {
      #expect(table.measureMultiplyAddPeak(pool: pool, runs: 2) > 1e8)
    }
  }
}
