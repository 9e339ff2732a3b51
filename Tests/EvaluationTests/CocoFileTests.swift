import CheckedJSON
import Foundation
import Testing

@testable import Evaluation

@Suite("COCO files")
struct CocoFileTests {
  static let annotations = """
    {"info": {"year": 2017}, "images": [{"id": 3, "file_name": "a.jpg", "width": 640, "height": 480.0},
      {"id": 9007199254740993}],
     "annotations": [{"id": 1, "image_id": 3.0, "category_id": 2, "bbox": [1, 2.5, 30, 4e1],
      "area": 1000, "iscrowd": 0, "segmentation": [[1, 2, 3, 4]]},
      {"id": 2, "image_id": 3, "category_id": 2, "bbox": [0, 0, 2, 3], "iscrowd": true}],
     "categories": [{"id": 2, "name": "cell", "supercategory": "x"}, {"id": 4}]}
    """
  static let detections = """
    [{"image_id": 3, "category_id": 2, "bbox": [1, 2.5, 30, 40.125], "score": 0.75, "area": 9},
     {"score": 1, "bbox": [0, 0, 1, 1], "category_id": 4.0, "image_id": 3}]
    """

  @Test("annotations are read with what is optional left open")
  func readAnnotations() throws {
    let read = try CocoAnnotations(text: Self.annotations, source: "val.json")
    #expect(
      read.images == [
        CocoAnnotations.Image(id: 3, fileName: "a.jpg", width: 640, height: 480),
        CocoAnnotations.Image(id: 9_007_199_254_740_993),
      ]
    )
    #expect(read.categories.map(\.name) == ["cell", "4"])
    #expect(read.annotations.map(\.area) == [1000, 6])
    #expect(read.annotations.map(\.isCrowd) == [false, true])
    #expect(read.annotations[0].box == BoundingBox(x: 1, y: 2.5, width: 30, height: 40))
  }

  @Test("detections are read whatever the order of their members")
  func readDetections() throws {
    let read = try DetectionFile(text: Self.detections, source: "found.json").detections
    #expect(read.count == 2)
    #expect(read[0].height == 40.125)
    #expect(read[1].categoryID == 4)
    #expect(read[1].score == 1)
  }

  @Test(
    "what is wrong in annotations is named with its place",
    arguments: [
      ("[]", "byte 0: expected an object, found an array"),
      (
        #"{"images": [], "categories": []}"#,
        "'annotations': expected an array of annotations, found nothing"
      ),
      (#"{"images": [{"width": 1}]}"#, "'images[0].id': expected an integer, found nothing"),
      (#"{"images": [{"id": 1.5}]}"#, "byte 19: expected an integer, found 1.5"),
      (#"{"images": [{"id": "1"}]}"#, "byte 19: expected an integer, found a string"),
      (#"{"images": [{"id": 1e30}]}"#, "byte 19: expected an integer, found 1e30"),
      (#"{"images": [{"id": 1, "file_name": 7}]}"#, "byte 35: expected a string, found a number"),
      (
        #"{"categories": [{"name": "x"}]}"#,
        "'categories[0].id': expected an integer, found nothing"
      ),
      (
        #"{"annotations": [{"id": 1}]}"#,
        "'annotations[0].image_id': expected an integer, found nothing"
      ),
      (
        #"{"annotations": [{"id": 1, "image_id": 1}]}"#,
        "'annotations[0].category_id': expected an integer, found nothing"
      ),
      (
        #"{"annotations": [{"id": 1, "image_id": 1, "category_id": 1}]}"#,
        "'annotations[0].bbox': expected four numbers x, y, width, height, found nothing"
      ),
      (
        #"{"annotations": [{"bbox": [1, 2, 3]}]}"#,
        "'annotations[0].bbox': expected four numbers x, y, width, height, found an array of 3"
      ),
      (
        #"{"annotations": [{"bbox": [1, 2, 3, 4, []]}]}"#,
        "'annotations[0].bbox': expected four numbers x, y, width, height, found an array of 5"
      ),
      (
        #"{"annotations": [{"bbox": [1, NaN, 3, 4]}]}"#,
        "byte 30: expected a finite number, found NaN"
      ),
      (#"{"annotations": [{"iscrowd": 2}]}"#, "'annotations[0].iscrowd': expected 0 or 1, found 2"),
      (#"{"annotations": [{"area": null}]}"#, "byte 26: expected a number, found null"),
      (
        #"{"images": [{"id": 1}, {"id": 1}], "categories": [], "annotations": []}"#,
        "'images[1].id': expected an id that none of the images before has, found 1"
      ),
      (
        #"{"images": [], "categories": [{"id": 7}, {"id": 7}], "annotations": []}"#,
        "'categories[1].id': expected an id that none of the categories before has, found 7"
      ),
    ]
  )
  func wrongAnnotations(text: String, message: String) {
    #expect {
      _ = try CocoAnnotations(text: text, source: "val.json")
    } throws: {
      "\($0)" == "val.json: \(message)"
    }
  }

  @Test(
    "what is wrong in detections is named with its place",
    arguments: [
      (#"{"annotations": []}"#, "byte 0: expected an array, found an object"),
      ("[3]", "byte 1: expected an object, found a number"),
      ("[] 1", "byte 3: expected the end of the text, found '1'"),
      (
        #"[{"image_id": 1, "category_id": 2, "score": 1}]"#,
        "'[0].bbox': expected four numbers x, y, width, height, found nothing"
      ),
      (
        #"[{"bbox": [1, 2, 3, 4], "score": 1}]"#,
        "'[0].image_id': expected an integer, found nothing"
      ),
      (
        #"[{"bbox": [1, 2, 3, 4], "image_id": 1}]"#,
        "'[0].category_id': expected an integer, found nothing"
      ),
      (
        #"[{"bbox": [1, 2, 3, 4], "image_id": 1, "category_id": 1}]"#,
        "'[0].score': expected a number, found nothing"
      ),
      (#"[{"score": "high"}]"#, "byte 11: expected a number, found a string"),
      (#"[{"score": 1, "score": 2}]"#, "byte 14: expected each key once, found 'score' again"),
    ]
  )
  func wrongDetections(text: String, message: String) {
    #expect {
      _ = try DetectionFile(text: text, source: "found.json")
    } throws: {
      "\($0)" == "found.json: \(message)"
    }
  }

  @Test("a file cut at any byte is refused")
  func truncated() {
    for length in 0..<Self.annotations.utf8.count {
      let text = String(Self.annotations.prefix(length))
      #expect(throws: JSONError.self) { try CocoAnnotations(text: text, source: "cut") }
    }
    for length in 0..<Self.detections.utf8.count {
      let text = String(Self.detections.prefix(length))
      #expect(throws: JSONError.self) { try DetectionFile(text: text, source: "cut") }
    }
  }

  @Test("thousands of changed bytes are read or refused in one line", arguments: [UInt64(1), 2, 3])
  func mutated(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for text in [Self.annotations, Self.detections] {
      for _ in 0..<2000 {
        var bytes = Array(text.utf8)
        for _ in 0...Int.random(in: 0..<3, using: &random) {
          let place = Int.random(in: bytes.indices, using: &random)
          let digits: [UInt8] = Array("0123456789-e.\"[]{},".utf8)
          bytes[place] =
            Bool.random(using: &random)
            ? digits.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
        }
        let mutated = String(decoding: bytes, as: UTF8.self)
        do {
          let annotations = try CocoAnnotations(text: mutated, source: "mutated")
          _ = try CocoEvaluation(annotations: annotations, detections: [])
        } catch {
          #expect(!"\(error)".contains("\n"), "seed \(seed)")
        }
        do {
          let file = try DetectionFile(text: mutated, source: "mutated")
          _ = Agreement(float: file.detections, integer: file.detections)
        } catch {
          #expect(!"\(error)".contains("\n"), "seed \(seed)")
        }
      }
    }
  }

  @Test("a missing file and a folder are refused by name")
  func noFile() {
    let folder = FileManager.default.temporaryDirectory
    let path = folder.appending(path: "there-is-none-\(UUID()).json").path
    #expect {
      _ = try DetectionFile(path: path)
    } throws: {
      "\($0)" == "\(path): there is no such file"
    }
    #expect(throws: JSONError.file(.isDirectory(path: folder.path))) {
      try CocoAnnotations(path: folder.path)
    }
  }

  @Test("what is written reads back bit for bit and replaces what stood there")
  func writing() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var random = SeededGenerator(seed: 11)
    let detections = (0..<500).map { index in
      func number() -> Double { .random(in: -1000...1000, using: &random) }
      return Detection(
        imageID: index,
        categoryID: -index,
        x: number(),
        y: number() * 1e-9,
        width: number() * 1e20,
        height: number(),
        score: Double.random(in: 0...1, using: &random)
      )
    }
    for written in [detections, Array(detections.prefix(1)), []] {
      try DetectionFile.write(written, path: path)
      #expect(try DetectionFile(path: path).detections == written)
    }
  }

  @Test("NaN is not written, and the file before stays")
  func writingNaN() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try DetectionFile.write([], path: path)
    var detection = CocoEvaluationTests.detection(image: 1, side: 2, score: .nan)
    #expect {
      try DetectionFile.write([detection], path: path)
    } throws: {
      "\($0)" == "'[0].score': expected a finite number to write, found nan"
    }
    detection.score = 1
    detection.width = .infinity
    #expect {
      try DetectionFile.write([detection], path: path)
    } throws: {
      "\($0)" == "'[0].bbox[2]': expected a finite number to write, found inf"
    }
    #expect(try DetectionFile(path: path).detections.isEmpty)
  }
}
