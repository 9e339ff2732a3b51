import FloatGraph
import FloatKernels
import Foundation
import Testing

struct AttentionTests {
  @Test(
    "attention equals its definition, with and without masked keys",
    arguments: FloatKernelTable.available
  )
  func attention(table: FloatKernelTable) {
    for (queries, keys, heads, width, valueWidth) in [
      (1, 1, 1, 4, 4), (5, 7, 2, 8, 8), (50, 33, 4, 9, 9), (100, 300, 8, 32, 32),
      (49, 64, 2, 24, 16),
    ] {
      for isMasked in [false, true] {
        var numbers = SeededNumbers(seed: UInt64(queries * 1000 + keys))
        let q = numbers.floats(queries * heads * width, in: -2...2)
        let k = numbers.floats(keys * heads * width, in: -2...2)
        let v = numbers.floats(keys * heads * valueWidth)
        let validity = (0..<keys).map { UInt8($0 % 3 == 1 && isMasked ? 0 : 1) }
        let result = sameBits { pool in
          guarded(queries * heads * valueWidth) { output in
            q.withUnsafeBufferPointer { q in
              k.withUnsafeBufferPointer { k in
                v.withUnsafeBufferPointer { v in
                  validity.withUnsafeBufferPointer { validity in
                    attend(
                      MultiHeadAttention(
                        query: q.baseAddress!,
                        key: k.baseAddress!,
                        value: v.baseAddress!,
                        output: output,
                        queryCount: queries,
                        keyCount: keys,
                        heads: heads,
                        headWidth: width,
                        valueWidth: valueWidth,
                        keyValidity: isMasked ? validity.baseAddress! : nil
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
        for query in 0..<queries {
          for head in 0..<heads {
            let weights = (0..<keys).map { key -> Double in
              if validity[key] == 0 { return 0 }
              let score = (0..<width).reduce(0.0) {
                $0 + Double(q[(query * heads + head) * width + $1])
                  * Double(k[(key * heads + head) * width + $1])
              }
              return exp(score / Double(width).squareRoot())
            }
            let sum = weights.reduce(0, +)
            for channel in 0..<valueWidth {
              reference.append(
                (0..<keys).reduce(0.0) {
                  $0 + weights[$1] * Double(v[($1 * heads + head) * valueWidth + channel])
                } / sum
              )
            }
          }
        }
        let worst = largestDifference(result, reference)
        #expect(worst < 4e-6, "\(queries) queries, \(keys) keys: \(worst)")
      }
    }
  }

  @Test(
    "deformable attention equals its definition, inside, across and outside of the borders",
    arguments: FloatKernelTable.available
  )
  func deformableAttention(table: FloatKernelTable) {
    for (heads, width, points, coordinates, sizes) in [
      (1, 4, 1, 2, [(3, 5)]), (2, 9, 4, 2, [(7, 6), (4, 3)]),
      (8, 32, 4, 2, [(9, 12), (5, 6), (3, 3), (1, 2)]),
      (4, 16, 3, 4, [(8, 8), (4, 4), (2, 2)]), (3, 70, 5, 4, [(6, 9)]),
    ] {
      let queries = 23
      var levels: [SampledLevel] = []
      var tokens = 0
      for (height, levelWidth) in sizes {
        levels.append(SampledLevel(height: height, width: levelWidth, start: tokens))
        tokens += height * levelWidth
      }
      let samples = levels.count * points
      var numbers = SeededNumbers(seed: UInt64(heads * 100 + width))
      let value = numbers.floats(tokens * heads * width)
      let references = numbers.floats(queries * levels.count * coordinates, in: -0.1...1.1)
      let offsets =
        numbers.floats(queries * heads * samples * 2 - 4, in: -4...4) + [1e9, -1e9, 0, 3e38]
      let logits = numbers.floats(queries * heads * samples, in: -3...3)
      let result = sameBits { pool in
        guarded(queries * heads * width) { output in
          value.withUnsafeBufferPointer { value in
            references.withUnsafeBufferPointer { references in
              offsets.withUnsafeBufferPointer { offsets in
                logits.withUnsafeBufferPointer { logits in
                  levels.withUnsafeBufferPointer { levels in
                    attendDeformable(
                      DeformableSampling(
                        value: value.baseAddress!,
                        tokenStride: heads * width,
                        headStride: width,
                        heads: heads,
                        headWidth: width,
                        levels: levels.baseAddress!,
                        levelCount: levels.count,
                        points: points,
                        references: references.baseAddress!,
                        coordinates: coordinates,
                        offsets: offsets.baseAddress!,
                        offsetStride: heads * samples * 2,
                        logits: logits.baseAddress!,
                        logitStride: heads * samples,
                        output: output
                      ),
                      queryCount: queries,
                      tokenCount: tokens,
                      table: table,
                      pool: pool
                    )
                  }
                }
              }
            }
          }
        }
      }
      var reference = [Double](repeating: 0, count: queries * heads * width)
      for query in 0..<queries {
        for head in 0..<heads {
          let first = (query * heads + head) * samples
          let weights = logits[first..<first + samples].map { exp(Double($0)) }
          let sum = weights.reduce(0, +)
          for sample in 0..<samples {
            let level = levels[sample / points]
            let base = (query * levels.count + sample / points) * coordinates
            var location = [0.0, 0.0]
            for axis in 0..<2 {
              let size = Double(axis == 0 ? level.width : level.height)
              let offset = Double(offsets[(first + sample) * 2 + axis])
              location[axis] = Double(references[base + axis])
              if coordinates == 2 {
                location[axis] += offset / size
              } else {
                location[axis] +=
                  offset / Double(points) * Double(references[base + 2 + axis]) * 0.5
              }
              location[axis] = location[axis] * size - 0.5
            }
            let (x0, y0) = (location[0].rounded(.down), location[1].rounded(.down))
            for (cornerX, cornerY) in [(x0, y0), (x0 + 1, y0), (x0, y0 + 1), (x0 + 1, y0 + 1)] {
              guard (0..<Double(level.width)).contains(cornerX),
                (0..<Double(level.height)).contains(cornerY)
              else { continue }
              let weight =
                (1 - abs(location[0] - cornerX)) * (1 - abs(location[1] - cornerY))
                * weights[sample] / sum
              let token = level.start + Int(cornerY) * level.width + Int(cornerX)
              for channel in 0..<width {
                reference[(query * heads + head) * width + channel] +=
                  weight * Double(value[(token * heads + head) * width + channel])
              }
            }
          }
        }
      }
      let worst = largestDifference(result, reference)
      #expect(worst < 1e-5, "\(heads) heads, \(coordinates) coordinates: \(worst)")
    }
  }
}
