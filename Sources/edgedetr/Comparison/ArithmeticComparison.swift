import CheckedJSON
import ModelFile
import Runtime
import Simulation

/// What integer arithmetic alone does, operation by operation.
///
/// Every operation of the simulation reads the integers that the session's operation has read, so that
/// no error is carried on.
struct ArithmeticComparison {
  /// All operations of a kind.
  private struct Kind {
    let name: String
    var operations: Set<Int> = []
    var elements = 0
    var differing = 0
    /// Units of the output.
    var largest = 0.0
    /// Elements that are further off than the simulation's tolerance says.
    var outside = 0
  }

  private var kinds: [Kind] = []

  mutating func add(_ session: Session, picture: [UInt8], _ simulation: ModelSimulation) {
    let pixels = picture.map { Int32($0) }
    func integers(_ value: ValueIndex) -> [Int32] {
      session.integers(of: value) ?? (value == Model.picture ? pixels : [])
    }
    for (index, operation) in session.model.operations.enumerated() {
      guard let found = session.integers(of: operation.output) else { continue }
      let expected = simulation.output(of: operation, inputs: integers)
      let tolerance = simulation.tolerance(of: operation, inputs: integers)
      var kind = take(operation.name)
      kind.operations.insert(index)
      kind.elements += found.count
      for element in found.indices where found[element] != expected[element] {
        let difference = abs(Double(found[element]) - Double(expected[element]))
        kind.differing += 1
        kind.largest = max(kind.largest, difference)
        if difference > tolerance[element] { kind.outside += 1 }
      }
      kinds.append(kind)
    }
  }

  /// Takes a kind out, or makes it.
  private mutating func take(_ name: String) -> Kind {
    kinds.firstIndex { $0.name == name }.map { kinds.remove(at: $0) } ?? Kind(name: name)
  }

  private var sorted: [Kind] { kinds.sorted { $0.name < $1.name } }

  /// One line a kind.
  var text: String {
    func column(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    var lines = [
      "integer arithmetic alone, each operation on the same integers; units of its output",
      "  operations  differing elements  largest difference  outside of the bound  kind",
    ]
    for kind in sorted {
      let share = Double(kind.differing) / Double(max(kind.elements, 1)) * 100
      lines.append(
        "  " + column("\(kind.operations.count)", 10)
          + column("\(share.formatted(digits: 4)) %", 20)
          + column("\(Int(kind.largest))", 20) + column("\(kind.outside)", 22) + "  \(kind.name)"
      )
    }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    .array(
      sorted.map { kind in
        [
          "kind": .string(kind.name),
          "operations": JSON(kind.operations.count),
          "elements": JSON(kind.elements),
          "differing": JSON(kind.differing),
          "largest_difference": .double(kind.largest),
          "outside_of_bound": JSON(kind.outside),
        ]
      }
    )
  }
}
