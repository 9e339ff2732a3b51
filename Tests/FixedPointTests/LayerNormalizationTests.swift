import Foundation
import Testing

@testable import FixedPoint

@Suite("Layer normalisation")
struct LayerNormalizationTests {
  @Test("the worked numbers of the documentation come out")
  func workedNumbers() {
    let row: [Int16] = [1, 2, 6]
    var statistics = NormalizationStatistics()
    statistics.add(row, count: 3)
    #expect(statistics == NormalizationStatistics(count: 3, sum: 9, sumOfSquares: 41))
    #expect(statistics.scaledVariance == 42)
    #expect(scaledEpsilon(45_035_996_274, count: 256) == 687_195)
    let normalization = LayerNormalization(statistics, scaledEpsilon: 0)
    #expect(normalization.standardScore(6) == 5_824_756)
    #expect(normalization.output(6, gamma: 6_553_600, beta: -65536, outputShift: 16) == 138)

    let gamma = [Int32](repeating: 100 << 16, count: 3)
    var output: [Int16] = [0, 0, 0]
    layerNormRow(
      input: row,
      count: 3,
      scaledEpsilon: 0,
      gamma: gamma,
      beta: [0, 0, 0],
      outputShift: 16,
      output: &output
    )
    #expect(output == [-93, -46, 139])
    var bytes: [UInt8] = [0, 0, 0]
    let beta = [Int32](repeating: 128 << 16, count: 3)
    layerNormRow(
      input: row,
      count: 3,
      scaledEpsilon: 0,
      gamma: gamma,
      beta: beta,
      outputShift: 16,
      output: &bytes
    )
    #expect(bytes == [35, 82, 255])
  }

  @Test(
    "every output is within the derived bound, below 0.505 units, for rows up to 65536",
    arguments: [UInt64(29)]
  )
  func error(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var range = ErrorRange()
    let counts = [1, 2, 3, 4, 7, 8, 32, 255, 256, 257, 288, 2048, 32768, 65535, 65536]
    for row in NormalizationRows.rows(counts: counts, seed: seed) {
      let count = row.count
      for (outputShift, epsilon) in [
        (Int32(16), UInt64(0)), (16, 45_035_996), (11, 1 << 32), (0, 7), (24, 1 << 49),
      ] {
        let scaled = scaledEpsilon(epsilon, count: UInt32(count))
        // γ up to 2^15 output units, β up to 2^14, as far as the format holds them.
        let limit = Int32(clamping: Int64(1) << Int64(15 + outputShift) - 1)
        let gamma = (0..<count).map { index in
          index == 0
            ? limit : Int32.random(in: -limit...limit, using: &generator) >> Int32(index % 13)
        }
        let beta = (0..<count).map { _ in
          Int32.random(in: -(limit / 2)...(limit / 2), using: &generator)
        }
        var output = [Int16](repeating: 0, count: count)
        layerNormRow(
          input: row,
          count: count,
          scaledEpsilon: scaled,
          gamma: gamma,
          beta: beta,
          outputShift: outputShift,
          output: &output
        )
        let exact = ExactStatistics(row.map(Int32.init), scaledEpsilon: scaled)
        for index in 0..<count {
          let unit = exp2(-Double(outputShift))
          let score = exact.standardScore(Int32(row[index]))
          let slope = Double(gamma[index]) * unit
          let ideal = score * slope + Double(beta[index]) * unit
          let error = Double(output[index]) - min(max(ideal, -32768), 32767)
          let bound = 0.5 + abs(slope) * 0x1p-23 + abs(score * slope) * exp2(-29.1)
          range.record(error, at: UInt64(count))
          if abs(error) > bound {
            Issue.record("count \(count), shift \(outputShift), entry \(index): off by \(error)")
            return
          }
        }
      }
    }
    print("layerNormRow, output units: \(range)")
    #expect(range.largest < 0.505)
  }

  @Test("the byte form is the 16-bit form clamped to 0…255", arguments: [UInt64(31)])
  func bytes(seed: UInt64) {
    print("seed \(seed)")
    for row in NormalizationRows.rows(counts: [1, 5, 256], seed: seed) {
      let gamma = [Int32](repeating: 40 << 16, count: row.count)
      let beta = [Int32](repeating: 117 << 16, count: row.count)
      var wide = [Int16](repeating: 0, count: row.count)
      var bytes = [UInt8](repeating: 0, count: row.count)
      layerNormRow(
        input: row,
        count: row.count,
        scaledEpsilon: 5,
        gamma: gamma,
        beta: beta,
        outputShift: 16,
        output: &wide
      )
      layerNormRow(
        input: row,
        count: row.count,
        scaledEpsilon: 5,
        gamma: gamma,
        beta: beta,
        outputShift: 16,
        output: &bytes
      )
      #expect(bytes == wide.map { UInt8(clamping: $0) })
    }
  }

  @Test("a row may be normalised in place")
  func inPlace() {
    var row: [Int16] = [1, 2, 6]
    row.withUnsafeMutableBufferPointer { buffer in
      layerNormRow(
        input: UnsafePointer(buffer.baseAddress!),
        count: 3,
        scaledEpsilon: 0,
        gamma: [6_553_600, 6_553_600, 6_553_600],
        beta: [0, 0, 0],
        outputShift: 16,
        output: buffer.baseAddress!
      )
    }
    #expect(row == [-93, -46, 139])
  }
}
