#if arch(x86_64)
  import Kernels
  import _Builtin_intrinsics.intel

  // Both factors of `pmaddwd` are 16-bit numbers. Of a group of four inputs x0…x3 and its weights, one
  // product takes the pairs (x0, x2), another one (x1, x3): so they come out of bytes with a mask and a
  // shift. They are made once and used often, the inputs by all panels of a call, the weights of a panel by all rows.
  //
  //     inputs     for each row and group 8 bytes:       x0 x2 x1 x3
  //     weights    for each group of a part 4 registers:  w0 w2 of both halves, w1 w3 of both halves
  //
  // A part of a panel is what two registers of sums hold.

  /// Rows whose paired inputs are made at a time: few enough to stay in the second-level cache.
  @_transparent
  func pairedRows(groups: Int) -> Int { max(1, min(8, 4096 / groups)) &* 6 }

  /// Bytes for biases and sums before the paired inputs.
  @_transparent
  func pairedSumBytes(groups: Int) -> Int { 128 &+ pairedRows(groups: groups) &* 64 &+ 64 }

  /// Bytes of scratch memory for a product of int16 inputs.
  @_transparent
  func pairedBytes(rows: Int, groups: Int) -> Int {
    min(rows, pairedRows(groups: groups)) &* groups &* 8 &+ 64 &+ groups &* 16 &* lanes
      &+ pairedSumBytes(groups: groups)
  }

  /// Sorts the int16 inputs of all rows into pairs.
  @inline(never)
  func pairInputsInt16(_ call: MatrixProduct, _ widened: UnsafeMutableRawPointer) {
    let order = _mm_set_epi8(15, 14, 11, 10, 13, 12, 9, 8, 7, 6, 3, 2, 5, 4, 1, 0)
    let groups = call.groupsPerRun
    var output = widened
    var run = 0
    while run < call.rowCount &* call.runs {
      var input = call.rows[run]
      var group = 0
      while group &+ 2 <= groups {
        let numbers = input.loadUnaligned(as: __m128i.self)
        output.storeBytes(of: _mm_shuffle_epi8(numbers, order), as: __m128i.self)
        input += 16
        output += 16
        group &+= 2
      }
      if group < groups {
        let last = __m128i(input.loadUnaligned(as: Int64.self), 0)
        output.storeBytes(of: _mm_shuffle_epi8(last, order)[0], as: Int64.self)
        output += 8
      }
      run &+= 1
    }
  }

  /// Widens the weights of a part of a panel, `panel` being the first byte of the part.
  @inline(never)
  func widenWeights(_ panel: UnsafeRawPointer, groups: Int, _ widened: UnsafeMutableRawPointer) {
    let byte = bitCount(8)
    var weights = panel
    var output = widened
    var group = 0
    while group < groups {
      let left = load(weights)
      let right = load(weights + 4 &* lanes)
      store(shiftRight16(shiftLeft16(left, byte), byte), output)
      store(shiftRight16(shiftLeft16(right, byte), byte), output + 4 &* lanes)
      store(shiftRight16(left, byte), output + 8 &* lanes)
      store(shiftRight16(right, byte), output + 12 &* lanes)
      weights += 64
      output += 16 &* lanes
      group &+= 1
    }
  }
#endif
