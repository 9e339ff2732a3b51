import Foundation

/// DETR's set matching: each target gets a prediction of its own so that the sum of costs is least.
///
/// The cost of a pair weighs three terms: how little the prediction believes in the target's class,
/// the L1 distance of the boxes as centre and size in 0…1, and minus their generalised intersection
/// over union. Carion et al., "End-to-end object detection with transformers", ECCV 2020, section 3.1;
/// the focal class cost is the one with which Deformable DETR is trained (Zhu et al., ICLR 2021).
///
///     let matching = SetMatching(
///       probabilities: scores, classCount: 91, boxes: boxes,
///       targetClasses: [17, 3], targetBoxes: targets)
///     matching.pairs      // one for each target, as far as there are predictions
public struct SetMatching: Sendable {
  /// How the class enters the cost.
  public enum ClassCost: Hashable, Sendable {
    /// Minus the probability of the target's class: DETR.
    case probability
    /// The focal loss of a hit minus that of a miss, α = 0.25, γ = 2: Deformable DETR.
    case focal
  }

  /// The weights of the three terms and the form of the first.
  public struct Cost: Hashable, Sendable {
    /// How the class enters.
    public var classCost: ClassCost
    /// The weight of the class term.
    public var classWeight: Double
    /// The weight of the L1 distance of the boxes.
    public var distanceWeight: Double
    /// The weight of the generalised intersection over union.
    public var overlapWeight: Double

    /// Makes a cost.
    ///
    /// - Parameters:
    ///   - classCost: how the class enters.
    ///   - classWeight: the weight of the class term.
    ///   - distanceWeight: the weight of the L1 distance.
    ///   - overlapWeight: the weight of the generalised intersection over union.
    public init(
      classCost: ClassCost,
      classWeight: Double,
      distanceWeight: Double,
      overlapWeight: Double
    ) {
      self.classCost = classCost
      self.classWeight = classWeight
      self.distanceWeight = distanceWeight
      self.overlapWeight = overlapWeight
    }

    /// DETR's: probability, weights 1, 5, 2.
    public static let detr = Cost(
      classCost: .probability,
      classWeight: 1,
      distanceWeight: 5,
      overlapWeight: 2
    )
    /// Deformable DETR's: focal, weights 2, 5, 2.
    public static let deformableDetr = Cost(
      classCost: .focal,
      classWeight: 2,
      distanceWeight: 5,
      overlapWeight: 2
    )
  }

  /// A target and its prediction.
  public struct Pair: Hashable, Sendable {
    /// The index of the prediction.
    public var prediction: Int
    /// The index of the target.
    public var target: Int
    /// The class term without its weight.
    public var classCost: Double
    /// The L1 distance of the boxes.
    public var distance: Double
    /// Their generalised intersection over union.
    public var generalizedOverlap: Double
    /// The weighted sum.
    public var cost: Double
  }

  /// The pairs by rising target; the lesser of the two counts.
  public let pairs: [Pair]

  /// The sum of the pairs' costs, the least that is possible.
  public var cost: Double { pairs.reduce(0) { $0 + $1.cost } }

  /// Matches predictions with targets.
  ///
  /// - Parameters:
  ///   - probabilities: of each prediction for each class, [predictions, classes], 0…1.
  ///   - classCount: the number of classes.
  ///   - boxes: of each prediction.
  ///   - targetClasses: the class of each target, below `classCount`.
  ///   - targetBoxes: the box of each target.
  ///   - cost: the weights.
  public init(
    probabilities: [Double],
    classCount: Int,
    boxes: [CenterBox],
    targetClasses: [Int],
    targetBoxes: [CenterBox],
    cost: Cost = .detr
  ) {
    precondition(probabilities.count == boxes.count * classCount, "[predictions, classes]")
    precondition(targetClasses.count == targetBoxes.count, "a class and a box for each target")
    precondition(targetClasses.allSatisfy { (0..<classCount).contains($0) }, "classes in range")
    self.init(boxes, targetBoxes, cost) { prediction, target in
      probabilities[prediction * classCount + targetClasses[target]]
    }
  }

  /// Matches the detections of one photograph by two models.
  ///
  /// A detection is a prediction that gives its own category its score and every other category 0.
  ///
  /// - Parameters:
  ///   - predictions: the detections that are to be found again, for instance of the integer model.
  ///   - targets: those that they are held against, for instance the float model's above a threshold.
  ///   - imageWidth: the photograph's width in pixels, more than 0.
  ///   - imageHeight: the photograph's height in pixels, more than 0.
  ///   - cost: the weights.
  public init(
    predictions: [Detection],
    targets: [Detection],
    imageWidth: Int,
    imageHeight: Int,
    cost: Cost = .detr
  ) {
    func normalized(_ detection: Detection) -> CenterBox {
      CenterBox(detection.box, imageWidth: imageWidth, imageHeight: imageHeight)
    }
    self.init(predictions.map(normalized), targets.map(normalized), cost) { prediction, target in
      let (one, other) = (predictions[prediction], targets[target])
      return one.categoryID == other.categoryID ? one.score : 0
    }
  }

  private init(
    _ boxes: [CenterBox],
    _ targetBoxes: [CenterBox],
    _ cost: Cost,
    probability: (Int, Int) -> Double
  ) {
    var table: [Double] = []
    table.reserveCapacity(boxes.count * targetBoxes.count)
    func pair(_ prediction: Int, _ target: Int) -> Pair {
      let (one, other) = (boxes[prediction], targetBoxes[target])
      var pair = Pair(
        prediction: prediction,
        target: target,
        classCost: cost.classCost.value(probability(prediction, target)),
        distance: one.distance(to: other),
        generalizedOverlap: one.generalizedIntersectionOverUnion(with: other),
        cost: 0
      )
      pair.cost =
        cost.classWeight * pair.classCost + cost.distanceWeight * pair.distance
        - cost.overlapWeight * pair.generalizedOverlap
      return pair
    }
    for target in targetBoxes.indices {
      for prediction in boxes.indices {
        // Boxes from a file may be so large that their area is infinite.
        let cost = pair(prediction, target).cost
        table.append(
          cost.isFinite ? min(max(cost, -Self.largestCost), Self.largestCost) : Self.largestCost
        )
      }
    }
    let choice = LinearAssignment.solve(table, rows: targetBoxes.count, columns: boxes.count)
    pairs = choice.enumerated().compactMap { target, prediction in
      prediction.map { pair($0, target) }
    }
  }

  private static let largestCost = 1e12
}

extension SetMatching.ClassCost {
  /// The class term for a prediction that gives the target's class a probability.
  fileprivate func value(_ probability: Double) -> Double {
    switch self {
    case .probability: return -probability
    case .focal:
      // The 1e-8 is the matcher's own, against the logarithm of 0.
      let miss = 1 - probability
      let hitLoss = 0.25 * miss * miss * -log(probability + 1e-8)
      let missLoss = 0.75 * probability * probability * -log(miss + 1e-8)
      return hitLoss - missLoss
    }
  }
}
