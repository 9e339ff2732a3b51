import CheckedJSON

/// What an integer model costs against its float model, on annotated photographs.
///
///     let comparison = try Comparison(annotations: annotations, float: float, integer: integer)
///     comparison.averagePrecisionDrop      // 0.0312: 3.12 of 100
///     comparison.agreement.all.matchedShare
///     comparison.bootstrap().interval      // where the drop would lie on other such photographs
public struct Comparison: Sendable {
  /// The float model against the annotations.
  public let float: CocoEvaluation
  /// The integer model against the annotations.
  public let integer: CocoEvaluation
  /// The two against one another.
  public let agreement: Agreement

  /// Compares two sets of detections.
  ///
  /// - Parameters:
  ///   - annotations: the ground truth.
  ///   - float: the float model's detections, without a threshold.
  ///   - integer: the integer model's detections, without a threshold.
  ///   - floatSource: the name of the file that the float detections are from, for errors.
  ///   - integerSource: the same for the integer detections.
  /// - Throws: `JSONError` as `CocoEvaluation`.
  public init(
    annotations: CocoAnnotations,
    float: [Detection],
    integer: [Detection],
    floatSource: String = "float detections",
    integerSource: String = "integer detections"
  ) throws(JSONError) {
    self.float = try CocoEvaluation(
      annotations: annotations,
      detections: float,
      source: floatSource
    )
    self.integer = try CocoEvaluation(
      annotations: annotations,
      detections: integer,
      source: integerSource
    )
    agreement = Agreement(float: float, integer: integer)
  }

  /// Average precision of the float model minus that of the integer model, 0…1; `nil` where the
  /// annotations have no object.
  public var averagePrecisionDrop: Double? {
    let (one, other) = (float.metrics[.averagePrecision], integer.metrics[.averagePrecision])
    return one < 0 || other < 0 ? nil : one - other
  }

  /// How much the drop hangs on the choice of photographs.
  ///
  /// - Parameters:
  ///   - draws: how often photographs are drawn.
  ///   - seed: the same seed gives the same interval.
  /// - Returns: the distribution of the drop, or `nil` where the annotations have no object.
  public func bootstrap(draws: Int = 1000, seed: UInt64 = 1) -> PairedBootstrap? {
    PairedBootstrap(float, integer, draws: draws, seed: seed)
  }

  /// The report for `--json`: the drop, the agreement, and both evaluations.
  public var json: JSON {
    [
      "AP_drop": averagePrecisionDrop.map(JSON.double) ?? .null,
      "agreement": agreement.json,
      "float": float.json,
      "integer": integer.json,
    ]
  }
}
