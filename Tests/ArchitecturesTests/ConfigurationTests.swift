import CheckedJSON
import FloatGraph
import Testing

@testable import Architectures

@Suite("The configuration comes from tensors, files and options")
struct ConfigurationTests {
  private func load(
    _ fixture: CheckpointFixture,
    options: DetectorOptions = DetectorOptions()
  ) throws -> LoadedDetector {
    try fixture.withFolder { try LoadedDetector(path: $0, options: options) }
  }

  @Test(
    "what transformers 5.x writes is read back",
    arguments: [SmallModels.detr, SmallModels.deformable, SmallModels.twoStage]
  )
  func roundTrip(model: DetectorConfiguration) throws {
    let detector = try load(SmallModels.fixture(model))
    #expect(detector.configuration == model)
    #expect(detector.notInTheFile.map(\.name) == ["input size", "input normalisation"])
    #expect(detector.graph.labels == (0..<3).map { "class \($0)" })
  }

  @Test("what transformers 4.x writes gives the same configuration")
  func version4() throws {
    var fixture = SmallModels.fixture(SmallModels.detr)
    fixture.config = fixture.config.with("backbone_config", .null).with("backbone", "resnet18")
      .with("use_timm_backbone", true).with("backbone_kwargs", .null)
    #expect(try load(fixture).configuration == SmallModels.detr)
  }

  @Test("maps counted from the end", arguments: [[-1], [1, -1], [4]])
  func outputsFromTheEnd(indices: [Int]) throws {
    var fixture = SmallModels.fixture(SmallModels.detr)
    let outputs = JSON.array(indices.map { JSON($0) })
    fixture.config = fixture.config.with(
      "backbone_config",
      ["model_type": "timm_backbone", "out_indices": outputs]
    )
    #expect(try load(fixture).configuration == SmallModels.detr)
  }

  @Test("a dilated last stage is recognised in every spelling")
  func dilation() throws {
    var model = SmallModels.detr
    model.backbone.outputStride = 16
    var fixture = SmallModels.fixture(model)
    #expect(try load(fixture).configuration == model)
    fixture.config = fixture.config.with("backbone_config", nil).with("dilation", true)
    #expect(try load(fixture).configuration == model)
    fixture.config = fixture.config.with("dilation", .null)
      .with("backbone_kwargs", ["output_stride": 16])
    #expect(try load(fixture).configuration == model)
    fixture.config = fixture.config.with("backbone_kwargs", nil)
    #expect(try load(fixture, options: .init(dilation: true)).configuration == model)
  }

  @Test("without a configuration file, options and the paper fill what tensors do not tell")
  func withoutConfiguration() throws {
    var fixture = SmallModels.fixture(SmallModels.twoStage)
    fixture.config = .null
    let options = DetectorOptions(heads: 2, queries: 7, activation: .gelu, labels: ["a", "b", "c"])
    let detector = try load(fixture, options: options)
    var expected = SmallModels.twoStage
    expected.encoderHeads = 2
    expected.deformable!.encoderPoints = 4
    expected.queries = 7
    expected.activation = .gelu
    #expect(detector.configuration == expected)
    #expect(detector.graph.labels == ["a", "b", "c"])
    #expect(
      detector.notInTheFile.map(\.name) == [
        "output stride", "encoder heads", "decoder heads", "activation", "queries",
        "input size", "input normalisation",
      ]
    )
    #expect(detector.summary.contains("not in the file: the paper's value"))
    #expect(detector.summary.contains("from --heads"))
  }

  @Test(
    "an input size comes from the option where no file states one, and is the paper's otherwise"
  )
  func inputSize() throws {
    let fixture = SmallModels.fixture(SmallModels.detr)
    let paper = try load(fixture)
    #expect(paper.graph.preprocessing.size == .edges(shortest: 800, longest: 1333))
    let setting = try #require(paper.settings.first { $0.name == "input size" })
    #expect(setting.value == "shorter edge 800, longer at most 1333")
    #expect(setting.origin == .paper)
    for (size, flag) in [
      (Preprocessing.Size.fixed(height: 240, width: 320), "--size"),
      (.edges(shortest: 480, longest: 640), "--shortest-edge, --longest-edge"),
    ] {
      let detector = try load(fixture, options: DetectorOptions(inputSize: size))
      #expect(detector.graph.preprocessing.size == size)
      let setting = try #require(detector.settings.first { $0.name == "input size" })
      #expect(setting.origin == .option(flag: flag))
    }
  }

  @Test("an input size that contradicts the file is refused, one that agrees is not")
  func contradictingInputSize() throws {
    var fixture = SmallModels.fixture(SmallModels.detr)
    fixture.preprocessor = ["size": ["height": 240, "width": 320]]
    let agreeing = DetectorOptions(inputSize: .fixed(height: 240, width: 320))
    #expect(
      try load(fixture, options: agreeing).graph.preprocessing.size
        == .fixed(height: 240, width: 320)
    )
    let other = DetectorOptions(inputSize: .edges(shortest: 480, longest: 640))
    let error = #expect(throws: ArchitectureError.self) { try load(fixture, options: other) }
    #expect(
      error.map { "\($0)" }
        == "--shortest-edge, --longest-edge: found shorter edge 480, longer at most 640, "
        + "but preprocessor_config.json says 240x320"
    )
    // A file of other things leaves the size open.
    fixture.preprocessor = ["do_rescale": false]
    let detector = try load(fixture, options: other)
    #expect(detector.graph.preprocessing.size == .edges(shortest: 480, longest: 640))
    #expect(detector.graph.preprocessing.rescale == 1)
  }

  @Test("a backbone's stages beyond the last one that is read are ignored, with the reason")
  func unreadStage() throws {
    var model = SmallModels.detr
    model.backbone.outputs = [2]
    let detector = try load(SmallModels.fixture(model))
    #expect(detector.configuration.backbone.outputs == [2])
    #expect(Set(detector.ignoredTensors.map(\.reason)) == ["of a stage that is not read"])
    #expect(detector.graph.landmarks.map(\.name).contains("C4"))
    #expect(!detector.graph.landmarks.map(\.name).contains("C5"))
  }

  @Test("fewer levels than maps, one level, and only maps of the backbone", arguments: [1, 2, 3])
  func levels(count: Int) throws {
    var model = SmallModels.deformable
    model.deformable!.levels = count
    model.backbone.outputs = Array([1, 2, 3].suffix(count))
    let detector = try load(SmallModels.fixture(model))
    #expect(detector.configuration == model)
    let shapes = try detector.graph.shapes(for: InputSize(height: 70, width: 90))
    let sizes = [(9, 12), (5, 6), (3, 3)].suffix(count).map { $0.0 * $0.1 }
    #expect(shapes[detector.graph.memory!.index].rows == sizes.reduce(0, +))
  }

  @Test("every node of a graph has a name of its own")
  func names() throws {
    for model in [SmallModels.detr, SmallModels.deformable, SmallModels.twoStage] {
      var model = model
      if model.family == .detr { model.normalizesEveryLayer = true }
      let graph = try load(SmallModels.fixture(model)).graph
      #expect(Set(graph.values.map(\.name)).count == graph.values.count)
    }
  }

  @Test("the arguments of the official repositories")
  func officialArguments() throws {
    let arguments: JSON = [
      "hidden_dim": 32, "enc_layers": 2, "dec_layers": 2, "nheads": 4, "dim_feedforward": 48,
      "position_embedding": "v3", "num_queries": 7, "dilation": true, "num_feature_levels": 4,
      "enc_n_points": 2, "dec_n_points": 3, "with_box_refine": true, "two_stage": false,
      "masks": false, "lr": 0.0002,
    ]
    let stated = try OfficialConfiguration.stated(
      in: JSON.Located(["args": arguments], source: "model.pth")["args"],
      family: .deformableDETR
    )
    #expect(stated.decoderHeads?.value == 4)
    #expect(stated.decoderHeads?.place == "model.pth: 'args.nheads'")
    #expect(stated.position?.value == .learned)
    #expect(stated.backbone.outputStride?.value == 16)
    #expect(stated.decoderPoints?.value == 3)
    #expect(stated.refinesBoxes?.value == true)
  }

  @Test("the configuration of mmdetection, with its channels in the network's order")
  func mmdetection() throws {
    let text = """
      model = dict(
          as_two_stage=False,
          backbone=dict(depth=50, out_indices=(1, 2, 3), style='pytorch', type='ResNet'),
          bbox_head=dict(num_classes=3, type='DeformableDETRHead'),
          data_preprocessor=dict(mean=[1.5, 2, 3e0], std=[4.0, 5.0, 6.0], bgr_to_rgb=False),
          decoder=dict(layer_cfg=dict(cross_attn_cfg=dict(num_points=3),
              self_attn_cfg=dict(num_heads=4)), num_layers=2),
          encoder=dict(layer_cfg=dict(self_attn_cfg=dict(embed_dims=32, num_heads=8))),
          num_queries=30,
          positional_encoding=dict(normalize=True, num_feats=16, offset=-0.5),
          type='DeformableDETR',
          with_box_refine=True)
      hooks = [<function f>]
      test_pipeline = [dict(type='Load'), dict(keep_ratio=True, scale=(1333, 800), type='Resize')]
      """
    let located = JSON.Located(PythonConfiguration.parse(text), source: "model.pth")
    let stated = try MMDetectionConfiguration.stated(in: located, family: .deformableDETR)
    #expect(stated.encoderHeads?.value == 8)
    #expect(stated.decoderPoints?.value == 3)
    #expect(stated.refinesBoxes?.value == true)
    #expect(stated.backbone.outputs?.value == [1, 2, 3])
    #expect(stated.positionOffset?.value == 0.5)
    #expect(stated.backbone.readsBlueFirst?.value == true)
    #expect(
      stated.preprocessing?.value
        == Preprocessing(
          size: .edges(shortest: 800, longest: 1333),
          rescale: 1,
          mean: [3, 2, 1.5],
          standardDeviation: [6, 5, 4]
        )
    )
  }

  @Test("what mmdetection saves beside the weights needs no options")
  func mmdetectionMetadata() throws {
    var model = SmallModels.deformable
    model.backbone.readsBlueFirst = true
    let naming = MMDetectionNames(family: .deformableDETR, backboneLevels: 3, prefix: "")
    let meta: JSON = [
      "dataset_meta": ["CLASSES": ["one", "two", "three"]],
      "cfg": """
      model = dict(type='DeformableDETR', with_box_refine=True, num_queries=5,
          bbox_head=dict(num_classes=3),
          encoder=dict(layer_cfg=dict(self_attn_cfg=dict(num_heads=4, num_points=2),
              ffn_cfg=dict(act_cfg=dict(type='ReLU')))),
          decoder=dict(layer_cfg=dict(self_attn_cfg=dict(num_heads=2))),
          positional_encoding=dict(normalize=True, offset=-0.5),
          data_preprocessor=dict(mean=[1, 2, 3], std=[1, 1, 1]))
      test_pipeline = [dict(type='Resize', scale=(64, 48), keep_ratio=True)]
      """,
    ]
    let stated = try MMDetectionConfiguration.stated(
      meta: JSON.Located(meta, source: "model.pth"),
      family: .deformableDETR
    )
    #expect(stated.queries?.place == "model.pth: 'cfg': 'model.num_queries'")
    let detector = try CheckpointFixture(model, config: .null, naming: naming).withFolder {
      try LoadedDetector(
        tensors: .open(path: $0),
        naming: naming,
        family: .deformableDETR,
        stated: stated,
        options: DetectorOptions()
      )
    }
    #expect(detector.configuration == model)
    #expect(detector.graph.labels == ["one", "two", "three"])
    #expect(detector.graph.preprocessing.mean == [3, 2, 1])
    #expect(detector.graph.preprocessing.size == .edges(shortest: 48, longest: 64))
    #expect(detector.notInTheFile.map(\.name) == ["output stride"])
  }

  @Test(
    "an assignment that is cut is passed over",
    arguments: [
      "model = dict(a=1", "model = dict(a=", "model = '", "model =", "model", "= 3",
      "model = dict(",
      "model = [1, ", "model = {1: ", "model = \\",
    ]
  )
  func cutPython(text: String) {
    #expect(PythonConfiguration.parse(text) == .object(.init()))
  }

  @Test("an assignment that is nested without end is passed over")
  func nestedPython() {
    for piece in ["[", "(", "{", "dict(a=", "{'a': "] {
      let text = "model = " + String(repeating: piece, count: 100_000)
      #expect(PythonConfiguration.parse(text) == .object(.init()))
    }
  }

  @Test("after an assignment that cannot be read the next one is")
  func unreadablePython() throws {
    let text = "a = 1\nb = [f(x)]\nc = {'k': (1, None), 2: True}\na = -2.5e1"
    #expect(PythonConfiguration.parse(text) == ["a": -25.0, "c": ["k": [1, .null], "2": true]])
  }
}
