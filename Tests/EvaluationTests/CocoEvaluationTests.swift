import CheckedJSON
import Testing

@testable import Evaluation

@Suite("COCO figures")
struct CocoEvaluationTests {
  @Test("random sets have the figures of the definition written out", arguments: 0..<24)
  func definition(seed: Int) throws {
    let isDense = seed % 8 == 7
    let set = try RandomCocoSet(
      seed: UInt64(seed),
      images: isDense ? 2 : 8,
      categories: isDense ? 1 : 3,
      largestCount: isDense ? 160 : 14
    )
    let evaluation = try CocoEvaluation(annotations: set.annotations, detections: set.detections)
    let direct = DirectCocoEvaluation(set.annotations, set.detections)
    for metric in CocoMetric.allCases {
      let value = try #require(direct.metrics[metric])
      #expect(abs(evaluation.metrics[metric] - value) < 1e-12, "\(metric.rawValue), seed \(seed)")
    }
    for category in evaluation.categories {
      let value = try #require(direct.categoryPrecision[category.id])
      #expect(
        abs(category.averagePrecision - value) < 1e-12,
        "category \(category.id), seed \(seed)"
      )
    }
  }

  @Test("perfect detections have the value 1 and absent kinds -1")
  func perfect() throws {
    let evaluation = try Self.evaluate(
      [Self.object(1, image: 1, side: 20), Self.object(2, image: 2, side: 30)],
      [
        Self.detection(image: 1, side: 20, score: 0.9),
        Self.detection(image: 2, side: 30, score: 0.8),
      ]
    )
    for metric in CocoMetric.allCases {
      let isAbsent = metric.rawValue.hasSuffix("medium") || metric.rawValue.hasSuffix("large")
      #expect(evaluation.metrics[metric] == (isAbsent ? -1 : 1), "\(metric.rawValue)")
    }
  }

  @Test("without ground truth every figure is -1")
  func nothing() throws {
    let evaluation = try Self.evaluate([], [Self.detection(image: 1, side: 20, score: 0.9)])
    #expect(CocoMetric.allCases.allSatisfy { evaluation.metrics[$0] == -1 })
    #expect(evaluation.categories.map(\.averagePrecision) == [-1])
  }

  @Test("a wrong detection before a right one halves precision")
  func wrongFirst() throws {
    let evaluation = try Self.evaluate(
      [Self.object(1, image: 1, side: 20)],
      [
        Self.detection(image: 2, side: 20, score: 0.9),
        Self.detection(image: 1, side: 20, score: 0.8),
      ]
    )
    #expect(abs(evaluation.metrics[.averagePrecision] - 0.5) < 1e-12)
    #expect(evaluation.metrics[.averageRecall1] == 1)
  }

  @Test("among equal scores of a photograph the first of the file wins")
  func equalScores() throws {
    // Both overlap enough for 0.5, only the first for all thresholds.
    let exact = Self.detection(image: 1, side: 20, score: 0.5)
    var loose = exact
    loose.width = 12
    let objects = [Self.object(1, image: 1, side: 20)]
    #expect(try Self.evaluate(objects, [exact, loose]).metrics[.averageRecall1] == 1)
    let second = try Self.evaluate(objects, [loose, exact]).metrics[.averageRecall1]
    #expect(abs(second - 0.3) < 1e-12)
  }

  @Test("detections inside a crowd are neither right nor wrong")
  func crowd() throws {
    let crowd = CocoAnnotations.Annotation(
      id: 2,
      imageID: 1,
      categoryID: 5,
      box: BoundingBox(x: 50, y: 50, width: 100, height: 100),
      isCrowd: true
    )
    let inside = (0..<3).map { index in
      Detection(
        imageID: 1,
        categoryID: 5,
        x: 60 + 10 * Double(index),
        y: 60,
        width: 20,
        height: 20,
        score: 0.9
      )
    }
    let evaluation = try Self.evaluate(
      [Self.object(1, image: 1, side: 20), crowd],
      inside + [Self.detection(image: 1, side: 20, score: 0.1)]
    )
    #expect(abs(evaluation.metrics[.averagePrecision] - 1) < 1e-12)
    #expect(evaluation.categories.map(\.objectCount) == [1])
  }

  @Test("an annotation with the id 0 is never found, as in pycocotools")
  func idZero() throws {
    let evaluation = try Self.evaluate(
      [Self.object(0, image: 1, side: 20)],
      [Self.detection(image: 1, side: 20, score: 0.9)]
    )
    #expect(evaluation.metrics[.averagePrecision] == 0)
    #expect(evaluation.metrics[.averageRecall100] == 0)
  }

  @Test("a detection in a photograph that is not listed is refused by name")
  func unknownImage() throws {
    #expect {
      try Self.evaluate(
        [],
        [Self.detection(image: 1, side: 2, score: 1), Self.detection(image: 77, side: 2, score: 1)]
      )
    } throws: {
      "\($0)"
        == "found.json: '[1].image_id': expected the id of an image in truth.json, found 77"
    }
  }

  @Test("a number that is not finite is refused", arguments: [Double.nan, .infinity])
  func notFinite(number: Double) throws {
    var detections = [Self.detection(image: 1, side: 2, score: number)]
    #expect(throws: JSONError.self) { try Self.evaluate([], detections) }
    detections = [Self.detection(image: 1, side: number, score: 1)]
    #expect(throws: JSONError.self) { try Self.evaluate([], detections) }
  }

  @Test("the lines read as pycocotools prints them")
  func text() throws {
    let evaluation = try Self.evaluate(
      [Self.object(1, image: 1, side: 20)],
      [
        Self.detection(image: 2, side: 20, score: 0.9),
        Self.detection(image: 1, side: 20, score: 0.8),
      ]
    )
    let lines = evaluation.summary.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 12)
    #expect(
      lines[0]
        == " Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.500"
    )
    #expect(
      lines[1]
        == " Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.500"
    )
    #expect(
      lines[6]
        == " Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 1.000"
    )
    #expect(
      lines[10]
        == " Average Recall     (AR) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = -1.000"
    )
    #expect(evaluation.text(digits: 6).contains("] = 0.500000\n"))
    let table = evaluation.categoryText(digits: 2).split(separator: "\n")
    #expect(
      table == ["category    AP  AP50  AP75  objects", "cell      0.50  0.50  0.50        1"]
    )
    #expect(try evaluation.json["metrics"]["AR_1"].double == 1)
    #expect(try evaluation.json["categories"][0]["name"].string == "cell")
  }

  static func object(_ id: Int, image: Int, side: Double) -> CocoAnnotations.Annotation {
    let box = BoundingBox(x: 5, y: 5, width: side, height: side)
    return CocoAnnotations.Annotation(id: id, imageID: image, categoryID: 5, box: box)
  }

  static func detection(image: Int, side: Double, score: Double) -> Detection {
    Detection(imageID: image, categoryID: 5, x: 5, y: 5, width: side, height: side, score: score)
  }

  static func evaluate(
    _ objects: [CocoAnnotations.Annotation],
    _ detections: [Detection]
  ) throws -> CocoEvaluation {
    let annotations = try CocoAnnotations(
      images: [2, 1].map { CocoAnnotations.Image(id: $0) },
      categories: [CocoAnnotations.Category(id: 5, name: "cell")],
      annotations: objects,
      source: "truth.json"
    )
    return try CocoEvaluation(
      annotations: annotations,
      detections: detections,
      source: "found.json"
    )
  }
}
