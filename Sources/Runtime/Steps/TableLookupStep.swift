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
    var row = rows.lowerBound
    while row < rows.upperBound {
      let count = min(
        rows.upperBound - row,
        input.contiguous(from: row),
        output.contiguous(from: row)
      )
      part.input = UnsafeRawPointer(input.row(row, context.thread))
      part.output = output.row(row, context.thread)
      part.count = count * channels
      context.table.pointee.tableLookup(part)
      row += count
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
    var row = rows.lowerBound
    while row < rows.upperBound {
      let count = min(
        rows.upperBound - row,
        input.contiguous(from: row),
        output.contiguous(from: row)
      )
      let numbers = input.row(row, context.thread).assumingMemoryBound(to: Int32.self)
      let greatest = output.row(row, context.thread).assumingMemoryBound(to: Int32.self)
      context.table.pointee.rowMaximum(
        RowMaximum(input: UnsafePointer(numbers), rows: count, columns: columns, output: greatest)
      )
      row += count
    }
  }
}
