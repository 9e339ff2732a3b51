import FixedPoint
import ModelFile

extension ModelSimulation {
  func multiplication(_ it: Multiplication, _ a: Integers, _ b: Integers) -> Integers {
    let range = OutputRange(model[it.output])
    let factor = it.rescale.factor
    let (zeroA, zeroB) = (zero(it.a), zero(it.b))
    return zip(a, b).map { one, other in
      range.integer((Double(one) - zeroA) * (Double(other) - zeroB) * factor)
    }
  }

  func rectification(_ it: Rectification, _ input: Integers) -> Integers {
    let range = OutputRange(model[it.output])
    let unit = powerOfTwo(-it.shift)
    let (above, below) = (Double(it.multiplier) * unit, Double(it.negativeMultiplier) * unit)
    let zero = zero(it.input)
    return input.map { integer in
      let x = Double(integer) - zero
      return range.integer(x > 0 ? x * above : x * below)
    }
  }

  func modulation(_ it: SideModulation, _ inputs: (ValueIndex) -> Integers) -> Integers {
    let (codes, sides, boxes) = (inputs(it.input), inputs(it.sides), inputs(it.boxes))
    let range = OutputRange(model[it.output])
    let width = channels(it.input)
    // What the operation's definition limits the ratio to.
    let greatest = powerOfTwo(47 - it.rescale.shift)
    return codes.indices.map { index in
      let (row, column) = (index / width, index % width)
      let side = column < width / 2 ? 0 : 1
      let ratio = Double(sides[2 * row + side]) / Double(max(boxes[4 * row + 2 + side], 1))
      return range.integer(Double(codes[index]) * min(ratio * it.rescale.factor, greatest))
    }
  }

  func spread(_ it: PositionSpread, _ table: Integers) -> Integers {
    let width = channels(it.table)
    let element = model[it.output].element
    var codes = Integers()
    var first = 0
    for level in it.levels {
      let grid = grid(level)
      let isLearned = isLearned(it.table)
      for y in 0..<grid.height {
        for x in 0..<grid.width {
          let isColumn = isLearned || x < grid.validWidth
          let isRow = isLearned || y < grid.validHeight
          let one = (first + (isColumn ? y : grid.height)) * width
          let other = (first + grid.height + 1 + (isRow ? x : grid.width)) * width
          for channel in 0..<width {
            let sum = table[one + channel] + table[other + channel]
            codes.append(min(max(sum, element.lowest), element.highest))
          }
        }
      }
      first += grid.height + grid.width + 2
    }
    return codes
  }

  /// Whether a position table comes from learned codes, which know no padding.
  private func isLearned(_ table: ValueIndex) -> Bool {
    for case .positionTable(let it) in model.operations where it.output == table {
      if case .learned = it.kind { return true }
    }
    return false
  }
}
