// Operations that copy pixels of maps; threads take pieces of the rows.

/// Every pixel of a map `factor` times in both directions.
struct UpsampleStep {
  /// The whole map.
  let input: UnsafeRawPointer
  let inputWidth: Int
  let factor: Int
  let output: RowPlace
  let outputWidth: Int
  let outputRows: Int

  func run(_ context: StepContext) {
    run(context, rows: context.share(of: outputRows, unit: 64))
  }

  func run(_ context: StepContext, rows: Range<Int>) {
    let rowBytes = output.rowBytes
    var y = rows.lowerBound / outputWidth
    var x = rows.lowerBound % outputWidth
    for row in rows {
      let pixel = y / factor * inputWidth + x / factor
      output.row(row, context.thread).copyMemory(
        from: input + pixel * rowBytes,
        byteCount: rowBytes
      )
      x += 1
      if x == outputWidth {
        x = 0
        y += 1
      }
    }
  }
}

/// The channels of several values side by side.
struct ColumnJoinStep {
  /// [count]
  let inputs: UnsafePointer<RowPlace>
  let count: Int
  let output: RowPlace
  let rows: Int

  func run(_ context: StepContext) {
    run(context, rows: context.share(of: rows, unit: 64))
  }

  func run(_ context: StepContext, rows: Range<Int>) {
    for row in rows {
      var slice = output.row(row, context.thread)
      for index in 0..<count {
        let rowBytes = inputs[index].rowBytes
        slice.copyMemory(
          from: UnsafeRawPointer(inputs[index].row(row, context.thread)),
          byteCount: rowBytes
        )
        slice += rowBytes
      }
    }
  }
}
