#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import Kernels

  // This folder is compiled once per instruction set: the targets of the other tables link to it and
  // give `Register` and its operations for their registers.

  extension MatrixProduct {
    /// Whether ``finishTile`` can finish this call with vectors.
    @_transparent
    var hasVectorFinish: Bool {
      hasVectorRounding(shift: shift, zeroPoint: zeroPoint, outputElement)
        && isModest(residualZeroPoint) && residualElement != .int32
    }
  }

  /// Finishes the sums of a tile: rows `row ..< row + rows`, `outputs` outputs from `firstOutput` on.
  @inline(never)
  func finishTile(
    _ call: MatrixProduct,
    _ row: Int,
    _ rows: Int,
    _ firstOutput: Int,
    _ outputs: Int,
    _ sums: UnsafeMutablePointer<Int32>,
    _ sumStride: Int
  ) {
    var done = 0
    while done < outputs {
      if outputs &- done < lanes || !call.hasVectorFinish {
        call.finishRows(
          row,
          count: rows,
          firstOutput: firstOutput &+ done,
          outputs: min(lanes, outputs &- done),
          sums: sums + done,
          sumStride: sumStride
        )
      } else {
        finishColumn(call, row, rows, firstOutput &+ done, sums + done, sumStride)
      }
      done &+= lanes
    }
  }

  /// One register of outputs in each of some rows.
  @_transparent
  func finishColumn(
    _ call: MatrixProduct,
    _ row: Int,
    _ rows: Int,
    _ output: Int,
    _ sums: UnsafeMutablePointer<Int32>,
    _ sumStride: Int
  ) {
    let bias = load(call.bias + output)
    let multiplier = load(call.multipliers + output)
    let oddMultiplier = oddLanes(multiplier)
    let half = broadcast64(1 &<< Int64(call.shift &- 1))
    let zeroPoint = broadcast(call.zeroPoint)
    let lowest = broadcast(call.lowest)
    let highest = broadcast(call.highest)
    let residualZeroPoint = broadcast(call.residualZeroPoint)
    let residualMultiplier = broadcast(call.residualMultiplier)
    var index = 0
    while index < rows {
      let absolute = row &+ index
      var sum = add32(load(sums + index &* sumStride), bias)
      if let positions = call.positions {
        sum = add32(sum, load(positions[2 &* absolute] + output))
        sum = add32(sum, load(positions[2 &* absolute &+ 1] + output))
      }
      var even = add64(multiplyEven(sum, multiplier), half)
      var odd = add64(multiplyEven(oddLanes(sum), oddMultiplier), half)
      if let residual = call.residual {
        let start = residual + absolute &* call.residualStride
        let addend = subtract32(
          widen(start, output, call.residualElement),
          residualZeroPoint
        )
        even = add64(even, multiplyEven(addend, residualMultiplier))
        odd = add64(odd, multiplyEven(oddLanes(addend), residualMultiplier))
      }
      let scaled = shiftedLimited(even, odd, call.shift)
      let limited = minimum32(maximum32(add32(scaled, zeroPoint), lowest), highest)
      narrow(limited, call.output + absolute &* call.outputStride, output, call.outputElement)
      index &+= 1
    }
  }
#endif
