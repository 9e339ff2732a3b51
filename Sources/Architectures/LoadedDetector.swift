import CheckedJSON
import Checkpoints
import FloatGraph
import Foundation

/// A detector as read from a checkpoint: its graph, and how its properties were found.
///
///     let detector = try LoadedDetector(path: "detr-resnet-50")
///     print(detector.summary)
///     let executor = FloatExecutor(graph: detector.graph, threads: 2)
public struct LoadedDetector: Sendable {
  public let graph: FloatGraph
  public let configuration: DetectorConfiguration
  /// Every property with its value and origin, in the order in which they were settled.
  public let settings: [Setting]
  /// Whose names the tensors carry, such as `Hugging Face`.
  public let naming: String
  /// How many trained numbers the model has; running means and variances do not count.
  public let parameterCount: Int
  /// Tensors of the file that the model does not need, and why they may be there.
  public let ignoredTensors: [(name: String, reason: String)]

  /// Loads a checkpoint.
  ///
  /// - Parameters:
  ///   - path: a folder as Hugging Face lays it out, or a single file of tensors; a `config.json`
  ///     beside it is read.
  ///   - options: what the checkpoint may not say itself.
  /// - Throws: ``ArchitectureError``.
  public init(
    path: String,
    options: DetectorOptions = DetectorOptions()
  ) throws(ArchitectureError) {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let folder = isFolder.boolValue ? path : (path as NSString).deletingLastPathComponent
    // First, so that another family is refused by its name whatever its tensors are.
    let beside = try Self.stated(beside: folder)
    let tensors: TensorMap
    do { tensors = try TensorMap.open(path: path) } catch { throw .checkpoint(error) }
    let (naming, family) = try TensorNamings.recognise(tensors)
    var stated = beside
    if naming is RTDETRNames, let family = beside.family?.value, family == .rtDETRv2 {
      // Nothing but a buffer that may be left out tells the versions apart.
      try self.init(
        tensors: tensors,
        naming: naming,
        family: family,
        stated: beside,
        options: options
      )
      return
    }
    if !(naming is HuggingFaceNames || naming is RTDETRNames) {
      stated = try Self.stated(inside: tensors, family: family)
      // The files of the official repositories say nothing of pictures; this one beside them may.
      if stated.preprocessing == nil {
        (stated.preprocessing, stated.inputSize) = (beside.preprocessing, beside.inputSize)
      }
    }
    try self.init(
      tensors: tensors,
      naming: naming,
      family: family,
      stated: stated,
      options: options
    )
  }

  init(
    tensors: TensorMap,
    naming: any TensorNaming,
    family: Family,
    stated: StatedConfiguration,
    options: DetectorOptions
  ) throws(ArchitectureError) {
    let reader = WeightReader(tensors: tensors, naming: naming)
    var resolver = ConfigurationResolver(
      reader: reader,
      stated: stated,
      options: options,
      family: family
    )
    let configuration = try resolver.resolve()
    var preprocessing = stated.preprocessing?.value ?? .standard(family)
    preprocessing.size = try resolver.resolveInputSize()
    var builder = GraphBuilder(
      configuration: configuration,
      reader: reader,
      graph: FloatGraph(
        preprocessing: preprocessing,
        classes: Self.classDecoding(configuration),
        labels: options.labels ?? stated.labels
      )
    )
    if let hybrid = configuration.hybrid {
      try builder.rtDETR(hybrid)
    } else if let deformable = configuration.deformable {
      try builder.deformableDETR(deformable)
    } else if let smca = configuration.smca {
      try builder.smcaDETR(smca)
    } else if let sam = configuration.sam {
      try builder.samDETR(sam)
    } else {
      try builder.detr()
    }
    ignoredTensors = try builder.reader.explainRest(configuration)
    graph = builder.graph
    self.configuration = configuration
    settings = resolver.table.settings + [preprocessing.normalisation(at: stated.preprocessing)]
    self.naming = naming.title
    parameterCount = builder.reader.parameterCount
  }

  /// How the family's own post-processing makes scores of logits.
  ///
  /// RT-DETR and SMCA-DETR keep as many detections as they have queries, the others 100. The column
  /// after SMCA-DETR's classes counts like the others.
  private static func classDecoding(_ configuration: DetectorConfiguration) -> ClassDecoding {
    switch configuration.family {
    case .detr: .softmaxWithNoObject
    case .deformableDETR, .samDETR: .sigmoid(limit: 100)
    case .rtDETR, .rtDETRv2, .smcaDETR: .sigmoid(limit: configuration.queries)
    }
  }

  private static func stated(
    beside folder: String
  ) throws(ArchitectureError) -> StatedConfiguration {
    var stated = StatedConfiguration()
    if let config = try open("config.json", in: folder) {
      stated = try HuggingFaceConfiguration.stated(in: config)
    }
    if let preprocessing = try open("preprocessor_config.json", in: folder) {
      let read = try Preprocessing(preprocessing, family: stated.family?.value)
      stated.preprocessing = Stated(read, at: preprocessing.source)
      if preprocessing["size"].optional != nil || read.size == .unchanged {
        stated.inputSize = Stated(read.size, at: preprocessing.source)
      }
    }
    return stated
  }

  /// What a training script saved beside the weights: the `args` of the official repositories, or
  /// the `meta` of mmdetection.
  private static func stated(
    inside tensors: TensorMap,
    family: Family
  ) throws(ArchitectureError) -> StatedConfiguration {
    let file = tensors.files.first ?? tensors.path
    if let meta = tensors.records["meta"] {
      let root: JSON = ["meta": JSON(meta)]
      return try MMDetectionConfiguration.stated(
        meta: JSON.Located(root, source: file)["meta"],
        family: family
      )
    }
    guard !tensors.arguments.isEmpty else { return StatedConfiguration() }
    let root: JSON = ["args": JSON(tensors.arguments)]
    let arguments = JSON.Located(root, source: file)["args"]
    return try OfficialConfiguration.stated(in: arguments, family: family)
  }

  /// Opens a configuration file, or returns nil where there is none.
  private static func open(
    _ name: String,
    in folder: String
  ) throws(ArchitectureError) -> JSON.Located? {
    let path = (folder.isEmpty ? "." : folder) + "/" + name
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do { return try JSON.open(path: path) } catch { throw .configuration(error) }
  }
}
