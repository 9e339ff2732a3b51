import Evaluation
import Report
import Vision

/// The photographs on which two models differ most, with what both found.
struct ExampleCollection {
  /// How many photographs a page shows.
  static let limit = 6
  /// Pairs are drawn where one of the two scores reaches this; what one model found alone, from 0.3 on.
  static let threshold = 0.5

  /// Reduced photographs, in the order in which they were seen.
  private var pictures: [Image] = []

  mutating func add(_ photograph: DecodedPhotograph) {
    let image = photograph.image
    let side = max(image.width, image.height)
    guard side > ExampleSection.pictureSide else { return pictures.append(image) }
    func scaled(_ length: Int) -> Int { max(1, length * ExampleSection.pictureSide / side) }
    pictures.append(image.resized(width: scaled(image.width), height: scaled(image.height)))
  }

  /// The examples of the page.
  ///
  /// - Parameters:
  ///   - outcome: what both models found on the same photographs.
  ///   - classes: the names of the classes.
  /// - Returns: the photographs on which the models differ most, worst first.
  func section(_ outcome: PairedRun.Outcome, classes: [String]) -> ExampleSection {
    var examples: [(difference: Double, example: ExampleSection.Example)] = []
    for (place, image) in outcome.images.enumerated() where place < pictures.count {
      let float = outcome.float.found[place].objects
      let integer = outcome.integer.found[place].objects
      let agreement = Agreement(
        float: float.map(Self.detection),
        integer: integer.map(Self.detection)
      )
      let shift = agreement.all.scoreDifference ?? 0
      let (lost, added) = (agreement.all.unmatchedFloat, agreement.extra)
      // Both sides of a pair are drawn where one of them is: a score that crosses the threshold is
      // no detection lost.
      var shownFloat = Set(lost)
      var shownInteger = Set(added)
      for pair in agreement.all.pairs
      where max(float[pair.float].score, integer[pair.integer].score) >= Self.threshold {
        shownFloat.insert(pair.float)
        shownInteger.insert(pair.integer)
      }
      let example = ExampleSection.Example(
        name: image.fileName ?? "photograph \(place)",
        note: "\(agreement.all.pairs.count) of \(agreement.all.floatCount) float detections from "
          + "\(Agreement.scoreThreshold) on found again, \(added.count) added; "
          + "score difference \(shift.formatted(digits: 4)), "
          + "mean IoU \((agreement.all.meanOverlap ?? 0).formatted(digits: 3))",
        picture: pictures[place],
        width: image.width ?? pictures[place].width,
        height: image.height ?? pictures[place].height,
        float: Self.objects(float, shownFloat, alone: lost),
        integer: Self.objects(integer, shownInteger, alone: added)
      )
      examples.append((Double(lost.count + added.count) + shift, example))
    }
    let shown = examples.enumerated()
      .sorted { ($1.element.difference, $0.offset) < ($0.element.difference, $1.offset) }
      .prefix(Self.limit)
    return ExampleSection(
      examples: shown.map(\.element.example),
      classes: classes,
      note: "The \(shown.count) of \(examples.count) photographs on which the two models differ "
        + "most, worst first. Boxes from a score of \(Self.threshold) on in one of the two, with the score in percent."
    )
  }

  private static func objects(
    _ found: [FoundObject],
    _ shown: Set<Int>,
    alone: [Int]
  ) -> [ExampleSection.Object] {
    shown.sorted().map { index in
      let object = found[index]
      return ExampleSection.Object(
        label: object.label,
        score: object.score,
        x: object.x,
        y: object.y,
        width: object.width,
        height: object.height,
        hasPartner: !alone.contains(index)
      )
    }
  }

  private static func detection(_ object: FoundObject) -> Detection {
    Detection(
      imageID: 0,
      categoryID: object.label,
      x: object.x,
      y: object.y,
      width: object.width,
      height: object.height,
      score: object.score
    )
  }
}
