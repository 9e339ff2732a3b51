import CheckedJSON
import Evaluation
import Foundation
import Testing

@Suite struct CocoFileTests {
  static let annotationText = #"""
    {"info": {"year": 2020}, "categories": [{"id": 1, "name": "cell", "supercategory": "x"}],
     "images": [{"file_name": "a.jpg", "id": 7, "width": 640, "height": 480.0, "license": null}],
     "annotations": [
       {"segmentation": [[1, 2.5]], "bbox": [1, 2, 3, 4], "id": 5, "image_id": 7, "category_id": 1},
       {"id": 6, "image_id": 7, "category_id": 1, "iscrowd": 1, "area": 2.5, "bbox": [0, 0, 9, 9]}]}
    """#

  static let detectionText = #"""
    [{"image_id": 7, "category_id": 1, "bbox": [0.1, -2, 3e1, 4], "score": 0.25, "extra": {}},
     {"score": 1, "bbox": [0, 0, 0, 0], "category_id": 2, "image_id": 8}]
    """#

  @Test("annotations are read whatever the order of their members")
  func annotations() throws {
    let read = try CocoAnnotations.read(ByteView(utf8: Self.annotationText), source: "a.json")
    #expect(
      read.images
        == [CocoAnnotations.Image(id: 7, fileName: "a.jpg", width: 640, height: 480)]
    )
    #expect(read.categories == [CocoAnnotations.Category(id: 1, name: "cell")])
    #expect(
      read.annotations == [
        CocoAnnotations.Annotation(
          id: 5,
          imageID: 7,
          categoryID: 1,
          bbox: BoundingBox(x: 1, y: 2, width: 3, height: 4),
          area: 12
        ),
        CocoAnnotations.Annotation(
          id: 6,
          imageID: 7,
          categoryID: 1,
          bbox: BoundingBox(x: 0, y: 0, width: 9, height: 9),
          area: 2.5,
          isCrowd: true
        ),
      ]
    )
  }

  @Test("written detections read back as the same, and the same bytes come from the same")
  func roundTrip() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "coco-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: url) }
    let read = try CocoDetections.read(ByteView(utf8: Self.detectionText), source: "d.json")
    #expect(read.count == 2)
    #expect(read[0].bbox == BoundingBox(x: 0.1, y: -2, width: 30, height: 4))
    #expect(read[1].score == 1)
    try CocoDetections.write(read, path: url.path)
    let bytes = try Data(contentsOf: url)
    #expect(try CocoDetections.read(path: url.path) == read)
    try CocoDetections.write(read, path: url.path)
    #expect(try Data(contentsOf: url) == bytes)
    try CocoDetections.write([], path: url.path)
    #expect(try CocoDetections.read(path: url.path) == [])
    var broken = read
    broken[1].score = .nan
    let error = #expect(throws: EvaluationError.self) {
      try CocoDetections.write(broken, path: url.path)
    }
    #expect(error?.description == "detection 1: expected finite numbers, found NaN or infinity")
    #expect(try CocoDetections.read(path: url.path) == [])
  }

  @Test("what is missing or twice is named with its byte")
  func refusals() {
    func annotations(
      _ message: String,
      _ text: String,
      location: SourceLocation = #_sourceLocation
    ) {
      let error = #expect(throws: EvaluationError.self, sourceLocation: location) {
        try CocoAnnotations.read(ByteView(utf8: text), source: "a.json")
      }
      #expect(error?.description == message, sourceLocation: location)
    }
    func detections(
      _ message: String,
      _ text: String,
      location: SourceLocation = #_sourceLocation
    ) {
      let error = #expect(throws: EvaluationError.self, sourceLocation: location) {
        try CocoDetections.read(ByteView(utf8: text), source: "d.json")
      }
      #expect(error?.description == message, sourceLocation: location)
    }
    annotations("a.json: byte 0: expected an object, found an array", "[]")
    annotations("a.json: expected the list 'images', found nothing", "{}")
    annotations("a.json: expected the list 'categories', found nothing", #"{"images":[]}"#)
    annotations(
      "a.json: expected the list 'annotations', found nothing",
      #"{"images":[],"categories":[]}"#
    )
    annotations(
      "a.json: byte 11: expected 'id' in the image, found none",
      #"{"images":[{}]}"#
    )
    annotations(
      "a.json: byte 20: expected each image id once, found 1 again",
      #"{"images":[{"id":1},{"id":1}]}"#
    )
    annotations(
      "a.json: byte 24: expected each category id once, found 1 again",
      #"{"categories":[{"id":1},{"id":1}]}"#
    )
    annotations(
      "a.json: byte 16: expected 'id' in the category, found none",
      #"{"categories":[ {}]}"#
    )
    let one = #"{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,1,1]}"#
    annotations(
      "a.json: byte \(17 + one.utf8.count): expected each annotation id once, found 1 again",
      #"{"annotations":[\#(one),\#(one)]}"#
    )
    for member in ["id", "image_id", "category_id", "bbox"] {
      annotations(
        "a.json: byte 16: expected '\(member)' in the annotation, found none",
        #"{"annotations":[\#(one.replacingOccurrences(of: "\"\(member)\"", with: "\"x\""))]}"#
      )
    }
    let found = #"{"score":1,"image_id":1,"category_id":1,"bbox":[0,0,1,1]}"#
    for member in ["score", "image_id", "category_id", "bbox"] {
      detections(
        "d.json: byte 1: expected '\(member)' in the detection, found none",
        "[\(found.replacingOccurrences(of: "\"\(member)\"", with: "\"x\""))]"
      )
    }
    detections(
      "d.json: byte 9: expected a box of 4 numbers (x, y, width, height), found 3",
      #"[{"bbox":[1,2,3]}]"#
    )
    detections(
      "d.json: byte 10: expected a finite number, found NaN",
      #"[{"score":NaN}]"#
    )
    detections("d.json: byte 13: expected an integer, found 1.5", #"[{"image_id":1.5}]"#)
    detections("d.json: byte 2: expected the end of the text, found ']'", "[]]")
  }

  @Test("files cut at any byte are refused, changed ones never do more than that")
  func hostile() throws {
    let texts = [Self.annotationText, Self.detectionText].map { Array($0.utf8) }
    func read(_ index: Int, _ bytes: some Collection<UInt8>) throws {
      if index == 0 {
        _ = try CocoAnnotations.read(ByteView(bytes), source: "")
      } else {
        _ = try CocoDetections.read(ByteView(bytes), source: "")
      }
    }
    let seed = UInt64.random(in: 0...UInt64.max)
    print("CocoFileTests seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for (index, text) in texts.enumerated() {
      try read(index, text)
      for length in 0..<text.count {
        #expect(throws: EvaluationError.self) { try read(index, text.prefix(length)) }
      }
      for _ in 0..<3000 {
        var changed = text
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let position = Int.random(in: 0..<changed.count, using: &generator)
          switch Int.random(in: 0..<3, using: &generator) {
          case 0: changed[position] = UInt8.random(in: 0...255, using: &generator)
          case 1: changed.remove(at: position)
          default: changed.insert(UInt8(ascii: "9"), at: position)
          }
        }
        do { try read(index, changed) } catch let error as EvaluationError {
          #expect(!error.description.contains("\n"))
        }
      }
    }
  }
}
