import FixedPoint
import ModelFile

extension Interpreter {
  func selection(_ it: QuerySelection) -> Matrix {
    let input = self[it.input]
    var result = empty(it.output, rows: 1)
    for channel in 0..<input.channels { result[0, channel] = input[query, channel] }
    return result
  }

  func attentionMap(_ it: AttentionMap) -> Matrix {
    let (query, key) = (self[it.query], self[it.key])
    let width = key.channels / it.heads
    let grid = it.keyGrid.map { self[$0].grid! }
    var scores: [Int32] = []
    for row in 0..<key.rows {
      for head in 0..<it.heads {
        let sum = (head * width..<(head + 1) * width).reduce(Int64(0)) {
          $0 + query[0, $1] * key[row, $1]
        }
        let isValid =
          grid.map { row / $0.width < $0.validHeight && row % $0.width < $0.validWidth } ?? true
        scores.append(isValid ? Int32(sum) : Int32.min)
      }
    }
    let softmax = PreciseSoftmax(
      scores: scores,
      count: scores.count,
      toOctaves: it.scoreRescale,
      unit: it.unit
    )
    var result = empty(it.output, rows: key.rows, grid: key.grid)
    for index in scores.indices {
      result.numbers[index] = limited(
        zero(it.output) + Int64(softmax(scores[index])),
        to: it.output
      )
    }
    return result
  }

  func enlargement(_ it: Enlargement) -> Matrix {
    let (input, target) = (self[it.input], self[it.target].grid!)
    let source = input.grid!
    var result = empty(it.output, rows: target.height * target.width, grid: target)
    func pixel(_ index: Int, _ length: Int, _ target: Int) -> Int {
      min(Int(Float(index) * (Float(length) / Float(target))), length - 1)
    }
    for y in 0..<target.height {
      for x in 0..<target.width {
        let row = pixel(y, source.height, target.height) * source.width
        for channel in 0..<input.channels {
          result[y * target.width + x, channel] =
            input[row + pixel(x, source.width, target.width), channel]
        }
      }
    }
    return result
  }
}
