import FloatGraph
import Testing

@testable import Architectures

@Suite("The fast executor and the plain one compute the same")
struct ExecutorAgreementTests {
  static let models: [DetectorConfiguration] = {
    var models = [SmallModels.detr, SmallModels.deformable, SmallModels.twoStage]
    var dilated = SmallModels.detr
    dilated.backbone.outputStride = 16
    dilated.activation = .gelu
    dilated.position = .learned
    dilated.normalizesEveryLayer = true
    models.append(dilated)
    var single = SmallModels.deformable
    single.deformable!.levels = 1
    single.deformable!.refinesBoxes = false
    single.backbone.outputs = [3]
    single.backbone.outputStride = 8
    single.width = 64
    models.append(single)
    return models
  }()

  @Test(
    "on every value of the graph",
    arguments: models,
    [
      InputSize(height: 64, width: 96), InputSize(height: 97, width: 131),
      InputSize(height: 96, width: 80, validHeight: 75, validWidth: 80),
      InputSize(height: 65, width: 99, validHeight: 65, validWidth: 40),
    ]
  )
  func agree(model: DetectorConfiguration, size: InputSize) throws {
    let graph = try SmallModels.fixture(model).withFolder { try LoadedDetector(path: $0).graph }
    let picture = (0..<size.height * size.width * 3).map { index -> Float in
      let isPadding =
        index / 3 / size.width >= size.validHeight
        || index / 3 % size.width >= size.validWidth
      return isPadding ? 0 : Float((index * 7919) % 509) / 128 - 2
    }
    let expected = try ReferenceExecutor(graph: graph).run(picture: picture, size: size)
    let every = Set(graph.values.indices.map { FloatGraph.ValueID($0) })
    let found = try FloatExecutor(graph: graph, threads: 2).run(
      picture: picture,
      size: size,
      keep: every
    )
    for value in every.sorted(by: { $0.index < $1.index }) {
      let error = relativeError(
        found[value].map(Double.init),
        expected[value.index].values
      )
      #expect(error < 1e-4, "\(graph[value].name)")
    }
  }
}

extension InputSize: CustomTestStringConvertible {
  public var testDescription: String { "\(height)x\(width), valid \(validHeight)x\(validWidth)" }
}
