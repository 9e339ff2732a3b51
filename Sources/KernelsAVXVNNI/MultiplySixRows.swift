#if arch(x86_64)
  import Kernels
  import _Builtin_intrinsics.intel

  // Twelve sums, two registers of weights and one of inputs fill 15 of the 16 registers.

  @_transparent
  private func accumulate(
    _ row: inout TileRow,
    _ input: UnsafeRawPointer,
    _ left: Register,
    _ right: Register
  ) {
    let inputs = broadcast(input.loadUnaligned(as: Int32.self))
    row.left = _mm256_dpbusd_avx_epi32(row.left, inputs, left)
    row.right = _mm256_dpbusd_avx_epi32(row.right, inputs, right)
  }

  @_transparent
  private func write(_ row: TileRow, _ sums: UnsafeMutablePointer<Int32>) {
    store(row.left, sums)
    store(row.right, sums + lanes)
  }

  /// The sums of six rows of uint8 inputs and a panel; rows past the end of the call repeat its last one.
  ///
  /// They begin with `initial` and go to rows of 16 numbers.
  @inline(never)
  func multiplySixRows(
    _ call: MatrixProduct,
    _ row: Int,
    _ panel: UnsafeRawPointer,
    _ initial: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let runs = call.runs
    let last = call.rowCount &- 1
    let end = call.groupsPerRun &* 4
    var weights = panel
    let start0 = call.rows + min(row &+ 0, last) &* runs
    let start1 = call.rows + min(row &+ 1, last) &* runs
    let start2 = call.rows + min(row &+ 2, last) &* runs
    let start3 = call.rows + min(row &+ 3, last) &* runs
    let start4 = call.rows + min(row &+ 4, last) &* runs
    let start5 = call.rows + min(row &+ 5, last) &* runs
    var row0: TileRow = (left: load(initial), right: load(initial + lanes))
    var row1 = row0
    var row2 = row0
    var row3 = row0
    var row4 = row0
    var row5 = row0
    var run = 0
    while run < runs {
      let input0 = start0[run]
      let input1 = start1[run]
      let input2 = start2[run]
      let input3 = start3[run]
      let input4 = start4[run]
      let input5 = start5[run]
      var offset = 0
      while offset < end {
        let left = load(weights)
        let right = load(weights + 32)
        accumulate(&row0, input0 + offset, left, right)
        accumulate(&row1, input1 + offset, left, right)
        accumulate(&row2, input2 + offset, left, right)
        accumulate(&row3, input3 + offset, left, right)
        accumulate(&row4, input4 + offset, left, right)
        accumulate(&row5, input5 + offset, left, right)
        weights += 64
        offset &+= 4
      }
      run &+= 1
    }
    write(row0, sums + 0)
    write(row1, sums + 16)
    write(row2, sums + 32)
    write(row3, sums + 48)
    write(row4, sums + 64)
    write(row5, sums + 80)
  }
#endif
