import Kernels

/// A function of every element by a table: threads take pieces of the rows.
struct TableLookupStep {
  /// The call for row 0; the step sets the pointers of each piece.
  let call: TableLookup
  let input: RowPlace
  let output: RowPlace
  let rows: Int
  let channels: Int

  func run(_ context: StepContext) {
    run(context, rows: context.share(of: rows, unit: 16))
  }

  func run(_ context: StepContext, rows: Range<Int>) {
    var part = call
    context.forEachPiece(of: rows, input, output) { input, output, count in
      part.input = input
      part.output = output
      part.count = count * channels
      context.table.pointee.tableLookup(part)
    }
  }
}

/// The greatest number of every row.
struct RowMaximumStep {
  let input: RowPlace
  let output: RowPlace
  let rows: Int
  let columns: Int

  func run(_ context: StepContext) {
    run(context, rows: context.share(of: rows, unit: 64))
  }

  func run(_ context: StepContext, rows: Range<Int>) {
    context.forEachPiece(of: rows, input, output) { input, output, count in
      context.table.pointee.rowMaximum(
        RowMaximum(
          input: input.assumingMemoryBound(to: Int32.self),
          rows: count,
          columns: columns,
          output: output.assumingMemoryBound(to: Int32.self)
        )
      )
    }
  }
}
