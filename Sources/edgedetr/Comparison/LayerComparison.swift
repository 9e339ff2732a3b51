import CheckedJSON
import Evaluation
import FloatGraph
import ModelFile
import Quantizer
import Runtime
import Simulation

/// How far each value of the integer model is from the float model's, on a few photographs.
///
/// With a simulation the error is split: the simulation's against float is that of the scales, the
/// integers' against the simulation that of integer arithmetic.
struct LayerComparison {
  /// Photographs that are looked into: what lies inside of both models takes memory and time.
  static let photographLimit = 4

  private let float: FloatDetector
  private let file: MappedModel
  private let threads: Int
  private let values: ValuePairs
  private let keptFloats: Set<FloatGraph.ValueID>
  private let keptIntegers: [ValueIndex]
  /// Integer against float.
  private var errors: LayerErrors
  /// Simulation against float.
  private var scaleErrors: LayerErrors
  /// Integer against simulation.
  private var arithmeticErrors: LayerErrors
  private(set) var sparsity: SparsityComparison
  private(set) var arithmetic: ArithmeticComparison?
  private(set) var photographs = 0

  init(_ run: PairedRun, simulates: Bool) {
    float = run.float
    file = run.integer.file
    threads = run.integer.threads
    values = ValuePairs(graph: float.graph, file: file)
    errors = LayerErrors(values.pairs)
    scaleErrors = LayerErrors(values.pairs)
    arithmeticErrors = LayerErrors(values.pairs)
    sparsity = SparsityComparison(graph: float.graph, file: file)
    arithmetic = simulates ? ArithmeticComparison() : nil
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
      keep: keptFloats,
      // Of what is computed for single queries, the first one's.
      masksOf: float.graph.perQuery == nil ? nil : { _ in [0] }
    )
    do throws(SessionError) {
      let session = try Session(
        model: file.model,
        photographHeight: photograph.image.height,
        photographWidth: photograph.image.width,
        threads: threads,
        retention: arithmetic == nil ? .values(keptIntegers) : .all
      )
      photograph.image.pixels.withUnsafeBufferPointer {
        session.run(picture: $0.baseAddress!, rowStride: photograph.image.width * 3)
      }
      _ = session.mask(ofQuery: 0)
      let floats = snapshot(result)
      let integers = snapshot(session)
      errors.add(reference: floats, tested: integers)
      sparsity.add(result, session)
      if arithmetic != nil {
        let simulation = try ModelSimulation(
          model: file.model,
          size: session.pictureSize,
          threads: threads
        )
        arithmetic?.add(session, picture: resized.pixels.pixels, simulation)
        let simulated = snapshot(
          simulation.run(picture: resized.pixels.pixels, keep: Set(keptIntegers))
        )
        scaleErrors.add(reference: floats, tested: simulated)
        arithmeticErrors.add(reference: simulated, tested: integers)
      }
    } catch {
      throw InputError(path: photograph.file.path, reason: error.description)
    }
    photographs += 1
  }

  private func snapshot(_ result: FloatExecutor.Result) -> LayerSnapshot {
    LayerSnapshot(
      values: values.pairs.map { result[$0.float] },
      ranking: values.ranking.map { result[$0.float].map { Int32($0) } }
    )
  }

  private func snapshot(_ session: Session) -> LayerSnapshot {
    LayerSnapshot(
      values: values.pairs.map { session.realNumbers(of: $0.integer) },
      ranking: values.ranking.flatMap { session.integers(of: $0.integer) }
    )
  }

  private func snapshot(_ simulated: [ValueIndex: [Int32]]) -> LayerSnapshot {
    LayerSnapshot(
      values: values.pairs.map { pair in
        simulated[pair.integer].map { file.model[pair.integer].realNumbers($0) }
      },
      ranking: values.ranking.flatMap { simulated[$0.integer] }
    )
  }

  /// The values in the order in which they are computed, with how far the integers are from float.
  var layers: [(name: String, integer: ValueIndex, error: SignalError)] {
    zip(values.pairs, errors.errors).map { ($0.name, $0.integer, $1) }
  }

  /// Queries of two-stage detectors whose proposal both models chose, and all queries.
  var commonQueries: Int { errors.commonQueries }
  var queries: Int { errors.queries }

  /// The layers that were measured, as indices of pairs, by rising ratio of signal to noise.
  private var worstFirst: [Int] {
    let errors = errors.errors
    return errors.indices.filter { errors[$0].count > 0 }
      .sorted { errors[$0].signalToNoise < errors[$1].signalToNoise }
  }
}

// MARK: Report

extension LayerComparison {
  /// The worst layers, one a line.
  func text(limit: Int) -> String {
    let order = worstFirst
    var lines = [
      "layers by SQNR, worst first: \(min(limit, order.count)) of \(order.count), "
        + "on the first \(photographs) photographs"
    ]
    if errors.queries > 0 {
      lines.append(
        "behind the proposals: the \(errors.commonQueries) of \(errors.queries) queries "
          + "that both models chose"
      )
    }
    if arithmetic != nil {
      lines.append("scales: simulation against float; arithmetic: integer against simulation")
    }
    var titles = ["SQNR dB"] + (arithmetic == nil ? [] : ["scales", "arithmetic"])
    titles += ["relative error", "cosine", "largest difference", "type", "layer"]
    var rows = [titles]
    for index in order.prefix(limit) {
      let error = errors.errors[index]
      var ratios = [error]
      if arithmetic != nil {
        ratios += [scaleErrors.errors[index], arithmeticErrors.errors[index]]
      }
      let pair = values.pairs[index]
      rows.append(
        ratios.map { Self.number($0.signalToNoise, digits: 2) } + [
          Self.number(error.relativeError * 100, digits: 2) + " %",
          Self.number(error.cosine, digits: 6), Self.number(error.largestDifference, digits: 4),
          "\(file.model[pair.integer].element)", pair.name,
        ]
      )
    }
    let numbers = Set(0..<titles.count - 2)
    lines += TextTable.aligned(rows, right: numbers).split(separator: "\n").map { "  " + $0 }
    return lines.joined(separator: "\n")
  }

  private static func number(_ number: Double, digits: Int) -> String {
    number.isFinite ? number.formatted(digits: digits) : number < 0 ? "-inf" : "inf"
  }

  /// Every layer, worst first; an infinite ratio is `null`.
  var json: JSON {
    func ratio(_ error: SignalError) -> JSON {
      error.signalToNoise.isFinite ? .double(error.signalToNoise) : .null
    }
    return .array(
      worstFirst.map { index in
        let error = errors.errors[index]
        var layer = JSON.Object()
        layer["name"] = .string(values.pairs[index].name)
        layer["type"] = .string("\(file.model[values.pairs[index].integer].element)")
        layer["sqnr_db"] = ratio(error)
        if arithmetic != nil {
          layer["scales_sqnr_db"] = ratio(scaleErrors.errors[index])
          layer["arithmetic_sqnr_db"] = ratio(arithmeticErrors.errors[index])
        }
        layer["relative_error"] =
          error.relativeError.isFinite ? .double(error.relativeError) : .null
        layer["cosine"] = .double(error.cosine)
        layer["largest_difference"] = .double(error.largestDifference)
        layer["values"] = JSON(error.count)
        return .object(layer)
      }
    )
  }
}
