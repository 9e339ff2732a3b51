import CheckedJSON

/// DETR with a mask head: "End-to-End Object Detection with Transformers", Carion et al., 2020, section 5.
///
/// The defaults are those of the published DETR R50 for panoptic segmentation.
public struct SyntheticPanopticDETR: SyntheticFamily {
  /// The detector.
  public var detr: SyntheticDETR

  /// Describes the published DETR R50 for panoptic segmentation.
  public init() {
    detr = SyntheticDETR()
    detr.classes = 250
  }

  /// A detector of a few ten thousand weights, for tests.
  public static let tiny: SyntheticPanopticDETR = {
    var family = SyntheticPanopticDETR()
    family.detr = .tiny
    family.detr.heads = 8
    return family
  }()

  public func check() throws(SyntheticCheckpointError) {
    try detr.check()
    // Sixteenths of the width in the last stage, heads beside the width in the first, groups of eight.
    try requireWidth(detr.width, divisor: 16, reason: "the widths of the mask head")
    try requireWidth(detr.width + detr.heads, divisor: 8, reason: "groups of the mask head's norms")
  }

  public func compose(_ plan: inout CheckpointPlan) {
    plan.prefix = "detr."
    let parts = detr.composeWithMaps(&plan)
    plan.prefix = ""
    let (width, heads) = (detr.width, detr.heads)
    plan.addLinear(
      "bbox_attention.q_linear",
      outputs: width,
      from: parts.queries,
      deviation: 1.7
    )
    plan.addLinear("bbox_attention.k_linear", outputs: width, from: parts.memory, deviation: 1.7)

    // The attention to a token is small: what follows it must be large to tell queries apart.
    let inputs = width + heads
    let weight = 1 / (Float(9 * width) * parts.tokens.variance).squareRoot()
    plan.add("mask_head.lay1.weight", [inputs, inputs, 3, 3]) { random, count in
      random.normals(count, deviation: weight).enumerated().map { index, number in
        index / 9 % inputs < width ? number : 400 * number
      }
    }
    plan.add("mask_head.lay1.bias", [inputs]) { $0.normals($1, deviation: 0.1) }
    var map = ActivationStatistics(channels: inputs, variance: 2)
    plan.addNorm("mask_head.gn1", &map)
    map = map.rectified
    for stage in 2...5 {
      let outputs = width >> (stage - 1)
      if stage > 2 {
        // From the third map of the backbone down to the first.
        map =
          map
          + plan.addLinear(
            "mask_head.adapter\(stage - 2)",
            outputs: map.channels,
            from: parts.maps[5 - stage],
            deviation: 0.8,
            kernel: 1
          )
      }
      map = plan.addLinear(
        "mask_head.lay\(stage)",
        outputs: outputs,
        from: map,
        deviation: 1,
        kernel: 3
      )
      plan.addNorm("mask_head.gn\(stage)", &map)
      map = map.rectified
    }
    plan.addLinear("mask_head.out_lay", outputs: 1, from: map, deviation: 2, kernel: 3)
  }

  public var configuration: JSON.Object {
    var object = detr.configuration
    object["architectures"] = ["DetrForSegmentation"]
    object["use_timm_backbone"] = nil
    return object
  }

  public var preprocessing: JSON.Object { detr.preprocessing }
}
