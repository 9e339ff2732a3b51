import Checkpoints
import FloatGraph

/// Takes the arrays of a model out of a checkpoint: each by its name, with its shape checked.
///
/// It remembers what was taken, so that in the end every tensor of the file is explained.
struct WeightReader {
  /// The largest extent of a tensor, so that products of a few of them fit `Int`.
  static let largestExtent = 1 << 20

  let tensors: TensorMap
  let naming: any TensorNaming
  /// The tensors taken so far, tied copies included.
  private(set) var used: Set<String> = []
  /// How many trained numbers were taken; running means and variances do not count.
  private(set) var parameterCount = 0
  private var counted: Set<ArraySource> = []

  init(tensors: TensorMap, naming: any TensorNaming) {
    self.tensors = tensors
    self.naming = naming
  }

  /// Whether a file has an array.
  func has(_ module: Module, _ parameter: Parameter = .weight) -> Bool {
    !present(WeightName(module, parameter), mayShare: true).isEmpty
  }

  /// The shape of an array, which may be a part of a tensor.
  ///
  /// - Parameters:
  ///   - module: the part of the model.
  ///   - parameter: which of its arrays.
  /// - Returns: the shape and where it was found.
  /// - Throws: ``ArchitectureError`` for a missing tensor, and for an extent of 0 or above
  ///   ``largestExtent``.
  func shape(
    _ module: Module,
    _ parameter: Parameter = .weight
  ) throws(ArchitectureError) -> Stated<[Int]> {
    let source = try source(WeightName(module, parameter), mayShare: true)
    var shape = tensors[source.tensor]!.shape
    guard shape.allSatisfy({ 1...Self.largestExtent ~= $0 }) else {
      throw .unsupported(
        place: describe(source.tensor),
        found: "shape \(shape)",
        supported: "extents from 1 to \(Self.largestExtent)"
      )
    }
    if source.parts > 1, let rows = shape.first { shape[0] = rows / source.parts }
    return Stated(shape, at: describe(source.tensor))
  }

  /// The file that holds a tensor, or would.
  func file(of tensor: String) -> String {
    tensors[tensor]?.file ?? (tensors.files.count == 1 ? tensors.files[0] : tensors.path)
  }

  /// How a message names a tensor.
  func describe(_ tensor: String) -> String {
    "\(file(of: tensor)): tensor '\(tensor)'"
  }

  /// How many parts a series has: one more than the largest number in the tensors' names.
  func count(_ series: Series) -> Stated<Int> {
    let prefix = naming.prefix(of: series)
    var count = 0
    var last: String?
    for name in tensors.names where name.hasPrefix(prefix) {
      guard let number = Int(name.dropFirst(prefix.count).prefix { $0 != "." }) else { continue }
      if number >= count, number < Int(Int32.max) {
        count = number + 1
        last = name
      }
    }
    return Stated(count, at: describe(last ?? "\(prefix)0"))
  }

  /// Takes an array.
  ///
  /// - Parameters:
  ///   - module: the part of the model.
  ///   - parameter: which of its arrays.
  ///   - shape: what it must be.
  ///   - mayShare: whether a tensor that stands for several parts may serve.
  /// - Returns: the numbers, row by row.
  /// - Throws: ``ArchitectureError`` for a missing tensor, a wrong shape, numbers that are no
  ///   floating-point ones or not finite, and tied tensors that differ.
  mutating func take(
    _ module: Module,
    _ parameter: Parameter,
    shape: [Int],
    mayShare: Bool = true
  ) throws(ArchitectureError) -> [Float] {
    let name = WeightName(module, parameter)
    let source = try source(name, mayShare: mayShare)
    let values = try read(source, shape: shape)
    for copy in present(name, mayShare: mayShare) where copy != source {
      guard try read(copy, shape: shape) == values else {
        throw .tiedTensorsDiffer(
          file: file(of: source.tensor),
          first: source.tensor,
          second: copy.tensor
        )
      }
    }
    let isTrained = parameter != .normMean && parameter != .normVariance
    if isTrained, counted.insert(source).inserted { parameterCount += values.count }
    return values
  }

  private mutating func read(
    _ source: ArraySource,
    shape: [Int]
  ) throws(ArchitectureError) -> [Float] {
    let tensor = tensors[source.tensor]!
    var whole = shape
    whole[0] *= source.parts
    guard tensor.shape == whole else {
      throw .wrongShape(
        file: tensor.file,
        tensor: tensor.name,
        expected: whole,
        found: tensor.shape
      )
    }
    guard tensor.dtype.isFloatingPoint else {
      throw .notFloatingPoint(
        file: tensor.file,
        tensor: tensor.name,
        found: tensor.dtype.rawValue
      )
    }
    var values = tensor.floats()
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(
        file: tensor.file,
        tensor: tensor.name,
        index: index,
        value: values[index]
      )
    }
    used.insert(tensor.name)
    if source.parts > 1 {
      let count = values.count / source.parts
      values = Array(values[source.part * count..<(source.part + 1) * count])
    }
    return values
  }

  private func source(
    _ name: WeightName,
    mayShare: Bool
  ) throws(ArchitectureError) -> ArraySource {
    if let source = present(name, mayShare: mayShare).first { return source }
    let tensor = naming.sources(of: name).first?.first?.tensor ?? name.module.name
    throw .missingTensor(file: file(of: tensor), tensor: tensor)
  }

  /// The sources of the first group that has any.
  private func present(_ name: WeightName, mayShare: Bool) -> [ArraySource] {
    let groups = naming.sources(of: name)
    for group in mayShare ? groups[...] : groups.prefix(1) {
      let present = group.filter { tensors.contains($0.tensor) }
      if !present.isEmpty { return present }
    }
    return []
  }
}
