import CheckedJSON
import Checkpoints
import Foundation
import SyntheticCheckpoints
import Testing

@Suite("Checkpoints are laid out as transformers lays them out")
struct LayoutTests {
  /// A checkpoint that transformers has written, and what it was made of.
  struct Case: CustomTestStringConvertible {
    let name: String
    let family: any SyntheticFamily
    /// Whether the configuration was written by transformers 5, so that it must be equal too.
    let hasConfiguration: Bool
    var testDescription: String { name }
  }

  static let narrow = SyntheticResNet(
    block: .bottleneck,
    stemWidth: 8,
    depths: [3, 4, 6, 3],
    widths: [16, 20, 24, 32],
    naming: .timm
  )

  static let detr: SyntheticDETR = {
    var family = SyntheticDETR()
    family.backbone = narrow
    family.width = 48
    family.heads = 4
    family.encoderLayers = 2
    family.decoderLayers = 2
    family.hiddenWidth = 96
    family.queries = 20
    family.classes = 11
    return family
  }()

  static let detrResNet: SyntheticDETR = {
    var family = detr
    family.backbone = SyntheticResNet(
      block: .bottleneck,
      stemWidth: 12,
      depths: [2, 2, 2, 2],
      widths: [16, 24, 32, 48],
      naming: .transformers
    )
    family.heads = 6
    family.hiddenWidth = 80
    family.queries = 16
    family.classes = 7
    family.edges = (shortest: 93, longest: 218)
    return family
  }()

  static let twoStage: SyntheticDeformableDETR = {
    var family = SyntheticDeformableDETR()
    family.backbone = narrow
    family.boxes = .twoStage
    family.width = 32
    family.heads = 4
    family.encoderLayers = 2
    family.decoderLayers = 2
    family.hiddenWidth = 48
    family.queries = 16
    family.classes = 10
    family.edges = (shortest: 91, longest: 218)
    return family
  }()

  static let dilated: SyntheticDeformableDETR = {
    var family = twoStage
    family.backbone.dilatesLastStage = true
    family.boxes = .once
    family.levels = 1
    family.heads = 8
    family.queries = 15
    family.classes = 8
    return family
  }()

  static let refined: SyntheticDeformableDETR = {
    var family = twoStage
    family.boxes = .refined
    family.width = 64
    family.heads = 8
    family.points = 2
    family.hiddenWidth = 96
    family.queries = 20
    family.classes = 12
    family.edges = (shortest: 81, longest: 206)
    return family
  }()

  /// What the narrow cases of the families after DETR have in common.
  static func narrowed(_ detr: SyntheticDETR, queries: Int, classes: Int) -> SyntheticDETR {
    var detr = detr
    detr.backbone = narrow
    detr.width = 32
    detr.heads = 4
    detr.encoderLayers = 2
    detr.decoderLayers = 2
    detr.hiddenWidth = 64
    detr.queries = queries
    detr.classes = classes
    return detr
  }

  static let table: SyntheticTableTransformer = {
    var family = SyntheticTableTransformer()
    family.detr = narrowed(family.detr, queries: 15, classes: 6)
    family.detr.backbone = SyntheticResNet(
      block: .basic,
      stemWidth: 8,
      depths: [2, 2, 2, 2],
      widths: [8, 10, 12, 16],
      naming: .timm
    )
    return family
  }()

  static let conditional: SyntheticConditionalDETR = {
    var family = SyntheticConditionalDETR()
    family.detr = narrowed(family.detr, queries: 16, classes: 9)
    return family
  }()

  static let anchors: SyntheticDABDETR = {
    var family = SyntheticDABDETR()
    family.detr = narrowed(family.detr, queries: 14, classes: 8)
    family.detr.backbone.naming = .wrappedTimm
    return family
  }()

  static let panoptic: SyntheticPanopticDETR = {
    var family = SyntheticPanopticDETR()
    family.detr = narrowed(family.detr, queries: 8, classes: 9)
    family.detr.heads = 8
    return family
  }()

  static let bloodCells: SyntheticDeformableDETR = {
    var family = twoStage
    family.backbone = SyntheticResNet(
      block: .basic,
      stemWidth: 32,
      depths: [1, 2, 2, 1],
      widths: [32, 64, 128, 256],
      naming: .transformers
    )
    family.width = 128
    family.heads = 8
    family.encoderLayers = 3
    family.decoderLayers = 3
    family.hiddenWidth = 512
    family.queries = 100
    family.classes = 3
    return family
  }()

  @Test(
    "names, types, shapes and configuration are those of a real checkpoint",
    .enabled(if: SharedFolder.exists, "no ../shared"),
    arguments: [
      Case(name: "golden/detr-hf-timm", family: detr, hasConfiguration: false),
      Case(name: "golden/detr-hf-resnet", family: detrResNet, hasConfiguration: true),
      Case(name: "golden/deformable-hf-twostage-v5", family: twoStage, hasConfiguration: true),
      Case(name: "golden/deformable-hf-single-dc5", family: dilated, hasConfiguration: false),
      Case(name: "golden/deformable-hf-refine", family: refined, hasConfiguration: true),
      Case(name: "blood-cells/hf", family: bloodCells, hasConfiguration: false),
      Case(name: "golden/table-hf", family: table, hasConfiguration: false),
      Case(name: "golden/conditional-hf", family: conditional, hasConfiguration: false),
      Case(name: "golden/dab-hf", family: anchors, hasConfiguration: false),
      Case(name: "golden/detr-hf-panoptic", family: panoptic, hasConfiguration: false),
    ]
  )
  func matchesReal(example: Case) throws {
    let folder = TemporaryFolder()
    try SyntheticCheckpoint.write(example.family, seed: 1, to: folder.path)
    let real = try SharedFolder.path(example.name)
    let (found, expected) = (try inventory(folder.path), try inventory(real))
    for name in Set(found.keys).union(expected.keys) {
      #expect(found[name] == expected[name], "\(name)")
    }
    guard example.hasConfiguration else { return }
    for file in ["config.json", "preprocessor_config.json"] {
      let written = try folder.json(file).encoded(pretty: true, sortedKeys: true)
      let expected = try JSON.open(path: "\(real)/\(file)").value!.encoded(
        pretty: true,
        sortedKeys: true
      )
      #expect(String(decoding: written, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
    }
  }

  static let rtDETR: SyntheticRTDETR = {
    var family = SyntheticRTDETR()
    family.backbone = SyntheticResNet(
      block: .basic,
      stemWidth: 8,
      depths: [2, 2, 2, 2],
      widths: [8, 12, 16, 24],
      naming: .rtDETR
    )
    family.encoderWidth = 16
    family.width = 16
    family.heads = 4
    family.hiddenWidth = 40
    family.hiddenExpansion = 0.5
    family.decoderLayers = 2
    family.queries = 15
    family.classes = 10
    family.side = 96
    return family
  }()

  /// The counters of batch norms say nothing, and options of training are left out.
  @Test(
    "RT-DETR's names and shapes are those of a real checkpoint, and what it configures",
    .enabled(if: SharedFolder.exists, "no ../shared"),
    arguments: [
      Case(name: "golden/rtdetr-hf", family: rtDETR, hasConfiguration: true),
      Case(name: "golden/rtdetrv2-hf", family: rtDETR.secondVersion(), hasConfiguration: true),
    ]
  )
  func matchesRealHybrid(example: Case) throws {
    let folder = TemporaryFolder()
    try SyntheticCheckpoint.write(example.family, seed: 1, to: folder.path)
    let real = try SharedFolder.path(example.name)
    let expected = try inventory(real).filter { !$0.key.contains("num_batches_tracked") }
    #expect(try inventory(folder.path) == expected)
    let written = try folder.json("config.json").located
    let config = try JSON.open(path: "\(real)/config.json")
    for key in [
      "activation_function", "backbone_config", "d_model", "decoder_activation_function",
      "decoder_attention_heads", "decoder_ffn_dim", "decoder_in_channels", "decoder_layers",
      "decoder_n_points", "encode_proj_layers", "encoder_activation_function",
      "encoder_attention_heads", "encoder_ffn_dim", "encoder_hidden_dim", "encoder_in_channels",
      "encoder_layers", "feat_strides", "hidden_expansion", "id2label", "model_type",
      "normalize_before", "num_feature_levels", "num_queries", "positional_encoding_temperature",
    ] {
      #expect(written[key].value == config[key].value, "\(key)")
    }
  }

  /// "number of params", which the official training scripts print, and which leaves out what they
  /// freeze: the batch norms, the stem and the first stage.
  @Test(
    "published sizes have the published numbers of weights",
    arguments: [("detr-r50", 41_302_368), ("deformable-detr-r50", 39_847_265)]
  )
  func hasPublishedSize(name: String, trained: Int) throws {
    let folder = TemporaryFolder()
    try SyntheticCheckpoint.write(architecture: name, seed: 1, storage: .float16, to: folder.path)
    let backbone = "model.backbone.conv_encoder.model."
    let frozen = ["\(backbone)conv1.", "\(backbone)layer1."]
    let count = try TensorMap.open(path: folder.path).reduce(0) { sum, tensor in
      let isNorm = tensor.name.hasPrefix(backbone) && tensor.shape.count == 1
      let isFrozen = isNorm || frozen.contains { tensor.name.hasPrefix($0) }
      return sum + (isFrozen ? 0 : tensor.elementCount)
    }
    #expect(count == trained)
  }

  @Test("a dilated backbone says so in both ways")
  func statesDilation() throws {
    let folder = TemporaryFolder()
    try SyntheticCheckpoint.write(Self.dilated, seed: 1, to: folder.path)
    let config = try folder.json("config.json").located
    #expect(try config["dilation"].bool)
    #expect(try config["backbone_config"]["output_stride"].int == 16)
  }
}

extension JSON {
  /// For looking into a value of a test.
  var located: Located { Located(self, source: "test") }
}
