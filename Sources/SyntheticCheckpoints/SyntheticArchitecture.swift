/// A published detector, or a small one for tests, by its name.
public struct SyntheticArchitecture: Sendable {
  /// What the command line calls it.
  public let name: String
  /// What it is, in a few words.
  public let summary: String
  /// Its options.
  public let family: any SyntheticFamily

  /// Finds an architecture.
  ///
  /// - Parameter name: one of those in ``all``.
  /// - Throws: ``SyntheticCheckpointError/unknownArchitecture(found:)``.
  public init(named name: String) throws(SyntheticCheckpointError) {
    guard let found = Self.all.first(where: { $0.name == name }) else {
      throw .unknownArchitecture(found: name)
    }
    self = found
  }

  private init(_ name: String, _ summary: String, _ family: some SyntheticFamily) {
    self.name = name
    self.summary = summary
    self.family = family
  }

  /// All architectures, family by family.
  public static let all: [SyntheticArchitecture] = [
    .init("detr-r50", "DETR, ResNet-50", SyntheticDETR()),
    .init("detr-r50-dc5", "DETR, ResNet-50, last stage dilated", detr(dilatesLastStage: true)),
    .init("detr-r101", "DETR, ResNet-101", detr(.resNet101)),
    .init("detr-tiny", "DETR of 0.1 M weights", SyntheticDETR.tiny),
    .init("deformable-detr-r50", "Deformable DETR, four levels", SyntheticDeformableDETR()),
    .init("deformable-detr-r50-single-scale", "the same, one level", deformable(levels: 1)),
    .init("deformable-detr-r50-refine", "boxes refined by each layer", deformable(.refined)),
    .init("deformable-detr-r50-two-stage", "boxes proposed, then refined", deformable(.twoStage)),
    .init("deformable-detr-tiny", "Deformable DETR of 0.3 M weights", SyntheticDeformableDETR.tiny),
    .init("deformable-detr-tiny-two-stage", "the same, two-stage", tiny(.twoStage)),
    .init("rtdetr-r18", "RT-DETR, ResNet-18-D", SyntheticRTDETR.resNet18),
    .init("rtdetr-r50", "RT-DETR, ResNet-50-D", SyntheticRTDETR.resNet50),
    .init("rtdetrv2-r18", "RT-DETRv2, ResNet-18-D", SyntheticRTDETR.resNet18.secondVersion()),
    .init("rtdetrv2-r50", "RT-DETRv2, ResNet-50-D", SyntheticRTDETR.resNet50.secondVersion()),
    .init("rtdetr-tiny", "RT-DETR of 0.2 M weights", SyntheticRTDETR.tiny),
    .init("rtdetrv2-tiny", "the same, v2, discrete points", tinyDiscrete),
    .init("smca-detr-r50", "SMCA-DETR, one level", SyntheticSMCADETR()),
    .init("smca-detr-tiny", "SMCA-DETR of 0.1 M weights", SyntheticSMCADETR.tiny),
    .init("sam-detr-r50", "SAM-DETR, one level", SyntheticSAMDETR()),
    .init("sam-detr-smca-r50", "SAM-DETR with SMCA", modulated(SyntheticSAMDETR())),
    .init("sam-detr-tiny", "SAM-DETR of 0.2 M weights", SyntheticSAMDETR.tiny),
    .init("sam-detr-smca-tiny", "the same with SMCA", modulated(SyntheticSAMDETR.tiny)),
  ]

  private static let tinyDiscrete: SyntheticRTDETR = {
    var family = SyntheticRTDETR.tiny.secondVersion()
    family.isDiscrete = true
    return family
  }()

  private static func detr(
    _ backbone: SyntheticResNet = .resNet50,
    dilatesLastStage: Bool = false
  ) -> SyntheticDETR {
    var family = SyntheticDETR()
    family.backbone = backbone
    family.backbone.dilatesLastStage = dilatesLastStage
    return family
  }

  private static func modulated(_ family: SyntheticSAMDETR) -> SyntheticSAMDETR {
    var family = family
    family.isModulated = true
    return family
  }

  private static func deformable(
    _ boxes: SyntheticDeformableDETR.Boxes = .once,
    levels: Int = 4
  ) -> SyntheticDeformableDETR {
    var family = SyntheticDeformableDETR()
    family.boxes = boxes
    family.levels = levels
    return family
  }

  private static func tiny(_ boxes: SyntheticDeformableDETR.Boxes) -> SyntheticDeformableDETR {
    var family = SyntheticDeformableDETR.tiny
    family.boxes = boxes
    return family
  }
}
