import Kernels
import Runtime

/// Compares every table that the machine can run with the scalar one, byte by byte, then times them.
///
///     KernelCheck [--isa NAME]… [--list] [--seed N] [--cases N] [--family NAME] [--times]
///
/// `--list` only prints the names of the tables that this machine can run, weakest first. The program
/// is Embedded Swift too, so that it runs on a board and under its emulator.
///
/// Exit code 1 where a byte differs or a kernel writes beside its output; a kernel that reads or writes past
/// the end of a buffer is stopped by the guard page there.
struct KernelCheck {
  static func run(_ arguments: ArraySlice<[UInt8]>) -> Int32 {
    guard let options = Options(arguments) else {
      print(Options.usage)
      return 2
    }
    let supported = KernelTable.supported
    if options.list {
      print(names(supported))
      return 0
    }
    for name in options.names where !supported.contains(where: { name.spells($0.name) }) {
      print(
        "--isa \(String(decoding: name, as: UTF8.self)): this processor has \(names(supported))"
      )
      return 2
    }
    print("KernelCheck --seed \(options.seed) --cases \(options.cases)")
    let compared = supported.dropFirst().filter { table in
      options.names.isEmpty || options.names.contains { $0.spells(table.name) }
    }
    var failures = 0
    for table in compared {
      for family in CheckedFamily.all where options.family.map({ $0.spells(family.name) }) ?? true {
        failures += check(table, family, options)
      }
    }
    if options.times { for table in compared { printTimes(of: table) } }
    return failures == 0 ? 0 : 1
  }

  private static func names(_ tables: [KernelTable]) -> String {
    var line = ""
    for table in tables { line += line.isEmpty ? "\(table.name)" : " \(table.name)" }
    return line
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
