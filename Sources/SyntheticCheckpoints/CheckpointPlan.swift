import RandomNumbers

/// The tensors of a checkpoint to be: names, shapes, and how to compute the numbers of each.
///
/// Nothing is computed before a tensor is written, so that a large checkpoint is never in memory
/// whole. What the numbers are depends on the seed and on the tensor's name, not on the order.
public struct CheckpointPlan {
  /// One tensor.
  struct Tensor {
    let name: String
    let shape: [Int]
    /// Computes the numbers, row by row.
    let numbers: () -> [Float]

    /// How many numbers there are.
    var count: Int { shape.reduce(1, *) }
  }

  let seed: UInt64
  /// What stands before the names of tensors from here on; it does not choose their numbers.
  var prefix = ""
  private(set) var tensors: [Tensor] = []

  init(seed: UInt64) {
    self.seed = seed
  }

  /// Adds a tensor.
  ///
  /// - Parameters:
  ///   - name: its name in the file.
  ///   - shape: its extents.
  ///   - draw: computes a given count of numbers from the random numbers of this name.
  /// - Returns: the tensor.
  @discardableResult
  mutating func add(
    _ name: String,
    _ shape: [Int],
    draw: @escaping (NamedRandomNumbers, _ count: Int) -> [Float]
  ) -> Tensor {
    let random = random(name)
    let count = shape.reduce(1, *)
    let tensor = Tensor(name: prefix + name, shape: shape) { draw(random, count) }
    tensors.append(tensor)
    return tensor
  }

  /// The random numbers of a name.
  ///
  /// - Parameter name: a tensor's, or any other.
  /// - Returns: its numbers.
  func random(_ name: String) -> NamedRandomNumbers {
    NamedRandomNumbers(seed: seed, name: name)
  }
}
