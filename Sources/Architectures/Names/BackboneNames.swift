/// How the tensors of a ResNet are called below the name of the backbone.
enum BackboneNames: Sendable {
  /// `conv1`, `layer1.0.conv2`, `layer1.0.downsample.0`: torchvision, timm and mmdetection.
  case torchvision
  /// `embedder.embedder`, `encoder.stages.0.layers.0.layer.1`, `…shortcut`: transformers' ResNet.
  case huggingFace

  /// The tensor of a convolution or of its batch norm, or nil for modules outside the backbone.
  func tensor(_ name: WeightName) -> String? {
    switch self {
    case .torchvision: torchvision(name)
    case .huggingFace: huggingFace(name)
    }
  }

  /// What stands before the number of a block.
  func prefix(stage: Int) -> String {
    switch self {
    case .torchvision: "layer\(stage + 1)."
    case .huggingFace: "encoder.stages.\(stage).layers."
    }
  }

  private func torchvision(_ name: WeightName) -> String? {
    let convolution: String
    let norm: String
    switch name.module {
    case .stem:
      convolution = "conv1"
      norm = "bn1"
    case .convolution(let stage, let block, let index):
      convolution = "layer\(stage + 1).\(block).conv\(index + 1)"
      norm = "layer\(stage + 1).\(block).bn\(index + 1)"
    case .shortcut(let stage, let block):
      convolution = "layer\(stage + 1).\(block).downsample.0"
      norm = "layer\(stage + 1).\(block).downsample.1"
    default: return nil
    }
    return Self.tensor(name.parameter, convolution: convolution, norm: norm)
  }

  private func huggingFace(_ name: WeightName) -> String? {
    let unit: String
    switch name.module {
    case .stem: unit = "embedder.embedder"
    case .convolution(let stage, let block, let index):
      unit = "encoder.stages.\(stage).layers.\(block).layer.\(index)"
    case .shortcut(let stage, let block):
      unit = "encoder.stages.\(stage).layers.\(block).shortcut"
    default: return nil
    }
    return Self.tensor(
      name.parameter,
      convolution: "\(unit).convolution",
      norm: "\(unit).normalization"
    )
  }

  private static func tensor(
    _ parameter: Parameter,
    convolution: String,
    norm: String
  ) -> String {
    switch parameter {
    case .weight: "\(convolution).weight"
    case .bias: "\(convolution).bias"
    case .normGain: "\(norm).weight"
    case .normBias: "\(norm).bias"
    case .normMean: "\(norm).running_mean"
    case .normVariance: "\(norm).running_var"
    }
  }
}
