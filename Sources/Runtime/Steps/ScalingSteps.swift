import FixedPoint
import Kernels

// Operations that scale numbers by numbers; threads take pieces of the rows.

/// Rows that a thread takes at a time.
private let pieceRows = 16

/// The product of two values, element by element.
struct MultiplicationStep {
  /// The call for row 0; the step sets the pointers of each piece.
  let call: ElementProduct
  let a: RowPlace
  let b: RowPlace
  let output: RowPlace
  let rows: Int
  let channels: Int

  func run(_ context: StepContext) {
    run(context, rows: context.share(of: rows, unit: pieceRows))
  }

  func run(_ context: StepContext, rows: Range<Int>) {
    var part = call
    context.forEachPiece(of: rows, a, b, output) { a, b, output, count in
      part.a.elements = a
      part.b.elements = b
      part.output = output
      part.count = count * channels
      context.table.pointee.elementProduct(part)
    }
  }
}

/// A rectifier with a slope below zero.
struct RectificationStep {
  /// The call for row 0; the step sets the pointers of each piece.
  let call: SlopedRectifier
  let input: RowPlace
  let output: RowPlace
  let rows: Int
  let channels: Int

  func run(_ context: StepContext) {
    run(context, rows: context.share(of: rows, unit: pieceRows))
  }

  func run(_ context: StepContext, rows: Range<Int>) {
    var part = call
    context.forEachPiece(of: rows, input, output) { input, output, count in
      part.input = input
      part.output = output
      part.count = count * channels
      context.table.pointee.slopedRectifier(part)
    }
  }
}

/// Codes of boxes scaled by ratios of sides; there are as many rows as queries.
struct ModulationStep {
  let input: UnsafePointer<Int16>
  let channels: Int
  /// [rows, 2] and [rows, 4], Q1.30.
  let sides: UnsafePointer<Int32>
  let boxes: UnsafePointer<Int32>
  let rows: Int
  let multiplier: Int32
  let shift: Int32
  let zeroPoint: Int32
  let output: UnsafeMutableRawPointer
  /// Whether the output is int16, not uint8.
  let isInt16: Bool

  func run(_ context: StepContext) {
    let half = Int64(1) << Int64(shift - 1)
    let (lowest, highest): (Int64, Int64) = isInt16 ? (-32768, 32767) : (0, 255)
    for row in context.share(of: rows, unit: pieceRows) {
      for side in 0...1 {
        let factor = sideFactor(
          multiplier: multiplier,
          side: sides[2 * row + side],
          box: boxes[4 * row + 2 + side]
        )
        let first = row * channels + side * (channels / 2)
        for place in first..<first + channels / 2 {
          let rounded = (Int64(input[place]) * factor + half) >> Int64(shift) + Int64(zeroPoint)
          let number = min(max(rounded, lowest), highest)
          if isInt16 {
            output.storeBytes(
              of: Int16(truncatingIfNeeded: number),
              toByteOffset: 2 * place,
              as: Int16.self
            )
          } else {
            output.storeBytes(
              of: UInt8(truncatingIfNeeded: number),
              toByteOffset: place,
              as: UInt8.self
            )
          }
        }
      }
    }
  }
}

/// The codes of tokens, each the sum of two rows of a table.
struct PositionSpreadStep {
  let table: UnsafePointer<Int16>
  let channels: Int
  let pyramid: Pyramid
  let rows: Int
  let output: UnsafeMutablePointer<Int16>

  func run(_ context: StepContext) {
    let share = context.share(of: rows, unit: pieceRows)
    guard !share.isEmpty else { return }
    var cursor = Pyramid.Cursor(pyramid, at: share.lowerBound)
    for row in share {
      let level = cursor.geometry
      let y = cursor.x < level.validWidth ? cursor.y : level.height
      let x = level.height + 1 + (cursor.y < level.validHeight ? cursor.x : level.width)
      let one = table + (level.firstTableRow + y) * channels
      let other = table + (level.firstTableRow + x) * channels
      let code = output + row * channels
      for channel in 0..<channels {
        let sum = Int32(one[channel]) + Int32(other[channel])
        code[channel] = Int16(truncatingIfNeeded: min(max(sum, -32768), 32767))
      }
      cursor.advance()
    }
  }
}
