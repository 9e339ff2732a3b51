import FixedPoint
import Foundation
import ModelFile

extension ModelSimulation {
  func row(_ query: Int, of it: QuerySelection, _ input: Integers) -> Integers {
    let width = channels(it.input)
    return Integers(input[query * width..<(query + 1) * width])
  }

  func attentionMap(_ it: AttentionMap, _ query: Integers, _ key: Integers) -> Integers {
    let width = channels(it.key) / it.heads
    let octaves = it.scoreRescale.factor * powerOfTwo(-FractionBits.preciseOctaves)
    let range = OutputRange(model[it.output])
    let grid = it.keyGrid.map { self.grid($0) }
    var scores: [Double] = []
    for row in 0..<rows(it.key) {
      let isValid =
        grid.map { row / $0.width < $0.validHeight && row % $0.width < $0.validWidth } ?? true
      for head in 0..<it.heads {
        let first = head * width
        let sum = (first..<first + width).reduce(0.0) {
          $0 + Double(query[$1]) * Double(key[row * it.heads * width + $1])
        }
        scores.append(isValid ? sum * octaves : -.infinity)
      }
    }
    softmaxOfOctaves(&scores)
    return scores.map { range.integer($0 * Double(it.unit)) }
  }

  func enlargement(_ it: Enlargement, _ input: Integers) -> Integers {
    let (source, target) = (grid(it.input), grid(it.target))
    func pixel(_ index: Int, _ length: Int, _ target: Int) -> Int {
      min(Int(Float(index) * (Float(length) / Float(target))), length - 1)
    }
    let width = channels(it.input)
    return (0..<target.height).flatMap { y in
      (0..<target.width).flatMap { x in
        let row = pixel(y, source.height, target.height)
        let first = (row * source.width + pixel(x, source.width, target.width)) * width
        return input[first..<first + width]
      }
    }
  }
}
