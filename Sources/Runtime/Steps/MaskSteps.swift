import FixedPoint

/// The row of the query that the rest of the program is run for.
struct QuerySelectionStep {
  let input: UnsafeRawPointer
  let rowBytes: Int
  let query: UnsafePointer<Int>
  let output: UnsafeMutableRawPointer

  func run(_ context: StepContext) {
    guard context.thread == 0 else { return }
    // The session has compared the query with the number of rows.
    output.copyMemory(from: input + query.pointee * rowBytes, byteCount: rowBytes)
  }
}

/// The scores of one query with every key, head by head; keys in padding have the least number.
struct AttentionScoresStep {
  let query: UnsafePointer<Int16>
  let key: UnsafePointer<Int16>
  let keys: Int
  let heads: Int
  let headChannels: Int
  /// The map of the keys, where padding is to be left out.
  let pyramid: Pyramid?
  /// [keys, heads]
  let scores: UnsafeMutablePointer<Int32>

  func run(_ context: StepContext) {
    for row in context.share(of: keys, unit: 16) {
      let isValid = pyramid.map { Pyramid.Cursor($0, at: row).isValid } ?? true
      for head in 0..<heads {
        let first = head * headChannels
        let numbers = key + row * heads * headChannels
        var sum: Int32 = 0
        for channel in first..<first + headChannels {
          sum &+= Int32(query[channel]) &* Int32(numbers[channel])
        }
        // One above the least, which stands for keys that do not exist.
        scores[row * heads + head] = isValid ? max(sum, Int32.min + 1) : Int32.min
      }
    }
  }
}

/// One softmax over all scores; every thread adds them up for itself and writes its part.
struct JointSoftmaxStep {
  let scores: UnsafePointer<Int32>
  let count: Int
  let scoreRescale: Rescale
  let unit: Int32
  let zeroPoint: Int32
  let output: UnsafeMutableRawPointer
  /// Whether the output is int16, not uint8.
  let isInt16: Bool

  func run(_ context: StepContext) {
    let share = context.share(of: count, unit: 64)
    guard !share.isEmpty else { return }
    let softmax = PreciseSoftmax(
      scores: scores,
      count: count,
      toOctaves: scoreRescale,
      unit: unit
    )
    let highest: Int64 = isInt16 ? 32767 : 255
    for index in share {
      let number = min(Int64(softmax(scores[index])) + Int64(zeroPoint), highest)
      if isInt16 {
        output.storeBytes(
          of: Int16(truncatingIfNeeded: number),
          toByteOffset: 2 * index,
          as: Int16.self
        )
      } else {
        output.storeBytes(
          of: UInt8(truncatingIfNeeded: number),
          toByteOffset: index,
          as: UInt8.self
        )
      }
    }
  }
}

/// A map in another size, each pixel a copy of one.
struct EnlargementStep {
  let input: UnsafeRawPointer
  let inputWidth: Int
  let pixelBytes: Int
  /// The row and the column of the input for each of the output.
  let rows: UnsafePointer<Int32>
  let columns: UnsafePointer<Int32>
  let height: Int
  let width: Int
  let output: UnsafeMutableRawPointer

  func run(_ context: StepContext) {
    for y in context.share(of: height, unit: 1) {
      let row = input + Int(rows[y]) * inputWidth * pixelBytes
      for x in 0..<width {
        (output + (y * width + x) * pixelBytes)
          .copyMemory(from: row + Int(columns[x]) * pixelBytes, byteCount: pixelBytes)
      }
    }
  }
}
