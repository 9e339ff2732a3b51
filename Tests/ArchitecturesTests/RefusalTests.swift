import CheckedJSON
import Foundation
import Testing

@testable import Architectures

@Suite("What cannot be built is refused in one line that says where")
struct RefusalTests {
  /// Loads a spoiled checkpoint and returns the message; records an issue when it loads.
  func message(
    _ model: DetectorConfiguration = SmallModels.detr,
    options: DetectorOptions = DetectorOptions(),
    _ spoil: (inout CheckpointFixture) -> Void
  ) throws -> String {
    var fixture = SmallModels.fixture(model)
    spoil(&fixture)
    return try fixture.withFolder { folder in
      do {
        _ = try LoadedDetector(path: folder, options: options)
        Issue.record("it was loaded")
        return ""
      } catch {
        let message = "\(error)"
        #expect(!message.contains("\n"))
        return message
      }
    }
  }

  @Test(
    "a missing tensor",
    arguments: [
      "model.decoder.layers.1.encoder_attn.v_proj.weight",
      "model.encoder.layers.0.fc1.weight",
      "model.backbone.conv_encoder.model.layer3.0.conv1.weight",
      "model.backbone.conv_encoder.model.layer3.0.downsample.0.weight",
      "model.backbone.conv_encoder.model.conv1.weight",
      "class_labels_classifier.weight",
      "model.query_position_embeddings.weight",
      "model.input_projection.weight",
    ]
  )
  func missingTensor(name: String) throws {
    let message = try message { $0.tensors[name] = nil }
    #expect(message == "model.safetensors: tensor '\(name)' is missing")
  }

  @Test("a missing box head of a model that refines")
  func missingHead() throws {
    let message = try message(SmallModels.deformable) {
      $0.tensors["model.decoder.bbox_embed.1.layers.2.bias"] = nil
    }
    #expect(message.contains("'model.decoder.bbox_embed.1.layers.2.bias' is missing"))
  }

  @Test("a tensor of the wrong shape")
  func wrongShape() throws {
    let message = try message {
      $0.tensors["bbox_predictor.layers.1.weight"] = .init(
        shape: [16, 15],
        values: .init(repeating: 0, count: 240)
      )
    }
    #expect(
      message == "model.safetensors: tensor 'bbox_predictor.layers.1.weight': "
        + "expected shape [16, 16], found [16, 15]"
    )
  }

  @Test("numbers that are not finite", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) throws {
    let message = try message { $0.tensors["model.encoder.layers.0.fc2.weight"]!.values[7] = value }
    #expect(message.contains("tensor 'model.encoder.layers.0.fc2.weight': element 7 is \(value)"))
  }

  @Test("integers in place of weights")
  func integers() throws {
    let message = try message { $0.tensors["model.input_projection.weight"]!.type = "I64" }
    #expect(message.contains("'model.input_projection.weight': expected floating-point"))
    #expect(message.contains("I64"))
  }

  @Test("a negative variance")
  func negativeVariance() throws {
    let name = "model.backbone.conv_encoder.model.layer3.0.bn1.running_var"
    let message = try message { $0.tensors[name]!.values[2] = -0.5 }
    #expect(message.contains("tensor '\(name)': element 2 is -0.5"))
  }

  @Test("tensors that no part of the model needs")
  func unexplained() throws {
    let message = try message {
      $0.tensors["model.extra.weight"] = .init(shape: [1], values: [0])
    }
    #expect(
      message == "model.safetensors: tensor 'model.extra.weight': no part of the model needs this"
    )
  }

  @Test("copies of one head that differ")
  func tiedTensors() throws {
    let message = try message(SmallModels.deformable) {
      var copy = $0.tensors["model.decoder.bbox_embed.1.layers.0.bias"]!
      copy.values[0] += 1
      $0.tensors["bbox_embed.1.layers.0.bias"] = copy
    }
    #expect(message.contains("'model.decoder.bbox_embed.1.layers.0.bias'"))
    #expect(message.contains("'bbox_embed.1.layers.0.bias'"))
  }

  @Test("names of something else")
  func unknownNames() throws {
    let message = try message {
      $0.config = .null
      $0.tensors = ["bert.embeddings.weight": .init(shape: [1], values: [0])]
    }
    #expect(message.contains("'bert.embeddings.weight': expected the names of a checkpoint"))
  }

  @Test(
    "other families by their tensors, where no configuration tells",
    arguments: [
      ("transformer.decoder.layers.0.sa_qcontent_proj.weight", "Conditional DETR"),
      ("refpoint_embed.weight", "DAB-DETR"),
      ("module.label_enc.weight", "DN-DETR or DINO"),
      ("encoder.fpn_blocks.0.conv1.weight", "RT-DETR under its authors' names"),
      ("vit.embeddings.detection_tokens", "YOLOS"),
    ]
  )
  func familyOfTensors(tensor: String, family: String) throws {
    let message = try message {
      $0.config = .null
      $0.tensors[tensor] = .init(shape: [1], values: [0])
    }
    #expect(message.hasPrefix("model.safetensors: tensor '\(tensor)': \(family) is not supported"))
  }

  @Test(
    "SAM-DETR and SMCA-DETR of several levels",
    arguments: [
      (["sa_qcontent_proj", "attn1", "point2.0"], "SAM-DETR"), (["norm4", "point2"], "SMCA-DETR"),
    ]
  )
  func severalLevels(parts: [String], family: String) throws {
    let message = try message {
      $0.config = .null
      for part in parts.map({ "transformer.decoder.layers.0.\($0).weight" })
        + ["transformer.level_embed", "backbone.0.body.conv1.weight"]
      {
        $0.tensors[part] = .init(shape: [1], values: [0])
      }
    }
    #expect(message.contains("\(family) with several levels is not supported"))
  }

  @Test("tensors without elements", arguments: ["class_labels_classifier", "input_projection"])
  func noElements(name: String) throws {
    let message = try message {
      let tensor = $0.tensors.keys.first { $0.contains(name) && $0.hasSuffix("weight") }!
      $0.tensors[tensor]!.shape[0] = 0
      $0.tensors[tensor]!.values = []
    }
    #expect(message.contains(name))
    #expect(message.contains("[0, "))
  }

  @Test("more tensors than any detector has")
  func tooManyTensors() throws {
    let message = try message {
      for index in 0...TensorNamings.maximumTensors {
        $0.tensors["layer\(index).0"] = .init(shape: [0], values: [])
      }
    }
    #expect(message.contains("tensors is not supported; expected at most 65536"))
  }

  @Test("no tensors at all")
  func noTensors() throws {
    let message = try message { $0.tensors = [:] }
    #expect(message.contains("no tensors"))
  }

  @Test(
    "a configuration that contradicts the tensors",
    arguments: [
      ("d_model", 32, "'d_model': found 32", "says 16"),
      ("encoder_layers", 3, "'encoder_layers': found 3", "says 2"),
      ("decoder_layers", 1, "'decoder_layers': found 1", "says 2"),
      ("encoder_ffn_dim", 25, "'encoder_ffn_dim': found 25", "says 24"),
      ("num_queries", 6, "'num_queries': found 6", "says 5"),
    ]
  )
  func contradiction(key: String, value: Int, found: String, expected: String) throws {
    let message = try message { $0.config = $0.config.with(key, JSON(value)) }
    #expect(message.hasPrefix("config.json: \(found)"))
    #expect(message.contains(expected))
  }

  @Test(
    "a Deformable DETR configuration that contradicts the tensors",
    arguments: [
      ("num_feature_levels", JSON(4), "found 4"), ("encoder_n_points", JSON(4), "found 4"),
      ("decoder_n_points", JSON(4), "found 4"), ("with_box_refine", JSON.bool(false), "found no"),
      ("two_stage", JSON.bool(true), "found yes"),
      ("position_embedding_type", JSON.string("learned"), "found learned"),
    ]
  )
  func deformableContradiction(key: String, value: JSON, found: String) throws {
    let message = try message(SmallModels.deformable) { $0.config = $0.config.with(key, value) }
    #expect(message.hasPrefix("config.json: '\(key)': \(found)"))
  }

  @Test("a number of classes that contradicts the class head")
  func classes() throws {
    let message = try message { $0.config = $0.config.with("id2label", ["0": "cell"]) }
    #expect(message.hasPrefix("config.json: 'id2label': found 1"))
    #expect(message.contains("'class_labels_classifier.weight' says 3"))
  }

  @Test("a family in the file that is not that of the tensors")
  func otherFamily() throws {
    let message = try message { $0.config = $0.config.with("model_type", "deformable_detr") }
    #expect(message.contains("found Deformable DETR"))
  }

  @Test("heads that do not divide the width, or none", arguments: [(3, "divisor"), (0, "from 1")])
  func heads(count: Int, expected: String) throws {
    let message = try message {
      $0.config = $0.config.with("decoder_attention_heads", JSON(count))
    }
    #expect(message.contains("'decoder_attention_heads'"))
    #expect(message.contains(expected))
  }

  @Test("a number that no detector has")
  func hugeNumber() throws {
    let message = try message { $0.config = $0.config.with("d_model", .double(1e300)) }
    #expect(message.contains("'d_model'"))
  }

  @Test(
    "options that contradict the file",
    arguments: [
      (DetectorOptions(heads: 8), "--heads: found 8"),
      (DetectorOptions(queries: 9), "--queries: found 9"),
      (DetectorOptions(points: 4), "--points: found 4"),
      (DetectorOptions(dilation: true), "--dilation: found 16 (dilated)"),
      (DetectorOptions(activation: .gelu), "--activation: found gelu"),
      (DetectorOptions(labels: ["one"]), "--labels: found 1"),
    ]
  )
  func options(options: DetectorOptions, expected: String) throws {
    let message = try message(SmallModels.deformable, options: options) { _ in }
    #expect(message.hasPrefix(expected))
  }

  @Test("options that are no numbers of anything", arguments: [0, -1])
  func optionRange(value: Int) throws {
    for (flag, options) in [
      ("--heads", DetectorOptions(heads: value)), ("--points", .init(points: value)),
      ("--queries", .init(queries: value)),
    ] {
      let message = try message(SmallModels.twoStage, options: options) { $0.config = .null }
      #expect(message.hasPrefix("\(flag): "))
    }
  }

  @Test(
    "other families by their names",
    arguments: [
      ("yolos", "YolosForObjectDetection", "YOLOS"),
      ("something_new", "SomethingNew", "something_new"),
    ]
  )
  func family(type: String, architecture: String, name: String) throws {
    let message = try message {
      $0.config = $0.config.with("model_type", .string(type))
        .with("architectures", [.string(architecture)])
    }
    #expect(message.hasPrefix("config.json: "))
    #expect(message.contains("\(name)"))
    #expect(message.contains("not supported"))
  }

  @Test(
    "settings that are not supported",
    arguments: [
      ("activation_function", #""mish""#), ("position_embedding_type", #""rope""#),
      ("num_channels", "4"), ("id2label", #"{"one": "cell"}"#), ("d_model", #""wide""#),
      ("dilation", "1"),
      ("backbone_config", #"{"model_type": "timm_backbone", "backbone": "resnet50d"}"#),
      ("backbone_config", #"{"model_type": "timm_backbone", "backbone": "swin_tiny"}"#),
      ("backbone_config", #"{"model_type": "swin"}"#),
      ("backbone_config", #"{"model_type": "resnet", "hidden_act": "silu"}"#),
      ("backbone_config", #"{"model_type": "timm_backbone", "output_stride": 4}"#),
      ("backbone_config", #"{"model_type": "timm_backbone", "out_indices": [9]}"#),
      ("backbone_config", #"{"model_type": "resnet", "out_indices": [-9223372036854775808]}"#),
      ("backbone_config", #"{"model_type": "resnet", "depths": [3, 4, 6, 3]}"#),
    ]
  )
  func unsupported(key: String, value: String) throws {
    let value = try JSON.parse(value)
    let message = try message {
      $0.config = $0.config.with(key, value)
      if key == "dilation" { $0.config = $0.config.with("backbone_config", nil) }
    }
    #expect(message.hasPrefix("config.json: '\(key)"))
  }

  @Test(
    "preprocessing that is not supported",
    arguments: [
      ("resample", "3"), ("pad_size", #"{"height": 8, "width": 8}"#),
      ("size", #"{"shortest_edge": 8}"#), ("size", #"{"max_height": 8, "max_width": 8}"#),
      ("size", "0"), ("image_std", "[1, 0, 1]"), ("image_mean", "[0.5]"),
      ("rescale_factor", "0"), ("do_resize", #""yes""#),
    ]
  )
  func preprocessing(key: String, value: String) throws {
    let value = try JSON.parse(value)
    let message = try message { $0.preprocessor = JSON.object(.init()).with(key, value) }
    #expect(message.hasPrefix("preprocessor_config.json: '\(key)"))
  }

  @Test("a width that the norm's groups or the sines do not divide")
  func width() throws {
    var model = SmallModels.deformable
    model.width = 48
    #expect(try message(model) { _ in }.contains("width 48 is not supported"))
    model = SmallModels.detr
    model.width = 18
    model.encoderHeads = 2
    #expect(try message(model) { _ in }.contains("width 18 is not supported"))
  }
}
