import FloatGraph
import Testing

@testable import Architectures

@Suite("The same weights under other names are the same detector")
struct NamingTests {
  private func outputs(_ graph: FloatGraph, swapsChannels: Bool = false) throws -> [Double] {
    let size = InputSize(height: 40, width: 56, validHeight: 33, validWidth: 56)
    let picture = (0..<size.height * size.width * 3).map { index -> Float in
      let position = swapsChannels ? index - index % 3 + (2 - index % 3) : index
      return Float((position * 7919) % 255) / 64 - 2
    }
    let values = try ReferenceExecutor(graph: graph).run(picture: picture, size: size)
    return values[graph.logits!.index].values + values[graph.boxes!.index].values
  }

  private func load(
    _ model: DetectorConfiguration,
    naming: any TensorNaming
  ) throws -> LoadedDetector {
    var fixture = SmallModels.fixture(model)
    let isHuggingFace = naming is HuggingFaceNames
    let config = isHuggingFace ? fixture.config.with("backbone_config", nil) : .null
    fixture = CheckpointFixture(
      model,
      config: config,
      naming: naming,
      writesCopies: naming is OfficialNames && model.family == .deformableDETR
    )
    let options = DetectorOptions(heads: model.encoderHeads, queries: model.queries)
    return try fixture.withFolder { try LoadedDetector(path: $0, options: options) }
  }

  private static func namings(_ family: Family) -> [any TensorNaming] {
    [
      HuggingFaceNames(family: family, backbone: .huggingFace, prefix: ""),
      HuggingFaceNames(family: family, backbone: .torchvision, prefix: "module."),
      HuggingFaceNames(
        family: family,
        backbone: .torchvision,
        backbonePrefix: HuggingFaceNames.backbonePrefixes[0],
        prefix: ""
      ),
      OfficialNames(family: family, prefix: ""),
      OfficialNames(family: family, prefix: "module."),
      MMDetectionNames(family: family, backboneLevels: family == .detr ? 1 : 3, prefix: ""),
    ]
  }

  /// With the same heads in encoder and decoder, for files that do not tell them apart.
  private static func model(_ model: DetectorConfiguration) -> DetectorConfiguration {
    var model = model
    model.decoderHeads = model.encoderHeads
    return model
  }

  @Test(
    "in the names of every source",
    arguments: [SmallModels.detr, SmallModels.deformable, SmallModels.twoStage]
  )
  func namings(model: DetectorConfiguration) throws {
    let model = Self.model(model)
    let expected = try outputs(load(model, naming: SmallModels.names(model)).graph)
    #expect(Set(expected.map { ($0 * 1e6).rounded() }).count > 20)
    for naming in Self.namings(model.family) {
      let detector = try load(model, naming: naming)
      #expect(detector.configuration == model)
      #expect(detector.naming == naming.title)
      // mmdetection's convolutions have no bias; there each channel is its own group, so it cancels.
      let error = relativeError(try outputs(detector.graph), expected)
      #expect(naming is MMDetectionNames ? error < 1e-6 : error == 0)
    }
  }

  @Test("with pre-norm and learned positions, which the tensors show")
  func preNorm() throws {
    var model = Self.model(SmallModels.detr)
    model.normalizesBefore = true
    model.position = .learned
    let official = OfficialNames(family: .detr, prefix: "")
    let detector = try load(model, naming: official)
    #expect(detector.configuration == model)
    let postNorm = try load(Self.model(SmallModels.detr), naming: official)
    #expect(try relativeError(outputs(detector.graph), outputs(postNorm.graph)) > 0.01)
  }

  @Test("with the channels of the picture in the other order")
  func channelOrder() throws {
    let model = SmallModels.detr
    try SmallModels.fixture(model).withFolder { folder in
      let plain = try LoadedDetector(path: folder).graph
      var stated = try HuggingFaceConfiguration.stated(
        in: .init(SmallModels.config(model), source: "")
      )
      stated.backbone.readsBlueFirst = Stated(true, at: "")
      let reversed = try LoadedDetector(
        tensors: .open(path: folder),
        naming: SmallModels.names(model),
        family: .detr,
        stated: stated,
        options: DetectorOptions()
      ).graph
      #expect(try outputs(reversed, swapsChannels: true) == outputs(plain))
      #expect(try outputs(reversed) != outputs(plain))
    }
  }

  @Test("heads that 5.x writes once serve every layer")
  func sharedHeads() throws {
    var model = Self.model(SmallModels.deformable)
    model.deformable!.refinesBoxes = false
    let fixture = SmallModels.fixture(model)
    var shared = fixture
    for name in fixture.tensors.keys {
      if name.hasPrefix("class_embed.") || name.hasPrefix("bbox_embed.") {
        shared.tensors[name] = nil
      }
    }
    for (name, tensor) in fixture.tensors {
      for heads in ["class_embed", "bbox_embed"] where name.hasPrefix("\(heads).1.") {
        shared.tensors["\(heads).0.\(name.dropFirst(heads.count + 3))"] = tensor
      }
    }
    let detector = try shared.withFolder { try LoadedDetector(path: $0) }
    #expect(detector.configuration == model)
    #expect(detector.ignoredTensors.isEmpty)
  }
}
