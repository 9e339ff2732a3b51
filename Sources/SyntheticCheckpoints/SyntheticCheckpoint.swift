import CheckedJSON
import Checkpoints
import Foundation

/// Writes checkpoints with random weights that behave as trained ones do, so that anybody can measure
/// at full size without a download.
///
///     try SyntheticCheckpoint.write(architecture: "deformable-detr-r50", seed: 1, to: "synthetic")
///
/// The folder is laid out as transformers 5 lays it out: `config.json`, `preprocessor_config.json`
/// and `model.safetensors`; families under the names of official repositories have no `config.json`. Batch norms hold the statistics of noise pictures that passed through
/// the network, norms have gains and biases away from 1 and 0, residual branches add about what
/// they receive, sampling offsets look into different directions, attention is neither uniform nor
/// a choice of one, scores and boxes differ between queries and between pictures.
///
/// The same seed gives the same bytes on every machine. Tensors are computed when they are written:
/// memory is needed for the largest one, not for all. Not a trained model: what it detects means
/// nothing.
public enum SyntheticCheckpoint {
  /// How the numbers are stored.
  public enum Storage: String, Sendable, CaseIterable {
    /// IEEE 754 single precision.
    case float32
    /// IEEE 754 half precision, rounded to nearest.
    case float16
    /// The upper half of single precision, rounded to nearest.
    case bfloat16
  }

  /// What was written.
  public struct Summary: Sendable {
    /// Tensors in the file.
    public let tensors: Int
    /// Numbers in all tensors together, statistics of batch norms included.
    public let numbers: Int
  }

  /// Writes a checkpoint of a named architecture.
  ///
  /// - Parameters:
  ///   - architecture: one of ``SyntheticArchitecture/all``.
  ///   - seed: chooses the weights.
  ///   - storage: how the numbers are stored.
  ///   - folder: made where it is missing; files of the same names are replaced.
  /// - Returns: what was written.
  /// - Throws: ``SyntheticCheckpointError``.
  @discardableResult
  public static func write(
    architecture: String,
    seed: UInt64,
    storage: Storage = .float32,
    to folder: String
  ) throws(SyntheticCheckpointError) -> Summary {
    let architecture = try SyntheticArchitecture(named: architecture)
    return try write(architecture.family, seed: seed, storage: storage, to: folder)
  }

  /// Writes a checkpoint of a family with options of one's own.
  ///
  /// - Parameters:
  ///   - family: the options.
  ///   - seed: chooses the weights.
  ///   - storage: how the numbers are stored.
  ///   - folder: made where it is missing; files of the same names are replaced.
  /// - Returns: what was written.
  /// - Throws: ``SyntheticCheckpointError``.
  @discardableResult
  public static func write(
    _ family: some SyntheticFamily,
    seed: UInt64,
    storage: Storage = .float32,
    to folder: String
  ) throws(SyntheticCheckpointError) -> Summary {
    try family.check()
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .folder(path: folder, reason: error.localizedDescription)
    }
    var plan = CheckpointPlan(seed: seed)
    family.compose(&plan)
    do {
      try plan.writer(storage).write(path: "\(folder)/model.safetensors")
    } catch { throw .checkpoint(error) }
    if family.hasConfiguration {
      var configuration = family.configuration
      configuration["dtype"] = .string(storage.rawValue)
      try write(configuration, to: "\(folder)/config.json")
    } else {
      // One that another checkpoint left here would contradict this one.
      try? FileManager.default.removeItem(atPath: "\(folder)/config.json")
    }
    try write(family.preprocessing, to: "\(folder)/preprocessor_config.json")
    return Summary(
      tensors: plan.tensors.count,
      numbers: plan.tensors.reduce(0) { $0 + $1.count }
    )
  }

  private static func write(
    _ object: JSON.Object,
    to path: String
  ) throws(SyntheticCheckpointError) {
    let text: [UInt8]
    do {
      text = try JSON.object(object).encoded(pretty: true, sortedKeys: true)
    } catch { throw .configuration(error) }
    do {
      var file = try ReplacingFile(path: path)
      try file.write(text)
      try file.commit()
    } catch { throw .file(error) }
  }
}

extension CheckpointPlan {
  /// A writer of all tensors, which computes each when it writes it.
  ///
  /// - Parameter storage: how the numbers are stored.
  /// - Returns: the writer.
  func writer(_ storage: SyntheticCheckpoint.Storage) -> SafetensorsWriter {
    let type: ElementType =
      switch storage {
      case .float32: .f32
      case .float16: .f16
      case .bfloat16: .bf16
      }
    var writer = SafetensorsWriter(metadata: ["format": "pt", "seed": "\(seed)"])
    for tensor in tensors {
      writer.add(tensor.name, shape: tensor.shape, storedAs: type, floats: tensor.numbers())
    }
    return writer
  }
}
