import Kernels
import Runtime

/// Compares every table that the machine can run with the scalar one, byte by byte.
@main
struct KernelCheck {
  static func main() {
    var seed: UInt64 = 1
    var names: [String] = []
    var cases = 400
    var times = false
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--seed": seed = arguments.popFirst().flatMap(UInt64.init) ?? seed
      case "--isa": if let name = arguments.popFirst() { names.append(name) }
      case "--cases": cases = arguments.popFirst().flatMap(Int.init) ?? cases
      case "--times": times = true
      default: print("unknown \(argument)")
      }
    }
    let tables = KernelTable.supported.filter {
      names.isEmpty || names.contains("\($0.name)")
    }
    var failures = 0
    for table in tables {
      var random = RandomNumbers(seed: seed)
      for index in 0..<cases {
        let product = MatrixProductCase.random(&random)
        guard let expected = product.run(.scalar), let found = product.run(table) else {
          print("\(table.name) case \(index): wrote beside its output: \(product)")
          failures += 1
          continue
        }
        if let place = found.difference(from: expected) {
          print("\(table.name) case \(index): byte \(place) differs: \(product)")
          failures += 1
        }
      }
      for index in 0..<cases {
        let elementwise = ElementwiseCase.random(&random)
        guard let expected = elementwise.run(.scalar), let found = elementwise.run(table) else {
          print("\(table.name) case \(index): wrote beside its output: \(elementwise)")
          failures += 1
          continue
        }
        if let place = found.difference(from: expected) {
          print("\(table.name) case \(index): byte \(place) differs: \(elementwise)")
          failures += 1
        }
      }
      for index in 0..<cases {
        let sampling = SamplingCase.random(&random)
        guard let expected = sampling.run(.scalar), let found = sampling.run(table) else {
          print("\(table.name) case \(index): wrote beside its output: \(sampling)")
          failures += 1
          continue
        }
        if let place = found.difference(from: expected) {
          print("\(table.name) case \(index): byte \(place) differs: \(sampling)")
          failures += 1
        }
      }
      for index in 0..<cases {
        let attention = AttentionCase.random(&random)
        guard let expected = attention.run(.scalar), let found = attention.run(table) else {
          print("\(table.name) case \(index): wrote beside its output: \(attention)")
          failures += 1
          continue
        }
        if let place = found.difference(from: expected) {
          print("\(table.name) case \(index): byte \(place) differs: \(attention)")
          failures += 1
        }
      }
      print("\(table.name): \(cases) cases, \(failures) failures")
    }
    if times {
      for table in tables {
        for (rows, runs, length, outputs) in [
          (48, 1, 64, 256), (48, 1, 256, 64), (48, 1, 256, 256), (48, 1, 1024, 256),
          (48, 1, 256, 1024), (48, 9, 64, 64), (48, 9, 256, 256), (48, 9, 512, 512),
        ] {
          for isInt16 in [false, true] {
            var random = RandomNumbers(seed: seed)
            let product = MatrixProductCase(
              &random,
              isInt16: isInt16,
              rows: rows,
              runs: runs,
              runLength: length,
              outputs: outputs
            )
            var best = Duration.seconds(100)
            for _ in 0..<10 {
              let time = ContinuousClock().measure { for _ in 0..<10 { product.compute(table) } }
              best = min(best, time)
            }
            let seconds =
              Double(best.components.attoseconds) * 1e-18 + Double(best.components.seconds)
            let rate = Double(product.multiplyAdds) * 10 / seconds * 1e-9
            print("\(table.name) \(product): \(Int(rate)) GMAC/s")
          }
        }
      }
    }
  }
}
