import Kernels

/// Prints what a table's matrix products reach of its own peak.
///
/// Other work on the machine slows both down: peak and product are measured in turns, the best of each counts.
func printTimes(of table: KernelTable) {
  let rows = table.productRows
  for (runs, length, outputs) in [
    (7, 21, 64), (1, 64, 64), (1, 64, 256), (1, 256, 64), (1, 256, 256), (1, 256, 1024),
    (1, 1024, 256), (9, 64, 64), (9, 128, 128), (9, 256, 256), (9, 512, 512),
  ] {
    printTime(of: table, rows, runs, length, outputs, .rectified)
  }
  for inputs in [InputPattern.around128, .any] { printTime(of: table, rows, 1, 256, 256, inputs) }
  for rows in [4, 16, 32] { printTime(of: table, rows, 1, 256, 256, .rectified) }
  printTime(of: table, rows, 1, 256, 256, nil)
}

private func printTime(
  of table: KernelTable,
  _ rows: Int,
  _ runs: Int,
  _ length: Int,
  _ outputs: Int,
  _ inputs: InputPattern?
) {
  var random = RandomNumbers(seed: 1)
  let product = MatrixProductCase(
    &random,
    isInt16: inputs == nil,
    rows: rows,
    runs: runs,
    runLength: length,
    outputs: outputs,
    plainInputs: inputs ?? .any
  )
  let scratch = product.scratch(of: table)
  let memory = GuardedBytes(count: 64)
  memory.fill(3)
  var peak = 0.0
  var rate = 0.0
  for _ in 0..<40 {
    peak = max(peak, measuredRate { table.multiplyAddLoop(20_000, memory.start) })
    rate = max(
      rate,
      measuredRate {
        product.compute(table, scratch)
        return product.multiplyAdds
      }
    )
  }
  print(
    "\(table.name)  \(product.description): \(decimal(rate)) GMAC/s, "
      + "\(Int(100 * rate / peak + 0.5)) % of \(decimal(peak)) in registers"
  )
}

/// 10⁹ multiply-adds per second.
private func measuredRate(_ work: () -> Int) -> Double {
  let start = monotonicNanoseconds()
  let count = work()
  let elapsed = monotonicNanoseconds() - start
  return elapsed > 0 ? Double(count) / Double(elapsed) : 0
}

private func decimal(_ number: Double) -> String {
  let tenths = Int(number * 10 + 0.5)
  return "\(tenths / 10).\(tenths % 10)"
}
