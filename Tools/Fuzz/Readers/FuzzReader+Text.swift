import Architectures
import CheckedJSON
import Evaluation
import Foundation
import SyntheticCheckpoints

extension FuzzReader {
  /// JSON into a tree, and back: what is written must read as the same tree.
  static let json = FuzzReader(
    name: "json",
    summary: "JSON trees",
    endings: [".json"],
    dictionary: words(of: jsonWords),
    // A value takes at most 100 bytes and two characters of text.
    constant: 64 << 20,
    samples: { try JSONSamples.all() },
    read: { bytes, _ in
      let value = try JSON.parse(ByteView(bytes), source: "input.json")
      let text = try value.encoded(pretty: bytes.count % 2 == 0)
      let again = try JSON.parse(ByteView(text), source: "again.json")
      precondition(value == again, "what was written reads differently")
    }
  )

  /// COCO annotations, or detections where the text begins with a bracket, through the evaluation.
  static let coco = FuzzReader(
    name: "coco",
    summary: "COCO annotations and detections, and their evaluation",
    endings: [".json"],
    dictionary: words(
      of: jsonWords + [
        "\"images\":", "\"categories\":", "\"annotations\":", "\"id\":", "\"image_id\":",
        "\"category_id\":", "\"bbox\":[0,0,1,1]", "\"area\":", "\"iscrowd\":", "\"score\":",
        "\"width\":", "\"height\":", "\"file_name\":",
      ]
    ),
    constant: 32 << 20,
    samples: { [CocoSamples.annotations, CocoSamples.detections, CocoSamples.minified] },
    read: { bytes, place in
      let path = try place.file(bytes, "coco.json")
      if bytes.first == UInt8(ascii: "[") {
        let annotations = try CocoAnnotations(path: place.file(CocoSamples.annotations, "a.json"))
        let detections = try DetectionFile(path: path).detections
        _ = try CocoEvaluation(annotations: annotations, detections: detections).text()
      } else {
        let annotations = try CocoAnnotations(path: path)
        let detections = try DetectionFile(path: place.file(CocoSamples.detections, "d.json"))
        _ = try CocoEvaluation(annotations: annotations, detections: detections.detections).text()
      }
    }
  )

  /// `config.json` beside a good checkpoint, up to the float graph.
  static let config = FuzzReader(
    name: "config",
    summary: "config.json beside a small checkpoint",
    endings: ["config.json"],
    dictionary: words(of: jsonWords),
    constant: 64 << 20,
    samples: { try ConfigurationSamples.all() },
    read: { bytes, place in
      let folder = try ConfigurationSamples.checkpoint(in: place)
      _ = try place.file(bytes, "checkpoint/config.json")
      _ = try LoadedDetector(path: folder)
    }
  )

  private static func words(of texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

  private static let jsonWords = [
    "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\uD800", "\\uDC00", "\\ud83d\\ude00",
    "null", "true", "false", "[[[[[[[[[[[[[[[[", "{\"a\":", "1e999", "-0", "0.1", "\u{0}",
    "\u{7F}", "\u{FEFF}", "é", "\u{1F600}", "\"dtype\":\"F32\"", "\"model_type\":", "\"d_model\":",
  ]
}

/// JSON of many shapes.
enum JSONSamples {
  static func all() throws -> [[UInt8]] {
    let texts = [
      #"{"a":[1,-2.5e-3,"x\n\u00e9\ud83d\ude00",{"b":null,"c":[true,false,[]]}],"":{}}"#,
      "[" + (0..<200).map { "\($0 * 37 % 101).\($0)" }.joined(separator: ", ") + "]",
      String(repeating: "[", count: 40) + "0" + String(repeating: "]", count: 40),
      "{" + (0..<60).map { "\"key \($0)\": \"value \($0)\"" }.joined(separator: ",\n ") + "}",
      " -12345678901234567890 ", #""plain""#, "9223372036854775807",
    ]
    return try texts.map { Array($0.utf8) } + ConfigurationSamples.all()
  }
}

/// Small COCO files.
enum CocoSamples {
  static let annotations = Array(
    """
    {"info": {"year": 2017}, "licenses": [],
     "images": [{"id": 1, "file_name": "a.jpg", "width": 640, "height": 480},
                {"id": 7, "file_name": "b.jpg", "width": 320, "height": 240}],
     "categories": [{"id": 1, "name": "person", "supercategory": "x"}, {"id": 3, "name": "car"}],
     "annotations": [
      {"id": 1, "image_id": 1, "category_id": 1, "bbox": [10.5, 20, 30, 40.25], "area": 900.5,
       "iscrowd": 0, "segmentation": [[1, 2, 3, 4, 5, 6]]},
      {"id": 2, "image_id": 1, "category_id": 3, "bbox": [100, 100, 200, 150], "area": 30000,
       "iscrowd": 0},
      {"id": 3, "image_id": 7, "category_id": 1, "bbox": [0, 0, 300, 200], "iscrowd": 1,
       "area": 50000, "segmentation": {"counts": [1, 2], "size": [240, 320]}},
      {"id": 4, "image_id": 7, "category_id": 3, "bbox": [5, 5, 10, 10], "area": 100,
       "iscrowd": 0}]}
    """.utf8
  )

  static let minified = Array(
    #"{"images":[{"id":1},{"id":7}],"categories":[{"id":1}],"annotations":[]}"#.utf8
  )

  static let detections = Array(
    """
    [{"image_id": 1, "category_id": 1, "bbox": [11, 21, 29, 39], "score": 0.9},
     {"image_id": 1, "category_id": 3, "bbox": [100, 100, 190, 150], "score": 0.8},
     {"image_id": 1, "category_id": 3, "bbox": [101, 99, 200, 150.5], "score": 0.8},
     {"image_id": 7, "category_id": 1, "bbox": [0, 0, 100, 100], "score": 1e-3},
     {"image_id": 7, "category_id": 3, "bbox": [4, 6, 10, 10], "score": 0.25}]
    """.utf8
  )
}

/// Configurations of small checkpoints, and one such checkpoint.
enum ConfigurationSamples {
  static func all() throws -> [[UInt8]] {
    let place = try Workplace()
    return try ["deformable-detr-tiny-two-stage", "detr-tiny"].flatMap { name in
      let folder = "\(place.path)/\(name)"
      try SyntheticCheckpoint.write(architecture: name, seed: 1, to: folder)
      return try ["config.json", "preprocessor_config.json"].map {
        try [UInt8](Data(contentsOf: URL(filePath: "\(folder)/\($0)")))
      }
    }
  }

  /// The folder of a good checkpoint, written where it is missing.
  static func checkpoint(in place: Workplace) throws -> String {
    let folder = "\(place.path)/checkpoint"
    if access("\(folder)/model.safetensors", R_OK) != 0 {
      try SyntheticCheckpoint.write(
        architecture: "deformable-detr-tiny-two-stage",
        seed: 1,
        to: folder
      )
    }
    return folder
  }
}
