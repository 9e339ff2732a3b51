#if arch(x86_64)
  import Kernels

  // Sums of 16 outputs by all rows of a call are finished together, four registers at a time:
  //
  //     p      = sum · multiplier + (residual − zr) · mr          64 bits, even and odd lanes apart
  //     result = ((p · 2ᵏ) >> 32 + half + zeroPoint · 2ᵗ) >> t    32 bits, t = shift + k − 32 ≥ 1
  //
  // With shift + k ≥ 33 the half has no bits below 2³², so that it is added to the upper halves, and the
  // zero point with it. k is 0 for most calls; where it is not, sums must leave room for it. Limits follow
  // in the narrowest type that holds the results: `packssdw` and `packuswb` limit as the clamp does.

  /// Four registers of results: `lanes / 4` rows of 16 outputs, a row's registers one after the other.
  ///
  /// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
  typealias Bunch = (a: Register, b: Register, c: Register, d: Register)

  /// Rows of a bunch.
  @_transparent var bunchRows: Int { lanes / 4 }

  extension MatrixProduct {
    /// k of the comment above.
    @_transparent
    var upperShift: Int32 { max(0, 33 &- shift) }

    /// Whether ``finishPanel`` can finish this call with vectors, whatever the sums are but for their size.
    @_transparent
    var hasPackedFinish: Bool {
      shift >= 26 && shift <= 62 && residualElement != .int32
        && isModest(residualZeroPoint) && isModest(zeroPoint)
        && Int64(abs(zeroPoint)) &<< Int64(shift &+ upperShift &- 32) < 1 << 29
    }

    /// What sums of ``hasPackedFinish`` must stay below in size.
    @_transparent
    var sumLimit: Int { 1 &<< Int(30 &- upperShift) }
  }

  /// Finishes the sums of 16 outputs, which hold the bias already, of all rows of a call.
  ///
  /// - Parameters:
  ///   - call: the product.
  ///   - firstOutput: the first of the outputs.
  ///   - outputs: how many of them exist.
  ///   - sums: 16 numbers a row, and room to read one more number behind the last row; overwritten.
  ///   - sumStride: numbers from one row to the next.
  ///   - inputRange: the size of the largest product of an input and a weight.
  ///   - zeroBias: 16 zeros.
  @inline(never)
  func finishPanel(
    _ call: MatrixProduct,
    _ firstOutput: Int,
    _ outputs: Int,
    _ sums: UnsafeMutablePointer<Int32>,
    _ sumStride: Int,
    _ inputRange: Int,
    _ zeroBias: UnsafePointer<Int32>
  ) {
    var rest = call
    rest.bias = zeroBias - firstOutput
    if outputs == 16 && call.hasPackedFinish {
      if call.positions != nil {
        addPositions(call, firstOutput, sums, sumStride)
        rest.positions = nil
      }
      let isSmall =
        call.upperShift == 0
        || call.positions == nil
          && 4 &* call.runs &* call.groupsPerRun &* inputRange &+ largestBias(call, firstOutput)
            < call.sumLimit
        || isBelow(call.sumLimit, sums, sumStride, call.rowCount)
      if isSmall {
        storePanel(call, firstOutput, sums, sumStride)
        return
      }
    }
    rest.finishRows(
      0,
      count: call.rowCount,
      firstOutput: firstOutput,
      outputs: outputs,
      sums: sums,
      sumStride: sumStride
    )
  }

  /// The size of the largest of 16 biases.
  @_transparent
  private func largestBias(_ call: MatrixProduct, _ firstOutput: Int) -> Int {
    var largest = 0
    var output = 0
    while output < 16 {
      largest = max(largest, abs(Int(call.bias[firstOutput &+ output])))
      output &+= 1
    }
    return largest
  }

  /// Adds the two rows of position terms of each row.
  @inline(never)
  func addPositions(
    _ call: MatrixProduct,
    _ firstOutput: Int,
    _ sums: UnsafeMutablePointer<Int32>,
    _ sumStride: Int
  ) {
    guard let positions = call.positions else { return }
    var row = 0
    while row < call.rowCount {
      let sum = sums + row &* sumStride
      let first = positions[2 &* row] + firstOutput
      let second = positions[2 &* row &+ 1] + firstOutput
      var output = 0
      while output < 16 {
        let terms = add32(load(first + output), load(second + output))
        store(add32(load(sum + output), terms), sum + output)
        output &+= lanes
      }
      row &+= 1
    }
  }

  /// Whether all sums are smaller than a limit.
  @inline(never)
  func isBelow(
    _ limit: Int,
    _ sums: UnsafeMutablePointer<Int32>,
    _ sumStride: Int,
    _ rows: Int
  ) -> Bool {
    var lowest = zeroes()
    var highest = zeroes()
    var row = 0
    while row < rows {
      var output = 0
      while output < 16 {
        let sum = load(sums + (row &* sumStride &+ output))
        lowest = minimum32(lowest, sum)
        highest = maximum32(highest, sum)
        output &+= lanes
      }
      row &+= 1
    }
    let bound = Int32(truncatingIfNeeded: limit)
    return !isAnyGreater32(highest, broadcast(bound &- 1))
      && !isAnyGreater32(broadcast(1 &- bound), lowest)
  }

  @inline(never)
  func storePanel(
    _ call: MatrixProduct,
    _ firstOutput: Int,
    _ sums: UnsafeMutablePointer<Int32>,
    _ sumStride: Int
  ) {
    let multipliers = call.multipliers + firstOutput
    let upperShift = call.upperShift
    let lowerShift = bitCount(call.shift &+ upperShift &- 32)
    let rounding = broadcast(
      1 &<< (call.shift &+ upperShift &- 33) &+ call.zeroPoint &<< (call.shift &+ upperShift &- 32)
    )
    let residualZeroPoint = broadcast(call.residualZeroPoint)
    let residualMultiplier = broadcast(call.residualMultiplier)
    let isResidual = call.residual != nil
    let lastRow = call.rowCount &- 1

    /// The register of a bunch at `index` before rounding.
    @_transparent
    func products(_ row: Int, _ index: Int) -> TileRow {
      let column = index &* lanes % 16
      let sum = sums + (min(row &+ index &* lanes / 16, lastRow) &* sumStride &+ column)
      let multiplier = load(multipliers + column)
      return (
        left: multiplyEven(load(sum), multiplier),
        right: multiplyEven(load(sum + 1), oddLanes(multiplier))
      )
    }
    @_transparent
    func addResidual(_ product: inout TileRow, _ row: Int, _ index: Int) {
      let column = firstOutput &+ index &* lanes % 16
      let absolute = min(row &+ index &* lanes / 16, lastRow)
      let residual = call.residual.unsafelyUnwrapped + absolute &* call.residualStride
      let addend = subtract32(widen(residual, column, call.residualElement), residualZeroPoint)
      product.left = add64(product.left, multiplyEven(addend, residualMultiplier))
      product.right = add64(product.right, multiplyEven(oddLanes(addend), residualMultiplier))
    }
    @_transparent
    func rounded(_ product: TileRow) -> Register {
      shiftRight32(add32(upperHalves(product.left, product.right), rounding), lowerShift)
    }

    var row = 0
    while row < call.rowCount {
      var a = products(row, 0)
      var b = products(row, 1)
      var c = products(row, 2)
      var d = products(row, 3)
      if isResidual {
        addResidual(&a, row, 0)
        addResidual(&b, row, 1)
        addResidual(&c, row, 2)
        addResidual(&d, row, 3)
      }
      if upperShift != 0 {
        let bits = bitCount(upperShift)
        a = (left: shiftLeft64(a.left, bits), right: shiftLeft64(a.right, bits))
        b = (left: shiftLeft64(b.left, bits), right: shiftLeft64(b.right, bits))
        c = (left: shiftLeft64(c.left, bits), right: shiftLeft64(c.right, bits))
        d = (left: shiftLeft64(d.left, bits), right: shiftLeft64(d.right, bits))
      }
      storeBunch(call, firstOutput, row, (rounded(a), rounded(b), rounded(c), rounded(d)))
      row &+= bunchRows
    }
  }

  /// Limits and stores results; rows after the call's last one repeat it.
  @_transparent
  private func storeBunch(
    _ call: MatrixProduct,
    _ firstOutput: Int,
    _ row: Int,
    _ results: Bunch
  ) {
    let lastRow = call.rowCount &- 1
    let column = firstOutput &* call.outputElement.byteCount
    @_transparent
    func place(_ index: Int) -> UnsafeMutableRawPointer {
      call.output + (min(row &+ index, lastRow) &* call.outputStride &+ column)
    }
    switch call.outputElement {
    case .uint8:
      let packed = packUInt8(packInt16(results.a, results.b), packInt16(results.c, results.d))
      let limited = minimumUnsigned8(
        maximumUnsigned8(packed, broadcast8(call.lowest)),
        broadcast8(call.highest)
      )
      storeBytes(limited, place)
    case .int8:
      let packed = packInt8(packInt16(results.a, results.b), packInt16(results.c, results.d))
      let limited = minimum8(maximum8(packed, broadcast8(call.lowest)), broadcast8(call.highest))
      storeBytes(limited, place)
    case .int16:
      let lowest = broadcast16(call.lowest)
      let highest = broadcast16(call.highest)
      storeWords(
        minimum16(maximum16(packInt16(results.a, results.b), lowest), highest),
        minimum16(maximum16(packInt16(results.c, results.d), lowest), highest),
        place
      )
    case .int32:
      store(limited(results.a, call.lowest, call.highest), place(0))
      store(
        limited(results.b, call.lowest, call.highest),
        place(lanes / 16) + 4 &* (lanes % 16)
      )
      store(
        limited(results.c, call.lowest, call.highest),
        place(2 &* lanes / 16) + 8 &* lanes % 64
      )
      store(
        limited(results.d, call.lowest, call.highest),
        place(3 &* lanes / 16) + 12 &* lanes % 64
      )
    }
  }
#endif
