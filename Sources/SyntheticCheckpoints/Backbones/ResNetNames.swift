/// What the parts of a ResNet are called in a checkpoint of transformers.
struct ResNetNames {
  let naming: SyntheticResNet.Naming

  /// A convolution and the batch norm after it.
  struct Pair {
    /// The weights of the convolution.
    let weights: String
    /// What the four arrays of the norm begin with.
    let norm: String
  }

  private var prefix: String {
    switch naming {
    case .timm, .transformers: "model.backbone.conv_encoder.model."
    case .wrappedTimm: "model.backbone.conv_encoder.model._backbone."
    case .rtDETR: "model.backbone.model."
    case .official: "backbone.0.body."
    }
  }

  var stem: Pair {
    switch naming {
    case .timm, .wrappedTimm, .official: pair(convolution: "conv1", norm: "bn1")
    case .transformers, .rtDETR: pair(below: "embedder.embedder")
    }
  }

  /// A convolution of the stem of ResNet-D.
  func stem(_ index: Int) -> Pair { pair(below: "embedder.embedder.\(index)") }

  /// The convolution behind an average pool.
  func pooledShortcut(stage: Int, block: Int) -> Pair {
    pair(below: "\(self.block(stage: stage, block: block)).shortcut.1")
  }

  func convolution(stage: Int, block: Int, index: Int) -> Pair {
    let place = self.block(stage: stage, block: block)
    return switch naming {
    case .timm, .wrappedTimm, .official:
      pair(convolution: "\(place).conv\(index + 1)", norm: "\(place).bn\(index + 1)")
    case .transformers, .rtDETR: pair(below: "\(place).layer.\(index)")
    }
  }

  func shortcut(stage: Int, block: Int) -> Pair {
    let place = self.block(stage: stage, block: block)
    return switch naming {
    case .timm, .wrappedTimm, .official:
      pair(convolution: "\(place).downsample.0", norm: "\(place).downsample.1")
    case .transformers, .rtDETR: pair(below: "\(place).shortcut")
    }
  }

  private func block(stage: Int, block: Int) -> String {
    switch naming {
    case .timm, .wrappedTimm, .official: "layer\(stage + 1).\(block)"
    case .transformers, .rtDETR: "encoder.stages.\(stage).layers.\(block)"
    }
  }

  private func pair(convolution: String, norm: String) -> Pair {
    Pair(weights: "\(prefix)\(convolution).weight", norm: prefix + norm)
  }

  private func pair(below place: String) -> Pair {
    pair(convolution: "\(place).convolution", norm: "\(place).normalization")
  }
}
