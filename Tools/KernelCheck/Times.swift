import Kernels

/// Prints the table's own peak and what its matrix products reach of it.
func printTimes(of table: KernelTable) {
  let memory = GuardedBytes(count: 64)
  memory.fill(3)
  let peak = bestRate(work: { table.multiplyAddLoop(200_000, memory.start) })
  print("\(table.name)  peak of registers: \(decimal(peak)) GMAC/s")
  for (rows, runs, length, outputs) in [
    (48, 1, 64, 256), (48, 1, 256, 64), (48, 1, 256, 256), (48, 1, 256, 1024), (48, 1, 1024, 256),
    (48, 9, 64, 64), (48, 9, 128, 128), (48, 9, 256, 256), (48, 9, 512, 512),
  ] {
    for isInt16 in [false, true] {
      var random = RandomNumbers(seed: 1)
      let product = MatrixProductCase(
        &random,
        isInt16: isInt16,
        rows: rows,
        runs: runs,
        runLength: length,
        outputs: outputs,
        isPlain: true
      )
      let scratch = product.scratch(of: table)
      let rate = bestRate(work: {
        for _ in 0..<10 { product.compute(table, scratch) }
        return 10 * product.multiplyAdds
      })
      print(
        "\(table.name)  \(product.description): \(decimal(rate)) GMAC/s, \(Int(100 * rate / peak + 0.5)) % of the peak"
      )
    }
  }
}

/// The best of several runs in 10⁹ multiply-adds per second, so that other work does not lower it.
private func bestRate(work: () -> Int) -> Double {
  var best = 0.0
  for _ in 0..<12 {
    let start = monotonicNanoseconds()
    let count = work()
    let elapsed = monotonicNanoseconds() - start
    if elapsed > 0 { best = max(best, Double(count) / Double(elapsed)) }
  }
  return best
}

private func decimal(_ number: Double) -> String {
  let tenths = Int(number * 10 + 0.5)
  return "\(tenths / 10).\(tenths % 10)"
}
