/// The names of DETR's mask head, which stand beside those of the detector.
///
/// The official repository's are also those that transformers 4.x and 5.x store; inside, transformers 5.x has others.
enum MaskHeadNames {
  /// The names of an array of the mask head, as stored first; nil for other modules.
  ///
  /// - Parameter name: the array.
  /// - Returns: groups as those of a ``TensorNaming``, without a prefix.
  static func groups(of name: WeightName) -> [[String]]? {
    let suffix = name.parameter == .bias ? "bias" : "weight"
    guard let (stored, other) = modules(name.module) else { return nil }
    return [["\(stored).\(suffix)"], ["\(other).\(suffix)"]]
  }

  /// What stands before the names of the mask head where the detector's names begin with a prefix.
  ///
  /// - Parameter detector: such as `module.detr.`.
  /// - Returns: such as `module.`.
  static func prefix(besideDetector detector: String) -> String {
    detector.hasSuffix("detr.") ? String(detector.dropLast(5)) : detector
  }

  private static func modules(_ module: Module) -> (stored: String, other: String)? {
    switch module {
    case .maskAttention(.query): ("bbox_attention.q_linear", "bbox_attention.q_proj")
    case .maskAttention: ("bbox_attention.k_linear", "bbox_attention.k_proj")
    case .maskConvolution(let index): ("mask_head.lay\(index + 1)", "\(block(index)).conv")
    case .maskNorm(let index): ("mask_head.gn\(index + 1)", "\(block(index)).norm")
    case .maskAdapter(let index):
      ("mask_head.adapter\(index + 1)", "mask_head.fpn_stages.\(index).fpn_adapter")
    case .maskOutput: ("mask_head.out_lay", "mask_head.output_conv")
    default: nil
    }
  }

  private static func block(_ index: Int) -> String {
    index < 2 ? "mask_head.conv\(index + 1)" : "mask_head.fpn_stages.\(index - 2).refine"
  }
}
