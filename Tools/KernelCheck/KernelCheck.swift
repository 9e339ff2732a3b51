import Kernels
import Runtime

/// Compares every table that the machine can run with the scalar one, byte by byte, then times them.
///
///     KernelCheck [--isa NAME]… [--seed N] [--cases N] [--family NAME] [--times]
///
/// Exit code 1 where a byte differs or a kernel writes beside its output; a kernel that reads or writes past
/// the end of a buffer is stopped by the guard page there.
@main
struct KernelCheck {
  static func main() {
    guard let options = Options(CommandLine.arguments.dropFirst()) else {
      print("usage: KernelCheck [--isa NAME]… [--seed N] [--cases N] [--family NAME] [--times]")
      exitProcess(2)
    }
    let tables = KernelTable.supported.filter {
      options.names.isEmpty || options.names.contains("\($0.name)")
    }
    for name in options.names where !tables.contains(where: { "\($0.name)" == name }) {
      print("--isa \(name): this processor has \(KernelTable.supported.map { "\($0.name)" })")
      exitProcess(2)
    }
    print("KernelCheck --seed \(options.seed) --cases \(options.cases)")
    var failures = 0
    let compared = tables.filter { "\($0.name)" != "scalar" }
    for table in compared {
      for family in CheckedFamily.all where options.family.map({ $0 == family.name }) ?? true {
        failures += check(table, family, options)
      }
    }
    if options.times { for table in compared { printTimes(of: table) } }
    exitProcess(failures == 0 ? 0 : 1)
  }

  private static func check(_ table: KernelTable, _ family: CheckedFamily, _ options: Options)
    -> Int
  {
    var random = RandomNumbers(seed: options.seed)
    var failures = 0
    for index in 0..<options.cases {
      let drawn = family.draw(&random)
      let expected = drawn.run(.scalar)
      let found = drawn.run(table)
      switch (expected, found) {
      case (let expected?, let found?):
        guard let place = found.difference(from: expected) else { continue }
        print("\(table.name) case \(index): byte \(place) differs: \(drawn.description)")
      case (_, nil):
        print("\(table.name) case \(index): wrote beside its output: \(drawn.description)")
      case (nil, _):
        print("scalar case \(index): wrote beside its output: \(drawn.description)")
      }
      failures += 1
    }
    print("\(table.name)  \(family.name): \(options.cases) cases, \(failures) failures")
    return failures
  }
}
