import Foundation

/// A box as DETR predicts it: centre, width and height as shares of the picture's sides.
public struct NormalizedBox: Hashable, Sendable {
  /// The centre from the left.
  public var centerX: Double
  /// The centre from the top.
  public var centerY: Double
  /// The width.
  public var width: Double
  /// The height.
  public var height: Double

  /// Makes a box.
  ///
  /// - Parameters:
  ///   - centerX: the centre from the left.
  ///   - centerY: the centre from the top.
  ///   - width: the width.
  ///   - height: the height.
  public init(centerX: Double, centerY: Double, width: Double, height: Double) {
    self.centerX = centerX
    self.centerY = centerY
    self.width = width
    self.height = height
  }

  /// The sum of the absolute differences of the four numbers.
  ///
  /// - Parameter other: another box.
  /// - Returns: 0 for equal boxes.
  public func l1Distance(to other: NormalizedBox) -> Double {
    abs(centerX - other.centerX) + abs(centerY - other.centerY) + abs(width - other.width)
      + abs(height - other.height)
  }

  /// Intersection over union, less the share of the enclosing rectangle that neither box covers
  /// (Rezatofighi and others 2019).
  ///
  /// - Parameter other: another box.
  /// - Returns: 1 for equal boxes, down to -1 for boxes far apart.
  public func generalizedOverlap(with other: NormalizedBox) -> Double {
    func range(_ center: Double, _ extent: Double) -> (lower: Double, upper: Double) {
      (center - max(extent, 0) / 2, center + max(extent, 0) / 2)
    }
    let (x1, x2) = (range(centerX, width), range(other.centerX, other.width))
    let (y1, y2) = (range(centerY, height), range(other.centerY, other.height))
    let intersection =
      max(0, min(x1.upper, x2.upper) - max(x1.lower, x2.lower))
      * max(0, min(y1.upper, y2.upper) - max(y1.lower, y2.lower))
    let union =
      (x1.upper - x1.lower) * (y1.upper - y1.lower)
      + (x2.upper - x2.lower) * (y2.upper - y2.lower) - intersection
    let hull =
      (max(x1.upper, x2.upper) - min(x1.lower, x2.lower))
      * (max(y1.upper, y2.upper) - min(y1.lower, y2.lower))
    // Boxes without area: equal ones agree wholly, others not at all.
    guard union > 0, hull > 0 else { return self == other ? 1 : -1 }
    return intersection / union - (hull - union) / hull
  }
}

/// DETR's own comparison of sets: objects are assigned to queries so that class cost, L1 distance
/// and generalised overlap together cost least (Carion and others 2020, section 3.1).
///
/// To compare an integer run with a float run, the confident queries of the float run are the
/// targets and all queries of the integer run the predictions.
public struct SetMatching: Sendable {
  /// One query of a detector.
  public struct Prediction: Sendable {
    /// The probability of each class, after softmax or sigmoid.
    public var probabilities: [Double]
    /// The box.
    public var box: NormalizedBox

    /// Makes a query.
    ///
    /// - Parameters:
    ///   - probabilities: of each class.
    ///   - box: its box.
    public init(probabilities: [Double], box: NormalizedBox) {
      self.probabilities = probabilities
      self.box = box
    }
  }

  /// One object to be found.
  public struct Target: Sendable {
    /// The class, an index into the probabilities.
    public var category: Int
    /// The box.
    public var box: NormalizedBox

    /// Makes an object.
    ///
    /// - Parameters:
    ///   - category: its class.
    ///   - box: its box.
    public init(category: Int, box: NormalizedBox) {
      self.category = category
      self.box = box
    }
  }

  /// How the cost of a class depends on its probability p.
  public enum ClassCost: Sendable {
    /// -p, as in DETR, whose probabilities are those of a softmax.
    case probability
    /// The focal cost of Deformable DETR (α 0.25, γ 2), whose probabilities are sigmoids:
    /// `-α (1-p)^γ log(p + 1e-8) + (1-α) p^γ log(1 - p + 1e-8)`.
    case focal
  }

  /// How much each part of the cost counts.
  public struct Weights: Sendable {
    /// The class.
    public var category: Double
    /// The L1 distance.
    public var l1: Double
    /// The generalised overlap.
    public var generalizedOverlap: Double

    /// Makes weights.
    ///
    /// - Parameters:
    ///   - category: that of the class.
    ///   - l1: that of the distance.
    ///   - generalizedOverlap: that of the overlap.
    public init(category: Double, l1: Double, generalizedOverlap: Double) {
      self.category = category
      self.l1 = l1
      self.generalizedOverlap = generalizedOverlap
    }

    /// DETR's weights: 1, 5, 2.
    public static let detr = Weights(category: 1, l1: 5, generalizedOverlap: 2)
    /// Deformable DETR's weights: 2, 5, 2.
    public static let deformableDETR = Weights(category: 2, l1: 5, generalizedOverlap: 2)
  }

  /// The target and the prediction of each pair, by rising target.
  public let pairs: [(target: Int, prediction: Int)]
  /// The sum of the costs of the pairs.
  public let totalCost: Double
  /// The mean probability that predictions give to the classes of their targets, 1 without pairs.
  public let meanProbability: Double
  /// The mean L1 distance of the boxes, 0 without pairs.
  public let meanL1: Double
  /// The mean generalised overlap of the boxes, 1 without pairs.
  public let meanGeneralizedOverlap: Double

  /// Assigns each target a prediction of its own, or each prediction a target when those are fewer.
  ///
  /// - Parameters:
  ///   - targets: what is to be found; classes must be indices into the probabilities.
  ///   - predictions: all queries; those with NaN are chosen last.
  ///   - classCost: how the class counts.
  ///   - weights: how much each part counts.
  public init(
    targets: [Target],
    predictions: [Prediction],
    classCost: ClassCost,
    weights: Weights
  ) {
    // What is not a number must not be chosen, and must not stop the search.
    func finite(_ cost: Double) -> Double { cost.isFinite ? cost : 1e12 }
    func cost(_ target: Target, _ prediction: Prediction) -> Double {
      weights.category * Self.cost(of: prediction.probabilities[target.category], classCost)
        + weights.l1 * target.box.l1Distance(to: prediction.box)
        - weights.generalizedOverlap * target.box.generalizedOverlap(with: prediction.box)
    }
    var pairs: [(target: Int, prediction: Int)] = []
    if targets.count <= predictions.count {
      let costs = targets.flatMap { target in predictions.map { finite(cost(target, $0)) } }
      let columns = LinearAssignment.solve(
        cost: costs,
        rows: targets.count,
        columns: predictions.count
      )
      pairs = columns.enumerated().map { ($0, $1) }
    } else {
      let costs = predictions.flatMap { prediction in targets.map { finite(cost($0, prediction)) } }
      let columns = LinearAssignment.solve(
        cost: costs,
        rows: predictions.count,
        columns: targets.count
      )
      pairs = columns.enumerated().map { ($1, $0) }.sorted { $0.0 < $1.0 }
    }
    self.pairs = pairs
    func mean(_ value: (Target, Prediction) -> Double, empty: Double) -> Double {
      guard !pairs.isEmpty else { return empty }
      let sum = pairs.reduce(0) { $0 + value(targets[$1.target], predictions[$1.prediction]) }
      return sum / Double(pairs.count)
    }
    totalCost = mean(cost, empty: 0) * Double(pairs.count)
    meanProbability = mean({ $1.probabilities[$0.category] }, empty: 1)
    meanL1 = mean({ $0.box.l1Distance(to: $1.box) }, empty: 0)
    meanGeneralizedOverlap = mean({ $0.box.generalizedOverlap(with: $1.box) }, empty: 1)
  }

  private static func cost(of probability: Double, _ classCost: ClassCost) -> Double {
    switch classCost {
    case .probability: return -probability
    case .focal:
      let absent = 0.75 * probability * probability * -log(1 - probability + 1e-8)
      let present = 0.25 * (1 - probability) * (1 - probability) * -log(probability + 1e-8)
      return present - absent
    }
  }
}
