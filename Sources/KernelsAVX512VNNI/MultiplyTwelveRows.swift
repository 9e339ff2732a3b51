#if arch(x86_64)
  import Kernels
  import _Builtin_intrinsics.intel

  // Tiles of twelve rows and two registers: 24 sums, two registers of weights and one of inputs of the 32.

  @_transparent
  func emptyTileRow() -> TileRow { (left: zeroes(), right: zeroes()) }

  /// Adds the products of one group of four uint8 inputs.
  @_transparent
  func accumulate(
    _ row: inout TileRow,
    _ input: UnsafeRawPointer,
    _ left: Register,
    _ right: Register
  ) {
    let inputs = broadcast(input.loadUnaligned(as: Int32.self))
    row.left = _mm512_dpbusd_epi32(row.left, inputs, left)
    row.right = _mm512_dpbusd_epi32(row.right, inputs, right)
  }

  /// Adds the products of one group of four int16 inputs.
  ///
  /// Neighbouring lanes hold the sums of the first two and of the last two inputs of an output.
  @_transparent
  func accumulateInt16(
    _ row: inout TileRow,
    _ input: UnsafeRawPointer,
    _ left: Register,
    _ right: Register
  ) {
    let inputs = broadcast64(input.loadUnaligned(as: Int64.self))
    row.left = add32(row.left, multiplyPairs(inputs, left))
    row.right = add32(row.right, multiplyPairs(inputs, right))
  }

  /// 32 weights, eight outputs, as 16-bit numbers.
  @_transparent
  func widenWeights(_ weights: UnsafeRawPointer) -> Register {
    _mm512_cvtepi8_epi16(weights.loadUnaligned(as: __m256i.self))
  }

  @_transparent
  func write(_ row: TileRow, _ sums: UnsafeMutablePointer<Int32>) {
    store(row.left, sums)
    store(row.right, sums + 16)
  }

  /// Adds neighbouring lanes and the initial sums and writes the sums of 16 outputs.
  @_transparent
  func writePairs(
    _ row: TileRow,
    _ initial: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let left = _mm512_cvtepi64_epi32(add32(row.left, oddLanes(row.left)))
    let right = _mm512_cvtepi64_epi32(add32(row.right, oddLanes(row.right)))
    store(add32(__m512i(lowHalf: left, highHalf: right), load(initial)), sums)
  }

  /// The sums of twelve rows of uint8 inputs and the outputs of a panel and of the one `nextPanel` bytes on.
  ///
  /// Rows past the end of the call repeat its last one. `sums` has rows of 32 numbers,
  /// which begin with `initial`.
  @inline(never)
  func multiplyTwelveRows(
    _ call: MatrixProduct,
    _ row: Int,
    _ panel: UnsafeRawPointer,
    _ nextPanel: Int,
    _ initial: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let runs = call.runs
    let last = call.rowCount &- 1
    var weights = panel
    var row0: TileRow = (left: load(initial), right: load(initial + lanes))
    var row1 = row0
    var row2 = row0
    var row3 = row0
    var row4 = row0
    var row5 = row0
    var row6 = row0
    var row7 = row0
    var row8 = row0
    var row9 = row0
    var row10 = row0
    var row11 = row0
    let start0 = call.rows + min(row &+ 0, last) &* runs
    let start1 = call.rows + min(row &+ 1, last) &* runs
    let start2 = call.rows + min(row &+ 2, last) &* runs
    let start3 = call.rows + min(row &+ 3, last) &* runs
    let start4 = call.rows + min(row &+ 4, last) &* runs
    let start5 = call.rows + min(row &+ 5, last) &* runs
    let start6 = call.rows + min(row &+ 6, last) &* runs
    let start7 = call.rows + min(row &+ 7, last) &* runs
    let start8 = call.rows + min(row &+ 8, last) &* runs
    let start9 = call.rows + min(row &+ 9, last) &* runs
    let start10 = call.rows + min(row &+ 10, last) &* runs
    let start11 = call.rows + min(row &+ 11, last) &* runs
    var run = 0
    while run < runs {
      let input0 = start0[run]
      let input1 = start1[run]
      let input2 = start2[run]
      let input3 = start3[run]
      let input4 = start4[run]
      let input5 = start5[run]
      let input6 = start6[run]
      let input7 = start7[run]
      let input8 = start8[run]
      let input9 = start9[run]
      let input10 = start10[run]
      let input11 = start11[run]
      var offset = 0
      let end = call.groupsPerRun &* 4
      while offset < end {
        let left = load(weights)
        let right = load(weights + nextPanel)
        accumulate(&row0, input0 + offset, left, right)
        accumulate(&row1, input1 + offset, left, right)
        accumulate(&row2, input2 + offset, left, right)
        accumulate(&row3, input3 + offset, left, right)
        accumulate(&row4, input4 + offset, left, right)
        accumulate(&row5, input5 + offset, left, right)
        accumulate(&row6, input6 + offset, left, right)
        accumulate(&row7, input7 + offset, left, right)
        accumulate(&row8, input8 + offset, left, right)
        accumulate(&row9, input9 + offset, left, right)
        accumulate(&row10, input10 + offset, left, right)
        accumulate(&row11, input11 + offset, left, right)
        weights += 64
        offset &+= 4
      }
      run &+= 1
    }
    write(row0, sums + 0 &* 32)
    write(row1, sums + 1 &* 32)
    write(row2, sums + 2 &* 32)
    write(row3, sums + 3 &* 32)
    write(row4, sums + 4 &* 32)
    write(row5, sums + 5 &* 32)
    write(row6, sums + 6 &* 32)
    write(row7, sums + 7 &* 32)
    write(row8, sums + 8 &* 32)
    write(row9, sums + 9 &* 32)
    write(row10, sums + 10 &* 32)
    write(row11, sums + 11 &* 32)
  }

  /// The sums of twelve rows of int16 inputs and the outputs of a panel.
  ///
  /// Rows past the end of the call repeat its last one. `sums` has rows of 16 numbers,
  /// which begin with `initial`.
  @inline(never)
  func multiplyTwelveRowsInt16(
    _ call: MatrixProduct,
    _ row: Int,
    _ panel: UnsafeRawPointer,
    _ initial: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let runs = call.runs
    let last = call.rowCount &- 1
    var weights = panel
    var row0 = emptyTileRow()
    var row1 = emptyTileRow()
    var row2 = emptyTileRow()
    var row3 = emptyTileRow()
    var row4 = emptyTileRow()
    var row5 = emptyTileRow()
    var row6 = emptyTileRow()
    var row7 = emptyTileRow()
    var row8 = emptyTileRow()
    var row9 = emptyTileRow()
    var row10 = emptyTileRow()
    var row11 = emptyTileRow()
    let start0 = call.rows + min(row &+ 0, last) &* runs
    let start1 = call.rows + min(row &+ 1, last) &* runs
    let start2 = call.rows + min(row &+ 2, last) &* runs
    let start3 = call.rows + min(row &+ 3, last) &* runs
    let start4 = call.rows + min(row &+ 4, last) &* runs
    let start5 = call.rows + min(row &+ 5, last) &* runs
    let start6 = call.rows + min(row &+ 6, last) &* runs
    let start7 = call.rows + min(row &+ 7, last) &* runs
    let start8 = call.rows + min(row &+ 8, last) &* runs
    let start9 = call.rows + min(row &+ 9, last) &* runs
    let start10 = call.rows + min(row &+ 10, last) &* runs
    let start11 = call.rows + min(row &+ 11, last) &* runs
    var run = 0
    while run < runs {
      let input0 = start0[run]
      let input1 = start1[run]
      let input2 = start2[run]
      let input3 = start3[run]
      let input4 = start4[run]
      let input5 = start5[run]
      let input6 = start6[run]
      let input7 = start7[run]
      let input8 = start8[run]
      let input9 = start9[run]
      let input10 = start10[run]
      let input11 = start11[run]
      var offset = 0
      let end = call.groupsPerRun &* 8
      while offset < end {
        let left = widenWeights(weights)
        let right = widenWeights(weights + 32)
        accumulateInt16(&row0, input0 + offset, left, right)
        accumulateInt16(&row1, input1 + offset, left, right)
        accumulateInt16(&row2, input2 + offset, left, right)
        accumulateInt16(&row3, input3 + offset, left, right)
        accumulateInt16(&row4, input4 + offset, left, right)
        accumulateInt16(&row5, input5 + offset, left, right)
        accumulateInt16(&row6, input6 + offset, left, right)
        accumulateInt16(&row7, input7 + offset, left, right)
        accumulateInt16(&row8, input8 + offset, left, right)
        accumulateInt16(&row9, input9 + offset, left, right)
        accumulateInt16(&row10, input10 + offset, left, right)
        accumulateInt16(&row11, input11 + offset, left, right)
        weights += 64
        offset &+= 8
      }
      run &+= 1
    }
    writePairs(row0, initial, sums + 0)
    writePairs(row1, initial, sums + 16)
    writePairs(row2, initial, sums + 32)
    writePairs(row3, initial, sums + 48)
    writePairs(row4, initial, sums + 64)
    writePairs(row5, initial, sums + 80)
    writePairs(row6, initial, sums + 96)
    writePairs(row7, initial, sums + 112)
    writePairs(row8, initial, sums + 128)
    writePairs(row9, initial, sums + 144)
    writePairs(row10, initial, sums + 160)
    writePairs(row11, initial, sums + 176)
  }
#endif
