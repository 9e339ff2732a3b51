import Evaluation
import FloatGraph
import ModelFile
import Quantizer
import Report
import Runtime

/// The page of `quantize --report`, from the run's own photographs.
struct QuantizationReport {
  /// Photographs that both models are run on, spread evenly over the calibration set.
  static let photographLimit = 16
  /// Those of them whose inner values are compared; each holds all values of both models at once.
  static let layerLimit = 8

  let graph: FloatGraph
  let calibration: Calibration
  let observers: [FloatGraph.ValueID: RangeObserver]
  let options: QuantizerOptions
  /// Bytes of the checkpoint.
  let sourceBytes: Int
  let preset: String

  /// Runs both models and gathers everything that the page shows.
  ///
  /// - Parameters:
  ///   - file: the model as it was written.
  ///   - photographs: the calibration set.
  ///   - executor: of the float graph.
  ///   - threads: how many threads run the model.
  /// - Returns: the page.
  /// - Throws: what running the models throws.
  func page(
    _ file: MappedModel,
    photographs: [PhotographFile],
    executor: FloatExecutor,
    threads: Int
  ) throws -> ReportPage {
    let run = try PairedRun(
      float: FloatDetector(executor: executor),
      integer: IntegerDetector(model: file, threads: threads),
      simulates: false
    )
    var layers = LayerComparison(run, simulates: false)
    var examples = ExampleCollection()
    var network: PictureSize?
    let outcome = try run.run(spread(photographs)) { place, photograph, _ in
      examples.add(photograph)
      if place < Self.layerLimit { try layers.add(photograph) }
      if network == nil {
        network = try file.model.information.sizeRule.pictureSize(
          photographHeight: photograph.image.height,
          photographWidth: photograph.image.width
        )
      }
    }
    guard let network else {
      throw InputError(path: file.path, reason: "no photograph for the report could be used")
    }
    let session: Session
    do {
      session = try Session(
        model: file.model,
        height: network.height,
        width: network.width,
        threads: threads
      )
    } catch { throw InputError(path: file.path, reason: error.description) }
    let cost = ModelCost(model: file.model) { session.rows(of: $0) }
    let size = "\(network.height)x\(network.width)"
    let wide = wideProducts(file, cost)
    return ReportPage(
      title: file.name,
      subtitle: subtitle(file),
      summary: try summary(
        file,
        outcome,
        layers,
        wide,
        SizedCost(cost: cost, arena: session.arenaPlan, size: size, threads: threads)
      ),
      examples: examples.section(outcome, classes: file.labels),
      layers: layerSection(file, layers, cost, size),
      activations: activations(file),
      wideProducts: wide,
      memory: MemorySection(session.arenaPlan, file: file, "\(size), \(Self.count(threads))"),
      origin: OriginSection(
        classes: file.labels,
        facts: file.facts + ModelDescription(file).lines
      )
    )
  }

  /// Writes the page; see ``page(_:photographs:executor:threads:)``.
  func write(
    _ file: MappedModel,
    photographs: [PhotographFile],
    executor: FloatExecutor,
    threads: Int,
    to path: String
  ) throws {
    let page = try page(file, photographs: photographs, executor: executor, threads: threads)
    try AtomicFile.write(Array(page.html.utf8), to: path)
    Diagnostics.note("\(path): open it in a browser")
  }

  private static func count(_ threads: Int) -> String {
    threads == 1 ? "1 thread" : "\(threads) threads"
  }

  private func spread(_ files: [PhotographFile]) -> [PhotographFile] {
    let count = min(files.count, Self.photographLimit)
    return (0..<count).map { files[$0 * files.count / count] }
  }

  private func subtitle(_ file: MappedModel) -> String {
    let family = file.facts.first { $0.name == "family" }.map { "\($0.text), " } ?? ""
    let classes = file.model[file.model.information.logits].channels
    return "\(family)\(file.labels.isEmpty ? classes : file.labels.count) classes, integers only; "
      + "calibrated on \(calibration.photographs) photographs, preset \(preset)"
  }

  /// What a run at one size needs.
  private struct SizedCost {
    let cost: ModelCost
    let arena: ArenaPlan
    let size: String
    let threads: Int
  }

  // MARK: Sections

  private func summary(
    _ file: MappedModel,
    _ outcome: PairedRun.Outcome,
    _ layers: LayerComparison,
    _ wide: WideProductSection,
    _ sized: SizedCost
  ) throws -> SummarySection {
    let categories = CategoryNumbers(labels: file.labels, annotations: nil)
    let detections = try DetectionComparison(
      float: categories.detections(outcome.float),
      integer: categories.detections(outcome.integer),
      images: outcome.images,
      annotations: nil
    )
    let agreement = detections.agreement
    func number(_ value: Double?, _ digits: Int = 4) -> String {
      value?.formatted(digits: digits) ?? "–"
    }
    let bytes = file.model.bytes.count
    let ratio = Double(sourceBytes) / Double(max(bytes, 1))
    let worst = layers.layers.filter { $0.error.count > 0 }
      .min { $0.error.signalToNoise < $1.error.signalToNoise }
    typealias Figure = SummarySection.Figure
    let figures = [
      Figure(
        value: number(agreement.aboveThreshold.matchedShare, 3),
        name: "matched share",
        note: "float detections found again, both from 0.3 on"
      ),
      Figure(
        value: number(agreement.all.scoreDifference),
        name: "score difference",
        note: "mean over \(agreement.all.pairs.count) pairs"
      ),
      Figure(
        value: number(agreement.all.meanOverlap, 3),
        name: "mean IoU",
        note: "of the paired boxes"
      ),
      Figure(
        value: "\((Double(bytes) / 1e6).formatted(digits: 2)) MB",
        name: "model file",
        note: "checkpoint \((Double(sourceBytes) / 1e6).formatted(digits: 1)) MB, "
          + "\(ratio.formatted(digits: 1)) times as large"
      ),
      Figure(
        value: "\((Double(sized.arena.byteCount) / 1e6).formatted(digits: 2)) MB",
        name: "arena",
        note: "all memory of a run, \(sized.size), \(Self.count(sized.threads))"
      ),
      Figure(
        value: "\((Double(sized.cost.multiplyAdds) / 1e9).formatted(digits: 2)) G",
        name: "multiply-adds",
        note: "a photograph at \(sized.size)"
      ),
      Figure(
        value: "\((wide.share * 100).formatted(digits: 1)) %",
        name: "in 16 bits",
        note: "of the products' multiply-adds, \(wide.products.count) layers"
      ),
      Figure(
        value: worst.map { "\($0.error.signalToNoise.formatted(digits: 1)) dB" } ?? "–",
        name: "worst layer",
        note: worst?.name ?? "none measured"
      ),
    ]
    let milliseconds = [outcome.float, outcome.integer].map {
      ($0.seconds / Double(max($0.found.count, 1)) * 1000).formatted(digits: 0)
    }
    let set = detections.setAgreement
    let pairs = "mean over \(agreement.all.pairs.count) pairs"
    let rows = [
      Figure(
        value: number(agreement.all.matchedShare),
        name: "matched share",
        note: "of \(agreement.all.floatCount) float detections from 0.3 on, any int8 score"
      ),
      Figure(
        value: number(agreement.aboveThreshold.matchedShare),
        name: "matched share (T ≥ 0.3)",
        note: "the same, int8 detections from 0.3 on"
      ),
      Figure(value: number(agreement.all.scoreDifference), name: "score difference", note: pairs),
      Figure(value: number(agreement.all.meanOverlap), name: "mean IoU", note: pairs),
      Figure(
        value: number(agreement.confident.scoreDifference),
        name: "score difference (F ≥ 0.6)",
        note: "mean over \(agreement.confident.pairs.count) pairs"
      ),
      Figure(
        value: number(agreement.extraShare),
        name: "extra share",
        note: "of \(agreement.integerCount) int8 detections from 0.3 on"
      ),
      Figure(
        value: number(set.meanGeneralizedOverlap),
        name: "generalised IoU",
        note: "set matching of \(set.pairCount) pairs"
      ),
    ]
    return SummarySection(
      figures: figures,
      agreement: rows,
      note: "On \(outcome.images.count) of the calibration photographs, which flatter the model a "
        + "little: edgedetr compare measures on others. Time a photograph on this machine, "
        + "\(Self.count(sized.threads)): float \(milliseconds[0]) ms, int8 \(milliseconds[1]) ms."
    )
  }

  private func layerSection(
    _ file: MappedModel,
    _ layers: LayerComparison,
    _ cost: ModelCost,
    _ size: String
  ) -> LayerSection {
    var operations: [ValueIndex: ModelFile.Operation] = [:]
    for operation in file.model.operations { operations[operation.output] = operation }
    let rows = layers.layers.filter { $0.error.count > 0 }.map { layer in
      let operation = operations[layer.integer]
      return LayerSection.Layer(
        name: layer.name,
        operation: operation?.name ?? "picture",
        element: NumberFormat(file.model[layer.integer].element),
        error: layer.error,
        multiplyAdds: operation.map { cost.multiplyAdds($0) } ?? 0,
        weightBytes: operation.map { cost.fileBytes($0) } ?? 0
      )
    }
    var note =
      "How far each value of the integer model is from the float model's, the error of all layers "
      + "before it carried along, on \(layers.photographs) photographs at \(size). SQNR is the power of "
      + "the float values over that of the difference, the relative error its root as a share."
    if layers.queries > 0 {
      note +=
        " Behind the proposals only the \(layers.commonQueries) of \(layers.queries) queries count "
        + "that both models chose."
    }
    return LayerSection(layers: rows, note: note)
  }

  private func activations(_ file: MappedModel) -> ActivationSection {
    ActivationSection(
      activations: ActivationRanges(
        graph: graph,
        file: file,
        calibration: calibration,
        observers: observers
      ).activations,
      note: "What calibration saw of each 8-bit activation and the range that its 256 integers "
        + "cover, those with the least SQNR of rounding and clipping first. Heights are logarithmic."
    )
  }

  private func wideProducts(_ file: MappedModel, _ cost: ModelCost) -> WideProductSection {
    let model = file.model
    let queries = cost.rows(model.information.logits)
    var tables: Set<ValueIndex> = []
    var products: [WideProductSection.Product] = []
    var all = 0
    for operation in model.operations {
      if case .positionTable(let it) = operation { tables.insert(it.output) }
      guard case .convolution(let it) = operation else { continue }
      all += cost.multiplyAdds(operation)
      guard model[it.input].element == .int16 else { continue }
      let name = file.string(model[it.output].name)
      let isChosen = options.islands.contains { name.contains($0) }
      let reason =
        isChosen
        ? "islands chosen with --int16"
        : tables.contains(it.input)
          ? "position codes"
          : cost.rows(it.input) <= queries
            ? "rows are queries, of which there are few" : "islands that were measured"
      products.append(
        WideProductSection.Product(
          name: name,
          reason: reason,
          multiplyAdds: cost.multiplyAdds(operation),
          extraBytes: cost.rows(it.input) * model[it.input].channels
        )
      )
    }
    return WideProductSection(products: products, allMultiplyAdds: all)
  }
}

extension MemorySection {
  /// - Parameters:
  ///   - plan: the arena's.
  ///   - file: the model, for names.
  ///   - occasion: the size and threads that it is planned for.
  init(_ plan: ArenaPlan, file: MappedModel, _ occasion: String) {
    let names = ArenaNames(file, plan)
    let pieces = plan.pieces.map { piece in
      let content: Content
      switch piece.content {
      case .value(let value): content = Content(file.model[value].element)
      case .scratch: content = .scratch
      }
      return Piece(
        name: names.name(of: piece),
        content: content,
        byteCount: piece.byteCount,
        offset: piece.offset,
        firstStep: piece.firstStep,
        lastStep: piece.lastStep
      )
    }
    self.init(
      pieces: pieces,
      byteCount: plan.byteCount,
      lowerBound: plan.lowerBound,
      steps: names.steps,
      occasion: occasion
    )
  }
}

extension MemorySection.Content {
  init(_ element: Element) {
    switch element {
    case .uint8: self = .uint8
    case .int8: self = .int8
    case .int16: self = .int16
    case .int32: self = .int32
    }
  }
}
