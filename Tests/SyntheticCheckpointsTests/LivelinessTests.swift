import Architectures
import FloatGraph
import Foundation
import RandomNumbers
import Testing

@testable import SyntheticCheckpoints

@Suite("Synthetic checkpoints are alive", .serialized)
struct LivelinessTests {
  static let names = [
    "detr-tiny", "deformable-detr-tiny", "deformable-detr-tiny-two-stage", "detr-r50",
    "detr-r50-dc5", "detr-r101", "deformable-detr-r50", "deformable-detr-r50-single-scale",
    "deformable-detr-r50-refine", "deformable-detr-r50-two-stage", "table-transformer",
    "table-transformer-tiny", "conditional-detr-r50", "conditional-detr-tiny", "dab-detr-r50",
    "dab-detr-tiny", "detr-r50-panoptic", "detr-tiny-panoptic",
    "rtdetr-r18", "rtdetr-r50", "rtdetrv2-r18", "rtdetrv2-r50", "rtdetr-tiny", "rtdetrv2-tiny",
    "smca-detr-tiny",
    "smca-detr-r50", "sam-detr-tiny", "sam-detr-smca-tiny", "sam-detr-r50", "sam-detr-smca-r50",
  ]

  /// The small ones and one of full size; with EDGEDETR_FULL set all of them, two minutes on two cores.
  static let chosen =
    ProcessInfo.processInfo.environment["EDGEDETR_FULL"] != nil
    ? names : names.filter { $0.contains("-tiny") } + ["deformable-detr-r50-two-stage"]

  @Test("every architecture is listed here")
  func listsAll() {
    #expect(Set(Self.names) == Set(SyntheticArchitecture.all.map(\.name)))
  }

  /// At 480×640, on two pictures that the batch norms were not fitted to.
  @Test("from the first stage to the boxes", arguments: chosen)
  func isAlive(name: String) throws {
    let folder = TemporaryFolder()
    try SyntheticCheckpoint.write(architecture: name, seed: 5, to: folder.path)
    let detector = try LoadedDetector(path: folder.path)
    // transformers stores the class heads that only training uses, and a buffer of RT-DETRv2.
    #expect(
      detector.ignoredTensors.allSatisfy {
        $0.name.contains("class_embed") || $0.name.hasSuffix("n_points_scale")
      }
    )
    let graph = detector.graph
    let executor = FloatExecutor(graph: graph, threads: 2)
    let size = InputSize(height: 480, width: 640)
    var activity: [String: Activity] = [:]
    let results = try [UInt64(11), 12].map { seed in
      let picture = picture(seed: seed, size, graph.preprocessing)
      return try executor.run(picture: picture, size: size) { value, shape, numbers in
        // The anchors of padding are infinite by definition.
        let name = graph[value].name
        if !name.contains("anchors") { activity[name] = Activity(numbers, shape) }
      }
    }
    try checkStreams(activity, graph: graph)
    try checkOutputs(results, graph: graph)
  }

  private func picture(
    seed: UInt64,
    _ size: InputSize,
    _ rule: Preprocessing
  ) -> [Float] {
    NoisePictures(random: NamedRandomNumbers(seed: seed, name: "unseen")).rendered(
      count: 1,
      height: size.height,
      width: size.width,
      mean: rule.mean.map { Float($0) },
      deviation: rule.standardDeviation.map { Float($0) }
    ).values
  }

  /// Nothing vanishes or explodes on the way, and tokens and queries stay apart.
  private func checkStreams(_ activity: [String: Activity], graph: FloatGraph) throws {
    for (name, activity) in activity {
      #expect(activity.isFinite, "\(name)")
      if name.hasPrefix("backbone.") {
        // The branches of a stage of 23 blocks add 0.8 / √23 each.
        let least = name.contains("conv3") || name.contains("conv2") ? 0.12 : 0.4
        #expect((least...3).contains(activity.level), "\(name): \(activity.level)")
        #expect(activity.spread > least, "\(name): \(activity.spread)")
      }
      // Queries are equal where a norm comes before anything was added to their zeros.
      if name.hasSuffix("norm"), activity.spread > 0.001 {
        #expect((0.5...2).contains(activity.level), "\(name)")
      }
      if name.hasSuffix("sampling_offsets") { #expect(activity.spread > 0.5, "\(name)") }
      if name.hasSuffix("attention_weights") { #expect(activity.spread > 0.4, "\(name)") }
    }
    let layers = graph.landmarks.filter { !$0.name.contains(".") && $0.name.contains("_layer_") }
    // RT-DETR's encoder has maps in place of layers.
    let isHybrid = graph.landmarks.contains { $0.name == "E5" }
    #expect(layers.count >= (isHybrid ? 2 : 4))
    for map in graph.landmarks where map.name.hasPrefix("E") {
      let spread = try #require(activity[graph[map.value].name]).spread
      #expect(spread > 0.3, "\(map.name): \(spread)")
    }
    for layer in layers {
      let spread = try #require(activity[graph[layer.value].name]).spread
      #expect(spread > 0.3, "\(layer.name): \(spread)")
    }
  }

  /// Scores and boxes differ between queries and between pictures.
  private func checkOutputs(_ results: [FloatExecutor.Result], graph: FloatGraph) throws {
    let values = try [#require(graph.logits), #require(graph.boxes), #require(graph.memory)]
    for (value, least) in zip(values, [0.5, 0.08, 0.4]) {
      let shape = results[0].shapes[value.index]
      let spread = results[0][value].withUnsafeBufferPointer { Activity($0, shape).spread }
      #expect(spread > least, "\(graph[value].name) over queries: \(spread)")
      let squares = zip(results[0][value], results[1][value]).map { ($0 - $1) * ($0 - $1) }
      let change = Double(squares.reduce(0, +) / Float(squares.count)).squareRoot()
      #expect(change > least / 2, "\(graph[value].name) over pictures: \(change)")
    }
    let detections = graph.detections(logits: results[0][values[0]], boxes: results[0][values[1]])
    let scores = detections.map(\.score).sorted()
    let (least, greatest) = (try #require(scores.first), try #require(scores.last))
    #expect(greatest > 0.2)
    #expect(greatest - least > 0.15)
    let classes = results[0].shapes[values[0].index].channels
    #expect(Set(detections.map(\.label)).count > min(2, classes - 2))
    let inside = detections.count { detection in
      (-0.5...1).contains(detection.x) && (-0.5...1).contains(detection.y)
        && (0.005...0.95).contains(detection.width) && (0.005...0.95).contains(detection.height)
    }
    #expect(inside * 10 > detections.count * 8)
  }
}

/// How much goes on in a matrix of activations.
private struct Activity {
  let isFinite: Bool
  /// The root of the mean square.
  let level: Double
  /// The deviation over rows, as the root of its mean square over channels.
  let spread: Double

  init(_ numbers: UnsafeBufferPointer<Float>, _ shape: Shape) {
    isFinite = numbers.allSatisfy(\.isFinite)
    var squares = 0.0
    var common = 0.0
    for channel in 0..<shape.channels {
      var sum = 0.0
      for row in 0..<shape.rows {
        let number = Double(numbers[row * shape.channels + channel])
        sum += number
        squares += number * number
      }
      common += sum * sum / Double(shape.rows)
    }
    level = (squares / Double(shape.count)).squareRoot()
    spread = (max(squares - common, 0) / Double(shape.count)).squareRoot()
  }
}
