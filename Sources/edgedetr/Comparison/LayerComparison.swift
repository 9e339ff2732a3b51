import CheckedJSON
import Evaluation
import FloatGraph
import ModelFile
import Quantizer
import Runtime

/// How far each value of the integer model is from the float model's, on a few photographs.
struct LayerComparison {
  /// Photographs that are looked into: what lies inside of both models takes memory and time.
  static let photographLimit = 4

  private let float: FloatDetector
  private let file: MappedModel
  private let threads: Int
  let values: ValuePairs
  private let keptFloats: Set<FloatGraph.ValueID>
  private let keptIntegers: [ValueIndex]
  private(set) var errors: [SignalError]
  private(set) var sparsity: SparsityComparison
  private(set) var photographs = 0
  /// Queries of two-stage detectors whose proposal both models chose, and all queries.
  private(set) var commonQueries = 0
  private(set) var queries = 0

  init(_ run: PairedRun) {
    float = run.float
    file = run.integer.file
    threads = run.integer.threads
    values = ValuePairs(graph: float.graph, file: file)
    errors = [SignalError](repeating: SignalError(), count: values.pairs.count)
    sparsity = SparsityComparison(graph: float.graph, file: file)
    let all = values.pairs + (values.ranking.map { [$0] } ?? [])
    keptFloats = Set(all.map(\.float)).union(sparsity.floatValues)
    keptIntegers = Array(Set(all.map(\.integer)).union(sparsity.integerValues))
  }

  /// Runs both models on a photograph once more and keeps what is inside.
  mutating func add(_ photograph: DecodedPhotograph) throws {
    let rule = float.graph.preprocessing
    let resized = Photograph(photograph.image, preprocessing: rule)
    let result = try float.executor.run(
      picture: resized.normalized(rule),
      size: resized.size,
      keep: keptFloats
    )
    let session: Session
    do {
      session = try Session(
        model: file.model,
        photographHeight: photograph.image.height,
        photographWidth: photograph.image.width,
        threads: threads,
        retention: .values(keptIntegers)
      )
    } catch {
      throw InputError(path: photograph.file.path, reason: error.description)
    }
    photograph.image.pixels.withUnsafeBufferPointer {
      session.run(picture: $0.baseAddress!, rowStride: photograph.image.width * 3)
    }
    add(result, session)
    photographs += 1
  }

  private mutating func add(_ result: FloatExecutor.Result, _ session: Session) {
    var rows: [(float: Int, integer: Int)]?
    if let ranking = values.ranking, let integers = session.integers(of: ranking.integer) {
      let common = ValuePairs.commonRows(float: result[ranking.float], integer: integers)
      commonQueries += common.count
      queries += integers.count
      rows = common
    }
    for (index, pair) in values.pairs.enumerated() {
      let reference = result[pair.float]
      guard let tested = session.realNumbers(of: pair.integer), tested.count == reference.count
      else { continue }
      let channels = float.graph[pair.float].channels
      if pair.isRanked, let rows {
        add(
          rows.flatMap { reference[$0.float * channels..<($0.float + 1) * channels] },
          rows.flatMap { tested[$0.integer * channels..<($0.integer + 1) * channels] },
          to: index
        )
      } else {
        add(reference, tested, to: index)
      }
    }
    sparsity.add(result, session)
  }

  /// Adds finite numbers; infinities are anchors of tokens that are no proposals.
  private mutating func add(_ reference: [Float], _ tested: [Float], to index: Int) {
    if reference.allSatisfy(\.isFinite) {
      errors[index].add(reference: reference, tested: tested)
      return
    }
    let finite = reference.indices.filter { reference[$0].isFinite }
    errors[index].add(
      reference: finite.map { reference[$0] },
      tested: finite.map { tested[$0] }
    )
  }

  /// The layers by rising ratio of signal to noise.
  var worstFirst: [(name: String, error: SignalError)] {
    let measured = zip(values.pairs, errors).filter { $1.count > 0 }
    return measured.map { ($0.name, $1) }.sorted { $0.1.signalToNoise < $1.1.signalToNoise }
  }

  /// The worst layers, one a line.
  func text(limit: Int) -> String {
    let all = worstFirst
    var lines = [
      "layers by SQNR, worst first: \(min(limit, all.count)) of \(all.count), "
        + "on the first \(photographs) photographs"
    ]
    if queries > 0 {
      lines.append(
        "behind the proposals: the \(commonQueries) of \(queries) queries that both models chose"
      )
    }
    lines.append("  SQNR dB    cosine  largest difference  layer")
    for (name, error) in all.prefix(limit) {
      lines.append(
        "  " + Self.column(error.signalToNoise, digits: 2, width: 7)
          + Self.column(error.cosine, digits: 6, width: 10)
          + Self.column(Double(error.largestDifference), digits: 4, width: 20) + "  \(name)"
      )
    }
    return lines.joined(separator: "\n")
  }

  private static func column(_ number: Double, digits: Int, width: Int) -> String {
    let text = number.isFinite ? number.formatted(digits: digits) : number < 0 ? "-inf" : "inf"
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Every layer, worst first; an infinite ratio is `null`.
  var json: JSON {
    .array(
      worstFirst.map { name, error in
        [
          "name": .string(name),
          "sqnr_db": error.signalToNoise.isFinite ? .double(error.signalToNoise) : .null,
          "cosine": .double(error.cosine),
          "largest_difference": .double(Double(error.largestDifference)),
          "values": JSON(error.count),
        ]
      }
    )
  }
}
