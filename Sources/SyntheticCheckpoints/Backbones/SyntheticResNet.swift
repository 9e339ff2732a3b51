/// The shape of a ResNet and whose names its tensors carry.
public struct SyntheticResNet: Sendable {
  /// What a residual block is made of.
  public enum Block: String, Sendable {
    /// Two 3×3 convolutions.
    case basic
    /// 1×1, 3×3 and 1×1; the inner width is a quarter of the outer one.
    case bottleneck
  }

  /// Whose names the tensors carry.
  public enum Naming: Sendable {
    /// Those of timm, by which released DETRs are stored; the configuration says `resnet50`.
    case timm
    /// The same inside of the module that transformers wraps around timm's, as in DAB-DETR.
    case wrappedTimm
    /// Those of the ResNet in transformers; the configuration says widths and depths.
    case transformers
    /// Those of RT-DETR's ResNet-D in transformers: three convolutions in the stem, average pools beside
    /// the blocks that halve a map.
    case rtDETR

    /// Those of torchvision, as the official repositories have them.
    case official

    /// Whether only a `backbone_config` can hold the shape.
    var needsConfiguration: Bool { self == .transformers || self == .rtDETR }
  }

  /// The kind of block, the same in all stages.
  public var block: Block
  /// Channels after the first convolution.
  public var stemWidth: Int
  /// Blocks in each of the four stages.
  public var depths: [Int]
  /// Channels that leave each of the four stages.
  public var widths: [Int]
  /// Whether the last stage is dilated instead of strided (DC5), which only timm's ResNets can be.
  public var dilatesLastStage: Bool
  /// Whose names the tensors carry.
  public var naming: Naming

  /// Describes a ResNet.
  ///
  /// - Parameters:
  ///   - block: the kind of block.
  ///   - stemWidth: channels after the first convolution.
  ///   - depths: blocks in each of the four stages.
  ///   - widths: channels that leave each of the four stages.
  ///   - dilatesLastStage: whether the last stage is dilated.
  ///   - naming: whose names the tensors carry.
  public init(
    block: Block,
    stemWidth: Int,
    depths: [Int],
    widths: [Int],
    dilatesLastStage: Bool = false,
    naming: Naming
  ) {
    self.block = block
    self.stemWidth = stemWidth
    self.depths = depths
    self.widths = widths
    self.dilatesLastStage = dilatesLastStage
    self.naming = naming
  }

  /// ResNet-50 as released DETRs have it.
  public static let resNet50 = SyntheticResNet(
    block: .bottleneck,
    stemWidth: 64,
    depths: [3, 4, 6, 3],
    widths: [256, 512, 1024, 2048],
    naming: .timm
  )

  /// ResNet-101 as released DETRs have it.
  public static let resNet101 = SyntheticResNet(
    block: .bottleneck,
    stemWidth: 64,
    depths: [3, 4, 23, 3],
    widths: [256, 512, 1024, 2048],
    naming: .timm
  )

  /// A few thousand weights, for tests.
  public static let tiny = SyntheticResNet(
    block: .basic,
    stemWidth: 16,
    depths: [1, 1, 1, 1],
    widths: [16, 24, 32, 48],
    naming: .transformers
  )

  /// The same shape under other names.
  public func named(_ naming: Naming) -> SyntheticResNet {
    var other = self
    other.naming = naming
    return other
  }

  /// The name under which timm has this shape, whatever the widths; `nil` where there is none.
  var timmName: String? {
    switch (block, depths) {
    case (.basic, [2, 2, 2, 2]): "resnet18"
    case (.basic, [3, 4, 6, 3]): "resnet34"
    case (.bottleneck, [3, 4, 6, 3]): "resnet50"
    case (.bottleneck, [3, 4, 23, 3]): "resnet101"
    case (.bottleneck, [3, 8, 36, 3]): "resnet152"
    default: nil
    }
  }

  /// Refuses a shape that no ResNet has.
  func check() throws(SyntheticCheckpointError) {
    guard depths.count == 4, widths.count == 4, depths.allSatisfy({ $0 > 0 }) else {
      throw .backboneStages(depths: depths, widths: widths)
    }
    let divisor = block == .bottleneck ? 4 : 1
    for width in [stemWidth * divisor] + widths where width <= 0 || width % divisor != 0 {
      throw .backboneWidth(found: width, divisor: divisor)
    }
    if naming == .timm || naming == .wrappedTimm, timmName == nil {
      throw .unknownBackbone(block: block, depths: depths)
    }
    if naming.needsConfiguration, dilatesLastStage { throw .dilationWithoutTimm }
  }
}
