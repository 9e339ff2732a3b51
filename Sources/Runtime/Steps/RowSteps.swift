import ModelFile

// Operations that move whole rows; threads take pieces of the rows.

/// Rows that a thread takes at a time.
private let pieceRows = 64

/// Rows copied from one place to another: the inputs of a concatenation that could not be made in place.
struct CopyStep {
  let input: UnsafeRawPointer
  let rowBytes: Int
  let rows: Int
  let output: UnsafeMutableRawPointer

  func run(_ context: StepContext) {
    let share = context.share(of: rows, unit: pieceRows)
    (output + share.lowerBound * rowBytes).copyMemory(
      from: input + share.lowerBound * rowBytes,
      byteCount: share.count * rowBytes
    )
  }
}

/// Some columns of every row.
struct SliceStep {
  /// The first column of row 0.
  let input: UnsafeRawPointer
  let inputStride: Int
  let rowBytes: Int
  let rows: Int
  let output: UnsafeMutableRawPointer

  func run(_ context: StepContext) {
    for row in context.share(of: rows, unit: pieceRows) {
      (output + row * rowBytes).copyMemory(from: input + row * inputStride, byteCount: rowBytes)
    }
  }
}

/// Rows chosen by their numbers.
struct GatherStep {
  let input: UnsafeRawPointer
  let indices: UnsafePointer<Int32>
  let rowBytes: Int
  let rows: Int
  let output: UnsafeMutableRawPointer

  func run(_ context: StepContext) {
    for row in context.share(of: rows, unit: pieceRows) {
      // Made by a RankingStep over no more rows than the input has; see ShapeInference.
      let source = input + Int(indices[row]) * rowBytes
      (output + row * rowBytes).copyMemory(from: source, byteCount: rowBytes)
    }
  }
}

/// Rows of padding, or of everything that is no proposal, become the zero point.
struct MaskStep {
  let input: UnsafeRawPointer
  /// Of one head.
  let channels: Int
  /// Heads that lie one after the other.
  let heads: Int
  let element: Element
  let zeroPoint: Int32
  let pyramid: Pyramid
  let rows: Int
  let onlyProposals: Bool
  /// Whether any row can be cleared.
  let hasPadding: Bool
  let output: UnsafeMutableRawPointer

  func run(_ context: StepContext) {
    let share = context.share(of: rows, unit: pieceRows)
    guard !share.isEmpty else { return }
    for head in 0..<heads { mask(head, share) }
  }

  private func mask(_ head: Int, _ share: Range<Int>) {
    let rowBytes = channels * element.byteCount
    let output = output + head * rows * rowBytes
    let input = input + head * rows * rowBytes
    let start = share.lowerBound * rowBytes
    if UnsafeRawPointer(output) != input {
      (output + start).copyMemory(from: input + start, byteCount: share.count * rowBytes)
    }
    guard onlyProposals || hasPadding else { return }
    var cursor = Pyramid.Cursor(pyramid, at: share.lowerBound)
    for row in share {
      if !(onlyProposals ? cursor.isProposal : cursor.isValid) { clear(output + row * rowBytes) }
      cursor.advance()
    }
  }

  private func clear(_ row: UnsafeMutableRawPointer) {
    for channel in 0..<channels {
      switch element {
      case .uint8, .int8:
        row.storeBytes(
          of: UInt8(truncatingIfNeeded: zeroPoint),
          toByteOffset: channel,
          as: UInt8.self
        )
      case .int16:
        row.storeBytes(
          of: Int16(truncatingIfNeeded: zeroPoint),
          toByteOffset: 2 * channel,
          as: Int16.self
        )
      case .int32: row.storeBytes(of: zeroPoint, toByteOffset: 4 * channel, as: Int32.self)
      }
    }
  }
}
