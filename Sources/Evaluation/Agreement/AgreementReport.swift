import CheckedJSON

/// The measures of agreement between a float and an integer run over the same pictures.
public struct AgreementReport: Sendable {
  /// Float detections from score 0.3 on, against all integer detections: matched share, score
  /// difference, mean IoU.
  public let all: DetectionAgreement

  /// The same against integer detections from score 0.3 on only: no low-scoring duplicate can stand
  /// in for a detection that was lost.
  public let thresholded: DetectionAgreement

  /// Float detections from score 0.6 on, against all integer detections.
  public let confident: DetectionAgreement

  /// All float detections, against integer detections from score 0.3 on: its extra share tells how
  /// many of those nothing in the float run explains.
  public let surplus: DetectionAgreement

  /// The score from which a detection counts.
  public static let scoreThreshold = 0.3
  /// The score from which a detection counts as confident.
  public static let confidentThreshold = 0.6

  /// Compares two runs.
  ///
  /// - Parameters:
  ///   - float: the detections of the float model, 100 a picture.
  ///   - integer: the detections of the integer model, 100 a picture.
  public init(float: [Detection], integer: [Detection]) {
    all = DetectionAgreement(
      reference: float,
      tested: integer,
      referenceThreshold: Self.scoreThreshold
    )
    thresholded = DetectionAgreement(
      reference: float,
      tested: integer,
      referenceThreshold: Self.scoreThreshold,
      testedThreshold: Self.scoreThreshold
    )
    confident = DetectionAgreement(
      reference: float,
      tested: integer,
      referenceThreshold: Self.confidentThreshold
    )
    surplus = DetectionAgreement(
      reference: float,
      tested: integer,
      testedThreshold: Self.scoreThreshold
    )
  }

  /// The figures for `--json`.
  public var json: JSON {
    func figures(_ agreement: DetectionAgreement) -> JSON {
      [
        "reference_detections": JSON(agreement.referenceCount),
        "tested_detections": JSON(agreement.testedCount),
        "matched_share": .double(agreement.matchedShare),
        "mean_score_difference": .double(agreement.scoreDifference),
        "mean_iou": .double(agreement.meanOverlap),
      ]
    }
    return [
      "all": figures(all), "t30": figures(thresholded), "f60": figures(confident),
      "extra_share": .double(surplus.extraShare),
    ]
  }
}
