import CheckedJSON
import Evaluation
import Foundation
import Testing

/// A box that starts at `x` on a line, 10 high.
func box(_ x: Double, _ width: Double, height: Double = 10) -> BoundingBox {
  BoundingBox(x: x, y: 0, width: width, height: height)
}

@Suite struct CocoEvaluationTests {
  private func annotations(
    _ objects: [CocoAnnotations.Annotation],
    images: Int = 1,
    categories: Int = 1
  ) -> CocoAnnotations {
    CocoAnnotations(
      images: (1...images).map { CocoAnnotations.Image(id: $0) },
      categories: (1...categories).map { CocoAnnotations.Category(id: $0, name: "c\($0)") },
      annotations: objects
    )
  }

  private func object(
    _ id: Int,
    _ bbox: BoundingBox,
    image: Int = 1,
    category: Int = 1,
    isCrowd: Bool = false
  ) -> CocoAnnotations.Annotation {
    CocoAnnotations.Annotation(
      id: id,
      imageID: image,
      categoryID: category,
      bbox: bbox,
      isCrowd: isCrowd
    )
  }

  private func found(
    _ bbox: BoundingBox,
    _ score: Double,
    image: Int = 1,
    category: Int = 1
  ) -> Detection {
    Detection(imageID: image, categoryID: category, bbox: bbox, score: score)
  }

  private func isNear(_ one: Double, _ other: Double) -> Bool { abs(one - other) < 1e-12 }

  @Test("every object found exactly gives 1, and sizes without objects give -1")
  func perfect() throws {
    let evaluation = try CocoEvaluation(
      annotations: annotations([object(1, box(0, 10))]),
      detections: [found(box(0, 10), 0.5)]
    )
    for figure in CocoFigure.allCases {
      let expected: Double =
        [
          .averagePrecisionMedium, .averagePrecisionLarge, .averageRecallMedium,
          .averageRecallLarge,
        ]
        .contains(figure) ? -1 : 1
      #expect(isNear(evaluation[figure], expected), "\(figure)")
    }
    #expect(evaluation.categories.map(\.category.name) == ["c1"])
    #expect(isNear(evaluation.categories[0].averagePrecision75, 1))
  }

  @Test("an overlap of 0.72 counts at the five thresholds up to 0.70")
  func thresholds() throws {
    // 10 x 10 against 7.2 x 10 inside it.
    let evaluation = try CocoEvaluation(
      annotations: annotations([object(1, box(0, 10))]),
      detections: [found(box(0, 7.2), 0.5)]
    )
    #expect(isNear(evaluation[.averagePrecision], 0.5))
    #expect(isNear(evaluation[.averagePrecision50], 1))
    #expect(isNear(evaluation[.averagePrecision75], 0))
    #expect(isNear(evaluation[.averageRecall100], 0.5))
  }

  @Test("a wrong detection before a right one halves the precision")
  func order() throws {
    let objects = annotations([object(1, box(0, 10))])
    let wrong = found(box(100, 10), 0.9)
    let right = found(box(0, 10), 0.8)
    #expect(
      isNear(
        try CocoEvaluation(annotations: objects, detections: [wrong, right])[.averagePrecision],
        0.5
      )
    )
    // Equal scores count in the order of the list.
    let tied = found(box(100, 10), 0.8)
    let first = try CocoEvaluation(annotations: objects, detections: [right, tied])
    let second = try CocoEvaluation(annotations: objects, detections: [tied, right])
    #expect(isNear(first[.averagePrecision], 1))
    #expect(isNear(second[.averagePrecision], 0.5))
  }

  @Test("half of the objects found gives the recalls up to one half: 51 of 101")
  func recall() throws {
    let objects = annotations([object(1, box(0, 10)), object(2, box(50, 10))])
    let evaluation = try CocoEvaluation(
      annotations: objects,
      detections: [found(box(0, 10), 0.9)]
    )
    #expect(isNear(evaluation[.averagePrecision], 51.0 / 101))
    #expect(isNear(evaluation[.averageRecall100], 0.5))
  }

  @Test("detections in a crowd are neither right nor wrong")
  func crowd() throws {
    let objects = annotations([
      object(1, box(0, 10)), object(2, box(100, 100), isCrowd: true),
    ])
    let evaluation = try CocoEvaluation(
      annotations: objects,
      detections: [
        found(box(100, 10), 0.9), found(box(150, 20), 0.8), found(box(0, 10), 0.7),
      ]
    )
    #expect(isNear(evaluation[.averagePrecision], 1))
  }

  @Test("the object with id 0 is found by nobody, as in pycocotools")
  func idZero() throws {
    let evaluation = try CocoEvaluation(
      annotations: annotations([object(0, box(0, 10))]),
      detections: [found(box(0, 10), 0.5)]
    )
    #expect(evaluation[.averagePrecision] == 0)
  }

  @Test("only 1, 10 and 100 detections a picture and class count")
  func maximumDetections() throws {
    let objects = annotations((0..<12).map { object($0 + 1, box(Double($0) * 20, 10)) })
    let detections = (0..<12).map { found(box(Double($0) * 20, 10), 0.9 - 0.01 * Double($0)) }
    let evaluation = try CocoEvaluation(annotations: objects, detections: detections)
    #expect(isNear(evaluation[.averageRecall1], 1.0 / 12))
    #expect(isNear(evaluation[.averageRecall10], 10.0 / 12))
    #expect(isNear(evaluation[.averageRecall100], 1))
    let many = (0..<100).map { found(box(1000 + Double($0) * 20, 10), 0.95) } + detections
    #expect(
      try CocoEvaluation(annotations: objects, detections: many)[.averageRecall100] == 0
    )
  }

  @Test("pictures and classes that are not annotated")
  func unknown() throws {
    let objects = annotations(
      [object(1, box(0, 10)), object(2, box(0, 10), image: 7)],
      categories: 2
    )
    let evaluation = try CocoEvaluation(
      annotations: objects,
      detections: [found(box(0, 10), 0.5), found(box(0, 10), 0.9, category: 9)]
    )
    #expect(isNear(evaluation[.averagePrecision], 1))
    #expect(evaluation.categories.map(\.averagePrecision)[1] == -1)
    let error = #expect(throws: EvaluationError.self) {
      try CocoEvaluation(
        annotations: objects,
        detections: [found(box(0, 10), 0.5), found(box(0, 10), 0.5, image: 8)]
      )
    }
    #expect(
      error?.description == "detection 1: expected an image of the annotations, found id 8"
    )
    let none = try CocoEvaluation(annotations: annotations([]), detections: [])
    for figure in CocoFigure.allCases { #expect(none[figure] == -1) }
  }
}

@Suite(.enabled(if: SharedFolder.exists, "no ../shared"))
struct CocoReferenceTests {
  let shared: URL

  init() throws { shared = try #require(SharedFolder.url) }

  @Test(
    "the twelve numbers are those of pycocotools to 1e-9",
    arguments: ["areas", "crowd", "empty", "max-dets", "missing", "plain", "ties"]
  )
  func golden(name: String) throws {
    let folder = shared.appending(path: "golden/coco-eval/\(name)")
    let expected = try JSON.open(path: folder.appending(path: "expected.json").path)
    let annotations = try CocoAnnotations.read(
      path: folder.appending(path: "annotations.json").path
    )
    let detections = try CocoDetections.read(path: folder.appending(path: "detections.json").path)
    #expect(annotations.images.count == (try expected["images"].int))
    #expect(annotations.annotations.count == (try expected["annotations"].int))
    #expect(detections.count == (try expected["detections"].int))
    let evaluation = try CocoEvaluation(annotations: annotations, detections: detections)
    let tolerance = try expected["tolerance"].double
    for (key, value) in try expected["metrics"].members {
      let figure = try #require(CocoFigure(rawValue: key))
      let difference = abs(evaluation[figure] - (try value.double))
      #expect(difference <= tolerance, "\(key)")
    }
    let byID = try expected["ap_per_category"].members
    #expect(byID.count == evaluation.categories.count)
    for (key, value) in byID {
      let figures = try #require(evaluation.categories.first { "\($0.category.id)" == key })
      #expect(abs(figures.averagePrecision - (try value.double)) <= tolerance, "\(key)")
    }
  }

  @Test("the float detections of the blood cells give the stated figures")
  func bloodCells() throws {
    let folder = shared.appending(path: "blood-cells")
    let expected = try JSON.open(path: folder.appending(path: "float_val_coco.json").path)
    let evaluation = try CocoEvaluation(
      annotations: try CocoAnnotations.read(path: folder.appending(path: "val.json").path),
      detections: try CocoDetections.read(
        path: folder.appending(path: "float_val_detections.json").path
      )
    )
    for (key, value) in try expected["coco"].members {
      let figure = try #require(CocoFigure(rawValue: key))
      #expect(abs(evaluation[figure] - (try value.double)) <= 1e-9, "\(key)")
    }
    for (key, value) in try expected["per_class"].members {
      let figures = try #require(evaluation.categories.first { $0.category.name == key })
      #expect(abs(figures.averagePrecision - (try value["AP"].double)) <= 1e-9)
      #expect(abs(figures.averagePrecision50 - (try value["AP50"].double)) <= 1e-9)
      #expect(abs(figures.averagePrecision75 - (try value["AP75"].double)) <= 1e-9)
    }
    #expect(
      try evaluation.json["metrics"]["AP"].double == evaluation[.averagePrecision]
    )
  }
}
