// The two passes work on memory of the caller (the runtime's arena). Their bounds hold because the
// weights were made for exactly these lengths: a window `start ..< start + count` lies inside the
// source, and the callers pass rows and rings of the lengths stated below.
extension ResizeWeights {
  /// Resizes one row of RGB along its width.
  ///
  /// - Parameters:
  ///   - source: as many pixels of three bytes as the weights have source samples.
  ///   - destination: room for as many pixels as the weights have destination samples.
  func resizeRow(_ source: UnsafePointer<UInt8>, into destination: UnsafeMutablePointer<UInt8>) {
    let half: Int32 = 1 << (Self.fractionBits - 1)
    starts.withUnsafeBufferPointer { starts in
      counts.withUnsafeBufferPointer { counts in
        weights.withUnsafeBufferPointer { weights in
          var weight = weights.baseAddress!
          var output = destination
          for index in 0..<starts.count {
            var input = source + Int(starts[index]) * 3
            var red = half
            var green = half
            var blue = half
            // At most 255 * 2^22 plus a rounding of each weight: far below 2^31.
            for tap in 0..<Int(counts[index]) {
              red &+= Int32(input[0]) &* weight[tap]
              green &+= Int32(input[1]) &* weight[tap]
              blue &+= Int32(input[2]) &* weight[tap]
              input += 3
            }
            output[0] = level(red)
            output[1] = level(green)
            output[2] = level(blue)
            output += 3
            weight += taps
          }
        }
      }
    }
  }

  /// Blends the source rows that result row `row` looks at.
  ///
  /// - Parameters:
  ///   - source: `ringRows` rows; source row `r` is row `r % ringRows` of them.
  ///   - rowStride: the distance between those rows in bytes.
  ///   - ringRows: how many rows there are.
  ///   - rowLength: how many bytes of a row to blend.
  ///   - row: the result row.
  ///   - destination: room for `rowLength` bytes.
  func blendRows(
    of source: UnsafePointer<UInt8>,
    rowStride: Int,
    ringRows: Int,
    rowLength: Int,
    row: Int,
    into destination: UnsafeMutablePointer<UInt8>
  ) {
    let window = window(of: row)
    let half: Int32 = 1 << (Self.fractionBits - 1)
    weights.withUnsafeBufferPointer { weights in
      let weight = weights.baseAddress! + row * taps
      var column = 0
      while column &+ 8 <= rowLength {
        var sum = SIMD8<Int32>(repeating: half)
        for (tap, sourceRow) in window.enumerated() {
          let samples = UnsafeRawPointer(source + (sourceRow % ringRows) * rowStride + column)
            .loadUnaligned(as: SIMD8<UInt8>.self)
          sum &+= SIMD8<Int32>(lanes: samples) &* weight[tap]
        }
        let levels = SIMD8<UInt8>(
          lanes: (sum &>> Self.fractionBits).clamped(
            lowerBound: .zero,
            upperBound: SIMD8(repeating: 255)
          )
        )
        UnsafeMutableRawPointer(destination + column).storeBytes(
          of: levels,
          as: SIMD8<UInt8>.self
        )
        column &+= 8
      }
      while column < rowLength {
        var sum = half
        for (tap, sourceRow) in window.enumerated() {
          sum &+= Int32(source[(sourceRow % ringRows) * rowStride + column]) &* weight[tap]
        }
        destination[column] = level(sum)
        column += 1
      }
    }
  }

  /// The integer part of a weighted sum, held to 0...255.
  private func level(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: max(0, min(255, sum >> Self.fractionBits)))
  }
}
