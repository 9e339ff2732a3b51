import Kernels

// Operations on every element by itself: threads take pieces of the arrays.

/// Rows that a thread takes at a time.
private let pieceRows = 16

struct AdditionStep {
  /// The call for row 0; the step sets the pointers of each piece.
  let call: WeightedSum
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
      context.table.pointee.weightedSum(part)
    }
  }
}

struct UnitChangeStep {
  /// The call for row 0; the step sets the pointers of each piece.
  let call: UnitChange
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
      context.table.pointee.unitChange(part)
    }
  }
}

struct SigmoidStep {
  let call: SigmoidMap

  func run(_ context: StepContext) {
    let share = context.share(of: call.count, unit: 256)
    guard !share.isEmpty else { return }
    context.table.pointee.sigmoid(
      SigmoidMap(
        input: call.input + share.lowerBound,
        count: share.count,
        output: call.output + share.lowerBound
      )
    )
  }
}

struct BoxUpdateStep {
  let call: BoxUpdate

  func run(_ context: StepContext) {
    let share = context.share(of: call.rows, unit: 16)
    guard !share.isEmpty else { return }
    context.table.pointee.boxUpdate(
      BoxUpdate(
        delta: call.delta + 4 * share.lowerBound,
        reference: call.reference + call.referenceChannels * share.lowerBound,
        referenceChannels: call.referenceChannels,
        rows: share.count,
        output: call.output + 4 * share.lowerBound
      )
    )
  }
}
