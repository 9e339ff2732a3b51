import CheckedJSON
import FloatGraph

/// Works out a detector's configuration from its tensors, its configuration file and the options.
///
/// Shapes decide what they can; the rest is taken from the file, then from the options, then from the
/// paper. Whatever is said twice must agree.
struct ConfigurationResolver {
  let reader: WeightReader
  let stated: StatedConfiguration
  let options: DetectorOptions
  let family: Family
  var table = SettingsTable()

  /// Resolves everything.
  ///
  /// - Returns: a configuration whose numbers fit together.
  /// - Throws: ``ArchitectureError``.
  mutating func resolve() throws(ArchitectureError) -> DetectorConfiguration {
    try checkOptions()
    if family == .rtDETR || family == .rtDETRv2 { return try resolveHybrid() }
    _ = try table.settle(
      "family",
      tensors: Stated(family, at: reader.describe("the tensors")),
      file: stated.family,
      paper: family
    )
    let backbone = try resolveBackbone()
    let projection = try reader.shape(.inputProjection(level: 0))
    let width = try table.settle(
      "width",
      tensors: Stated(projection.value.first ?? 0, at: projection.place),
      file: stated.width,
      paper: 256
    )
    let encoderLayers = try layers(.encoder, file: stated.encoderLayers)
    let decoderLayers = try layers(.decoder, file: stated.decoderLayers)
    let encoderHeads = try heads("encoder heads", file: stated.encoderHeads, width: width)
    let decoderHeads = try heads("decoder heads", file: stated.decoderHeads, width: width)
    let deformable =
      family == .deformableDETR
      ? try resolveDeformable(encoderHeads: encoderHeads, decoderHeads: decoderHeads) : nil
    let position = try resolvePosition(width: width)
    var configuration = DetectorConfiguration(
      family: family,
      backbone: backbone,
      width: width,
      encoderLayers: encoderLayers,
      decoderLayers: decoderLayers,
      encoderHeads: encoderHeads,
      decoderHeads: decoderHeads,
      encoderHiddenWidth: try hidden(
        .encoder,
        layers: encoderLayers,
        file: stated.encoderHiddenWidth
      ),
      decoderHiddenWidth: try hidden(
        .decoder,
        layers: decoderLayers,
        file: stated.decoderHiddenWidth
      ),
      activation: try table.settle(
        "activation",
        file: stated.activation,
        option: options.activation.map { Stated($0, at: "--activation") },
        paper: .relu
      ),
      normalizesBefore: false,
      normalizesEveryLayer: false,
      position: position,
      positionOffset: stated.positionOffset?.value
        ?? (family == .detr || family == .smcaDETR ? 0 : 0.5),
      queries: try resolveQueries(isTwoStage: deformable?.isTwoStage ?? false),
      logits: try resolveLogits(decoderLayers: decoderLayers),
      deformable: deformable
    )
    if family == .smcaDETR { configuration.smca = try resolveSMCA(heads: decoderHeads) }
    if family == .samDETR { configuration.sam = try resolveSAM(heads: decoderHeads) }
    if family == .detr {
      configuration.normalizesBefore = try table.settle(
        "pre-norm",
        tensors: Stated(
          reader.has(.finalNorm(.encoder)),
          at: reader.describe("the encoder's last norm")
        ),
        file: stated.normalizesBefore,
        paper: false
      )
      if stated.normalizesEveryLayer?.value == true {
        configuration.normalizesEveryLayer = try table.settle(
          "norm after every decoder layer",
          file: stated.normalizesEveryLayer,
          paper: false
        )
      }
    }
    return configuration
  }

  /// Resolves the size of the network's input; no tensor tells it.
  mutating func resolveInputSize() throws(ArchitectureError) -> Preprocessing.Size {
    let option = options.inputSize.map { size in
      if case .edges = size { return Stated(size, at: "--shortest-edge, --longest-edge") }
      return Stated(size, at: "--size")
    }
    return try table.settle(
      "input size",
      file: stated.inputSize,
      option: option,
      paper: Preprocessing.standard(family).size
    )
  }

  func checkOptions() throws(ArchitectureError) {
    let numbers = [
      ("--heads", options.heads), ("--points", options.points), ("--queries", options.queries),
    ]
    for (flag, number) in numbers {
      if let number, !(1...JSON.Located.largestCount ~= number) {
        let allowed = "a number from 1 to \(JSON.Located.largestCount)"
        throw .unsupported(place: flag, found: "\(number)", supported: allowed)
      }
    }
  }

  mutating func layers(
    _ stack: Module.Stack,
    file: Stated<Int>?
  ) throws(ArchitectureError) -> Int {
    let count = reader.count(.layers(stack))
    let layers = try table.settle(
      "\(stack) layers",
      tensors: Stated(count.value, at: count.place),
      file: file,
      paper: 6
    )
    // Without a decoder layer there is nothing to detect with; the missing tensor says so.
    if stack == .decoder, layers == 0 { _ = try reader.shape(.layer(stack, 0, .expansion)) }
    return layers
  }

  mutating func heads(
    _ name: String,
    file: Stated<Int>?,
    width: Int
  ) throws(ArchitectureError) -> Int {
    let heads = try table.settle(
      name,
      file: file,
      option: options.heads.map { Stated($0, at: "--heads") },
      paper: 8
    )
    guard width % heads == 0 else {
      let place = file?.place ?? (options.heads == nil ? "\(name), which no file tells" : "--heads")
      let hint = place == file?.place ? "" : "; --heads gives it"
      throw .unsupported(
        place: place,
        found: "\(heads)",
        supported: "a divisor of the width \(width)\(hint)"
      )
    }
    return heads
  }

  mutating func hidden(
    _ stack: Module.Stack,
    layers: Int,
    file: Stated<Int>?
  ) throws(ArchitectureError) -> Int {
    guard layers > 0 else { return 0 }
    let shape = try reader.shape(.layer(stack, 0, .expansion))
    return try table.settle(
      "\(stack) hidden width",
      tensors: Stated(shape.value.first ?? 0, at: shape.place),
      file: file,
      paper: family.readsOneMap ? 2048 : 1024
    )
  }

  private mutating func resolvePosition(width: Int) throws(ArchitectureError) -> PositionKind {
    let isLearned = reader.has(.learnedRows) || reader.has(.learnedColumns)
    let position = try table.settle(
      "positions",
      tensors: Stated(isLearned ? .learned : .sine, at: reader.describe("the tensors")),
      file: stated.position,
      paper: .sine
    )
    // The code holds sines and cosines in pairs, for x and for y.
    if width % 4 != 0 {
      let place = try reader.shape(.inputProjection(level: 0)).place
      throw .unsupported(place: place, found: "width \(width)", supported: "a multiple of 4")
    }
    return position
  }

  mutating func resolveQueries(isTwoStage: Bool) throws(ArchitectureError) -> Int {
    if isTwoStage {
      return try table.settle(
        "queries",
        file: stated.proposals ?? stated.queries,
        option: options.queries.map { Stated($0, at: "--queries") },
        paper: 300
      )
    }
    let shape = try reader.shape(.queryEmbedding)
    return try table.settle(
      "queries",
      tensors: Stated(shape.value.first ?? 0, at: shape.place),
      file: stated.queries,
      option: options.queries.map { Stated($0, at: "--queries") },
      paper: 100
    )
  }

  /// The rows of the class head; DETR's have one more than there are classes.
  mutating func resolveLogits(decoderLayers: Int) throws(ArchitectureError) -> Int {
    let shape = try reader.shape(.classHead(decoderLayers - 1))
    let logits = shape.value.first ?? 0
    let classes = family == .detr || family == .smcaDETR ? logits - 1 : logits
    guard classes > 0 else {
      throw .unsupported(place: shape.place, found: "shape \(shape.value)", supported: "classes")
    }
    _ = try table.settle(
      "classes",
      tensors: Stated(classes, at: shape.place),
      file: stated.classes,
      option: options.labels.map { Stated($0.count, at: "--labels") },
      paper: 91
    )
    return logits
  }
}
