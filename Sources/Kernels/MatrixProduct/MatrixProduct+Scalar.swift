// The tile is 4 rows × 8 outputs: 8 vectors of 4 sums, as many as leave room for weights and inputs
// in 16 registers. A group of 4 weights is one 32-bit lane; sign-extending shifts bring each of them
// to the front, and as both factors then fit 16 bits, a multiply-add of 16-bit pairs serves where
// the processor has no 32-bit multiplication. For each panel all rows of the call go past, so that the
// panel stays in the first-level cache.

private typealias Lanes = SIMD8<Int32>

/// The reference for uint8 inputs.
func scalarMatrixProductUInt8(_ call: MatrixProduct) {
  matrixProduct(call, of: UInt8.self)
}

/// The reference for int16 inputs.
func scalarMatrixProductInt16(_ call: MatrixProduct) {
  matrixProduct(call, of: Int16.self)
}

/// Sums of 4 rows × 16 outputs.
private struct Tile {
  var row0 = SIMD16<Int32>()
  var row1 = SIMD16<Int32>()
  var row2 = SIMD16<Int32>()
  var row3 = SIMD16<Int32>()
}

@inline(__always)
private func matrixProduct<Element: FixedWidthInteger>(_ call: MatrixProduct, of: Element.Type) {
  let panelBytes = call.runs &* call.groupsPerRun &* 64
  var tile = Tile()
  var done = 0
  while done < call.outputs {
    let firstOutput = call.firstOutput &+ done
    let panel = UnsafeRawPointer(call.panels) + firstOutput / 16 &* panelBytes
    var row = 0
    while row < call.rowCount {
      let rows = min(4, call.rowCount &- row)
      withUnsafeMutablePointer(to: &tile) { tile in
        // The tile is 4 × 16 numbers, and every index below is inside of that.
        UnsafeMutableRawPointer(tile).withMemoryRebound(to: Int32.self, capacity: 64) { sums in
          accumulate(call, row, rows, panel, sums, of: Element.self)
          accumulate(call, row, rows, panel + 32, sums + 8, of: Element.self)
          finish(call, row, rows, firstOutput, min(16, call.outputs &- done), sums, 16)
        }
      }
      row &+= 4
    }
    done &+= 16
  }
}

/// Sums of up to 4 rows × 8 outputs; rows past the last one repeat it.
@inline(__always)
private func accumulate<Element: FixedWidthInteger>(
  _ call: MatrixProduct,
  _ row: Int,
  _ rows: Int,
  _ panel: UnsafeRawPointer,
  _ sums: UnsafeMutablePointer<Int32>,
  of: Element.Type
) {
  let runs = call.runs
  let start0 = call.rows + row &* runs
  let start1 = call.rows + (row &+ min(1, rows &- 1)) &* runs
  let start2 = call.rows + (row &+ min(2, rows &- 1)) &* runs
  let start3 = call.rows + (row &+ min(3, rows &- 1)) &* runs
  var sum0 = Lanes()
  var sum1 = Lanes()
  var sum2 = Lanes()
  var sum3 = Lanes()
  var weights = panel
  var run = 0
  while run < runs {
    var x0 = start0[run].assumingMemoryBound(to: Element.self)
    var x1 = start1[run].assumingMemoryBound(to: Element.self)
    var x2 = start2[run].assumingMemoryBound(to: Element.self)
    var x3 = start3[run].assumingMemoryBound(to: Element.self)
    var group = 0
    while group < call.groupsPerRun {
      let quads = weights.loadUnaligned(as: Lanes.self)
      let w0 = (quads &<< 24) &>> 24
      let w1 = (quads &<< 16) &>> 24
      let w2 = (quads &<< 8) &>> 24
      let w3 = quads &>> 24
      addGroup(&sum0, x0, w0, w1, w2, w3)
      addGroup(&sum1, x1, w0, w1, w2, w3)
      addGroup(&sum2, x2, w0, w1, w2, w3)
      addGroup(&sum3, x3, w0, w1, w2, w3)
      x0 += 4
      x1 += 4
      x2 += 4
      x3 += 4
      weights += 64
      group &+= 1
    }
    run &+= 1
  }
  let destination = UnsafeMutableRawPointer(sums)
  destination.storeBytes(of: sum0, as: Lanes.self)
  (destination + 64).storeBytes(of: sum1, as: Lanes.self)
  (destination + 128).storeBytes(of: sum2, as: Lanes.self)
  (destination + 192).storeBytes(of: sum3, as: Lanes.self)
}

@inline(__always)
private func addGroup<Element: FixedWidthInteger>(
  _ sum: inout Lanes,
  _ x: UnsafePointer<Element>,
  _ w0: Lanes,
  _ w1: Lanes,
  _ w2: Lanes,
  _ w3: Lanes
) {
  sum &+= w0 &* Lanes(repeating: Int32(truncatingIfNeeded: x[0]))
  sum &+= w1 &* Lanes(repeating: Int32(truncatingIfNeeded: x[1]))
  sum &+= w2 &* Lanes(repeating: Int32(truncatingIfNeeded: x[2]))
  sum &+= w3 &* Lanes(repeating: Int32(truncatingIfNeeded: x[3]))
}

extension MatrixProduct {
  /// Bias, positions, residual, rounding, limits and the store of some rows × up to 16 outputs.
  ///
  /// This is the reference of everything that follows the sums; tables for vectors use it for the last
  /// outputs of a matrix and for numbers outside of their range.
  ///
  /// - Parameters:
  ///   - row: the first row, counted from the beginning of the call.
  ///   - count: how many rows.
  ///   - firstOutput: the output of the first column of sums.
  ///   - outputs: how many outputs, at most 16.
  ///   - sums: Σ w · x for each row and output, overwritten.
  ///   - sumStride: elements from one row of sums to the next.
  @export(interface)
  @inline(never)
  public func finishRows(
    _ row: Int,
    count: Int,
    firstOutput: Int,
    outputs: Int,
    sums: UnsafeMutablePointer<Int32>,
    sumStride: Int
  ) {
    finish(self, row, count, firstOutput, outputs, sums, sumStride)
  }
}

@inline(__always)
private func finish(
  _ call: MatrixProduct,
  _ row: Int,
  _ rows: Int,
  _ firstOutput: Int,
  _ outputs: Int,
  _ sums: UnsafeMutablePointer<Int32>,
  _ sumStride: Int
) {
  let bias = call.bias + firstOutput
  let multipliers = call.multipliers + firstOutput
  var residuals = SIMD16<Int32>()
  withUnsafeMutablePointer(to: &residuals) { residuals in
    UnsafeMutableRawPointer(residuals).withMemoryRebound(to: Int32.self, capacity: 16) { addend in
      var index = 0
      while index < rows {
        let sum = sums + index &* sumStride
        let absolute = row &+ index
        if let positions = call.positions {
          let first = positions[2 &* absolute] + firstOutput
          let second = positions[2 &* absolute &+ 1] + firstOutput
          var lane = 0
          while lane < outputs {
            sum[lane] = sum[lane] &+ first[lane] &+ second[lane]
            lane &+= 1
          }
        }
        if let residual = call.residual {
          let start =
            absolute &* call.residualStride &+ firstOutput &* call.residualElement.byteCount
          widen(residual + start, call.residualElement, count: outputs, into: addend)
          finishRow(call, sum, bias, multipliers, addend, outputs)
        } else {
          finishRow(call, sum, bias, multipliers, nil, outputs)
        }
        let start = absolute &* call.outputStride &+ firstOutput &* call.outputElement.byteCount
        narrow(sum, call.outputElement, count: outputs, into: call.output + start)
        index &+= 1
      }
    }
  }
}

@inline(__always)
private func finishRow(
  _ call: MatrixProduct,
  _ sum: UnsafeMutablePointer<Int32>,
  _ bias: UnsafePointer<Int32>,
  _ multipliers: UnsafePointer<Int32>,
  _ residual: UnsafePointer<Int32>?,
  _ outputs: Int
) {
  let shift = Int64(call.shift)
  let half = Int64(1) &<< (shift &- 1)
  let lowest = Int64(call.lowest)
  let highest = Int64(call.highest)
  var lane = 0
  while lane < outputs {
    var product = Int64(sum[lane] &+ bias[lane]) &* Int64(multipliers[lane])
    if let residual {
      let centred = Int64(residual[lane]) &- Int64(call.residualZeroPoint)
      product &+= centred &* Int64(call.residualMultiplier)
    }
    let rounded = (product &+ half) &>> shift &+ Int64(call.zeroPoint)
    sum[lane] = Int32(truncatingIfNeeded: min(max(rounded, lowest), highest))
    lane &+= 1
  }
}
