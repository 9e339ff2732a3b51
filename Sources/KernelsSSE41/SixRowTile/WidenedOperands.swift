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

  /// Bytes of scratch memory for the operands of a product.
  @export(interface)
  public func productScratch(rows: Int, groups: Int) -> Int {
    rows &* groups &* 8 &+ 63 &+ groups &* 16 &* lanes
  }

  /// Widens the uint8 inputs of all rows.
  @inline(never)
  func widenInputsUInt8(_ call: MatrixProduct, _ widened: UnsafeMutableRawPointer) {
    let mask = _mm_set1_epi32(0x00ff_00ff)
    let groups = call.groupsPerRun
    var output = widened
    var run = 0
    while run < call.rowCount &* call.runs {
      var input = call.rows[run]
      var group = 0
      while group &+ 4 <= groups {
        let bytes = input.loadUnaligned(as: __m128i.self)
        let even = _mm_and_si128(bytes, mask)
        let odd = _mm_srli_epi16(bytes, 8)
        output.storeBytes(of: _mm_unpacklo_epi32(even, odd), as: __m128i.self)
        (output + 16).storeBytes(of: _mm_unpackhi_epi32(even, odd), as: __m128i.self)
        input += 16
        output += 32
        group &+= 4
      }
      while group < groups {
        let bytes = input.loadUnaligned(as: UInt32.self)
        let pairs = UInt64(bytes & 0x00ff_00ff) | UInt64(bytes &>> 8 & 0x00ff_00ff) &<< 32
        output.storeBytes(of: pairs, as: UInt64.self)
        input += 4
        output += 8
        group &+= 1
      }
      run &+= 1
    }
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
