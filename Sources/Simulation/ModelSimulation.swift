import ModelFile
import Runtime

/// An integer model in floating point: the same operations, scales and zero points, and after every
/// operation the same rounding and clamping to integers; only the arithmetic inside of an operation
/// is in `Double`.
///
///     let simulation = try ModelSimulation(model: model, size: size, threads: 2)
///     let boxes = simulation.run(picture: pixels, keep: [])[model.information.boxes]
///
/// It tells two errors apart: what differs from the float model lies in the scales, what differs from
/// the integer model lies in integer arithmetic: exponentials, roots, divisions and sines from tables
/// and polynomials, weights of attention rounded to 15 bits, sampling points to 16. How much the
/// latter may be is stated by ``tolerance(of:inputs:)``.
///
/// For measuring, not for detecting: it is slower than the integers, and what wraps there does not
/// wrap here.
public struct ModelSimulation: Sendable {
  /// The integers of a value, rows × channels, row by row.
  public typealias Integers = [Int32]

  public let model: Model
  public let threads: Int
  /// The size of every value.
  public let shapes: [ValueShape]

  /// Prepares a simulation for one size of the picture.
  ///
  /// - Parameters:
  ///   - model: the model; its bytes must stay in place as long as the simulation is used.
  ///   - size: the network's input.
  ///   - threads: how many threads compute; the result does not depend on it.
  /// - Throws: ``SessionError`` as a session of this size.
  public init(model: Model, size: PictureSize, threads: Int) throws(SessionError) {
    self.model = model
    self.threads = threads
    shapes = try model.shapes(for: size)
  }

  /// Runs the whole model on what it computes itself.
  ///
  /// - Parameters:
  ///   - picture: RGB of the network's size, three bytes a pixel, without gaps.
  ///   - keep: values to return beside logits and boxes; others are freed after their last reader.
  /// - Returns: the integers of the kept values.
  public func run(picture: [UInt8], keep: Set<ValueIndex> = []) -> [ValueIndex: Integers] {
    precondition(picture.count == rows(Model.picture) * 3, "the picture must fill the input's size")
    let kept = keep.union([model.information.logits, model.information.boxes])
    var lastReader: [ValueIndex: Int] = [:]
    for (index, operation) in model.operations.enumerated() {
      for input in operation.inputs { lastReader[input] = index }
    }
    var values: [ValueIndex: Integers] = [Model.picture: picture.map { Int32($0) }]
    for (index, operation) in model.operations.enumerated() {
      values[operation.output] = output(of: operation) { values[$0]! }
      for input in operation.inputs where lastReader[input] == index && !kept.contains(input) {
        values[input] = nil
      }
    }
    return values.filter { kept.contains($0.key) }
  }

  /// Computes one operation.
  ///
  /// - Parameters:
  ///   - operation: an operation of the model.
  ///   - inputs: gives the integers of a value that the operation reads.
  /// - Returns: the integers of its output.
  public func output(
    of operation: ModelFile.Operation,
    inputs: (ValueIndex) -> Integers
  ) -> Integers {
    switch operation {
    case .convolution(let it): convolution(it, inputs)
    case .maxPool(let it): maxPool(it, inputs(it.input))
    case .add(let it): addition(it, inputs(it.a), inputs(it.b))
    case .requantize(let it): requantization(it, inputs(it.input))
    case .layerNorm(let it): layerNorm(it, inputs(it.input))
    case .groupNorm(let it): groupNorm(it, inputs(it.input))
    case .attention(let it): attention(it, inputs).output
    case .deformableAttention(let it): deformableAttention(it, inputs).output
    case .positionTable(let it): positionTable(it)
    case .constant(let it): constant(it)
    case .concatenateRows(let it): it.inputs.flatMap { inputs($0) }
    case .sliceColumns(let it): slice(it, inputs(it.input))
    case .maskPadding(let it): masked(it, inputs(it.input)) { $0.isValid }
    case .maskProposals(let it): masked(it, inputs(it.input)) { $0.isProposal }
    case .topRows(let it): topRows(it, inputs(it.input))
    case .gatherRows(let it): gather(it, inputs(it.input), inputs(it.indices))
    case .sigmoid(let it): sigmoid(it, inputs(it.input))
    case .refineBoxes(let it): refine(it, inputs(it.delta), inputs(it.reference))
    case .proposalBoxes(let it): proposals(it, inputs(it.delta), inputs(it.indices))
    case .boxSine(let it): boxSine(it, inputs(it.input))
    case .tableLookup(let it): tableLookup(it, inputs(it.input))
    case .averagePool(let it): averagePool(it, inputs(it.input))
    case .upsample(let it): upsample(it, inputs(it.input))
    case .concatenateColumns(let it): concatenateColumns(it, inputs)
    case .rowMaximum(let it): rowMaximum(it, inputs(it.input))
    case .spatialAttention(let it): spatialAttention(it, inputs).output
    case .positionSum(let it): positionSum(it, inputs(it.position))
    case .regionPooling(let it): regionPooling(it, inputs(it.map), inputs(it.boxes)).output
    case .regionSampling(let it):
      regionSampling(it, inputs(it.map), inputs(it.boxes), inputs(it.places)).output
    case .pointsInBoxes(let it): pointsInBoxes(it, inputs(it.boxes), inputs(it.places))
    case .gate(let it): gate(it, inputs(it.input), inputs(it.gates))
    }
  }

  func rows(_ value: ValueIndex) -> Int { shapes[value.index].rows }
  func channels(_ value: ValueIndex) -> Int { model[value].channels }
  func count(_ value: ValueIndex) -> Int { rows(value) * channels(value) }
  func zero(_ value: ValueIndex) -> Double { Double(model[value].zeroPoint) }

  /// The grid of a map; shapes are only made where operations that need one have it.
  func grid(_ value: ValueIndex) -> ValueShape.Grid { shapes[value.index].grid! }
}
