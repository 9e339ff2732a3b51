import CheckedJSON

/// The configuration files as transformers 5 writes them, training options included.
enum HuggingFaceConfiguration {
  /// What the configurations of DETR and Deformable DETR have in common.
  ///
  /// - Parameters:
  ///   - modelType: as in `detr`.
  ///   - modelClass: as in `DetrForObjectDetection`.
  ///   - width: the width of the transformer.
  ///   - heads: heads of every attention.
  ///   - encoderLayers: layers of the encoder.
  ///   - decoderLayers: layers of the decoder.
  ///   - hiddenWidth: the width inside the feed-forward parts.
  ///   - queries: boxes that the detector gives.
  ///   - classes: how many there are.
  /// - Returns: the members of `config.json`.
  static func transformer(
    modelType: String,
    modelClass: String,
    width: Int,
    heads: Int,
    encoderLayers: Int,
    decoderLayers: Int,
    hiddenWidth: Int,
    queries: Int,
    classes: Int
  ) -> JSON.Object {
    let members: JSON = [
      "activation_dropout": 0.0,
      "activation_function": "relu",
      "architectures": [.string(modelClass)],
      "attention_dropout": 0.0,
      "auxiliary_loss": false,
      "bbox_cost": 5,
      "bbox_loss_coefficient": 5,
      "class_cost": 1,
      "d_model": JSON(width),
      "decoder_attention_heads": JSON(heads),
      "decoder_ffn_dim": JSON(hiddenWidth),
      "decoder_layers": JSON(decoderLayers),
      "dice_loss_coefficient": 1,
      "dropout": 0.1,
      "encoder_attention_heads": JSON(heads),
      "encoder_ffn_dim": JSON(hiddenWidth),
      "encoder_layerdrop": 0.0,
      "encoder_layers": JSON(encoderLayers),
      "eos_coefficient": 0.1,
      "giou_cost": 2,
      "giou_loss_coefficient": 2,
      "init_std": 0.02,
      "init_xavier_std": 1.0,
      "is_encoder_decoder": true,
      "mask_loss_coefficient": 1,
      "model_type": .string(modelType),
      "num_channels": 3,
      "num_queries": JSON(queries),
      "position_embedding_type": "sine",
      "transformers_version": "5.23.0",
    ]
    var object = members.object
    let names = CocoClasses.names(classes)
    object["id2label"] = .object(numbered(names))
    var numbers = JSON.Object()
    for (index, name) in names.enumerated() { numbers[name] = JSON(index) }
    object["label2id"] = .object(numbers)
    return object
  }

  /// `backbone_config`.
  ///
  /// - Parameters:
  ///   - resNet: the backbone.
  ///   - outputs: the stages that are read, counted from 1.
  ///   - timmOutputs: the stages that timm is asked for; DETR asks for more than it reads.
  /// - Returns: its members.
  static func backbone(
    _ resNet: SyntheticResNet,
    outputs: [Int],
    timmOutputs: [Int]
  ) -> JSON.Object {
    let common: JSON = [
      "_name_or_path": "",
      "architectures": .null,
      "chunk_size_feed_forward": 0,
      "dtype": .null,
      "id2label": ["0": "LABEL_0", "1": "LABEL_1"],
      "is_encoder_decoder": false,
      "label2id": ["LABEL_0": 0, "LABEL_1": 1],
      "num_channels": 3,
      "output_attentions": false,
      "output_hidden_states": false,
      "problem_type": .null,
      "return_dict": true,
    ]
    let own: JSON =
      switch resNet.naming {
      case .timm, .wrappedTimm:
        [
          "backbone": .string(resNet.timmName ?? ""),
          "features_only": true,
          "freeze_batch_norm_2d": false,
          "model_type": "timm_backbone",
          "out_features": .array(timmOutputs.map { .string("layer\($0)") }),
          "out_indices": .array(timmOutputs.map { JSON($0) }),
          "output_stride": resNet.dilatesLastStage ? 16 : .null,
          "stage_names": ["act1", "layer1", "layer2", "layer3", "layer4"],
          "use_pretrained_backbone": false,
        ]
      case .transformers, .rtDETR, .official:
        [
          "depths": .array(resNet.depths.map { JSON($0) }),
          "downsample_in_bottleneck": false,
          "downsample_in_first_stage": false,
          "embedding_size": JSON(resNet.stemWidth),
          "hidden_act": "relu",
          "hidden_sizes": .array(resNet.widths.map { JSON($0) }),
          "layer_type": .string(resNet.block.rawValue),
          "model_type": resNet.naming == .rtDETR ? "rt_detr_resnet" : "resnet",
          "out_features": .array(outputs.map { .string("stage\($0)") }),
          "out_indices": .array(outputs.map { JSON($0) }),
          "stage_names": ["stem", "stage1", "stage2", "stage3", "stage4"],
        ]
      }
    var object = common.object
    for member in own.object.members { object[member.key] = member.value }
    return object
  }

  /// `preprocessor_config.json`.
  ///
  /// - Parameters:
  ///   - processor: the class, as in `DetrImageProcessor`.
  ///   - edges: the shorter and the longer edge that pictures are resized to.
  /// - Returns: its members.
  static func preprocessing(
    class processor: String,
    edges: (shortest: Int, longest: Int)
  ) -> JSON.Object {
    let members: JSON = [
      "do_convert_annotations": true,
      "do_normalize": true,
      "do_pad": true,
      "do_rescale": true,
      "do_resize": true,
      "format": "coco_detection",
      "image_mean": [0.485, 0.456, 0.406],
      "image_processor_type": .string(processor),
      "image_std": [0.229, 0.224, 0.225],
      "pad_size": .null,
      "resample": 2,
      "rescale_factor": .double(1.0 / 255),
      "size": ["longest_edge": JSON(edges.longest), "shortest_edge": JSON(edges.shortest)],
    ]
    return members.object
  }

  /// `preprocessor_config.json` of pictures that are brought to one size and only divided by 255.
  ///
  /// - Parameters:
  ///   - processor: the class, as in `RTDetrImageProcessor`.
  ///   - side: height and width.
  /// - Returns: its members.
  static func squarePreprocessing(class processor: String, side: Int) -> JSON.Object {
    var object = preprocessing(class: processor, edges: (side, side))
    object["do_normalize"] = false
    object["do_pad"] = false
    object["size"] = ["height": JSON(side), "width": JSON(side)]
    return object
  }

  private static func numbered(_ names: [String]) -> JSON.Object {
    var object = JSON.Object()
    for (index, name) in names.enumerated() { object["\(index)"] = .string(name) }
    return object
  }
}

extension JSON {
  /// The members of a literal.
  fileprivate var object: Object {
    guard case .object(let object) = self else { preconditionFailure("not an object") }
    return object
  }
}
