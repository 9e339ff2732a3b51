import CheckedJSON
import Evaluation
import Testing

@Suite("Masks as runs")
struct MaskTests {
  /// Drawn by pycocotools 2.0.11 (`frPyObjects`): a rectangle, triangles, corners outside of the picture,
  /// points that come twice, the whole picture, less than a pixel, an outline that crosses itself.
  static let polygons: [(polygon: [Double], height: Int, width: Int, packed: String, area: Int)] = [
    ([2, 2, 9, 2, 9, 7, 2, 7], 10, 12, "f05500000000000l0", 35),
    ([1.5, 0.5, 10.2, 3.3, 4.8, 8.9], 9, 12, "c0272O2M00O1O2N1O`0", 30),
    ([-3, 4, 5, -2, 13, 5, 6, 12], 10, 11, "1641N2OY10fN2N2NN", 90),
    ([3, 3, 3, 3, 8, 3, 8, 8.4], 10, 10, "[1281O1O1`0", 14),
    ([0, 0, 12, 0, 12, 10, 0, 10], 10, 12, "0h3", 120),
    ([4.4, 1, 4.4, 9, 4.6, 9, 4.6, 1], 10, 9, "Y18Y1", 8),
    ([1, 1, 8, 8, 8, 1, 1, 8], 9, 9, ":64N2N:0F2N27", 24),
  ]

  @Test("outlines cover the pixels that pycocotools counts", arguments: polygons.indices)
  func outlines(index: Int) throws {
    let example = Self.polygons[index]
    let mask = RunLengthMask(
      polygon: example.polygon,
      height: example.height,
      width: example.width
    )
    #expect(mask.packed == example.packed)
    #expect(mask.area == example.area)
    let read = RunLengthMask(
      packed: example.packed,
      height: example.height,
      width: example.width
    )
    #expect(read == mask)
  }

  @Test("runs and pixels are the same mask, for random ones", arguments: 0..<40)
  func pixels(seed: Int) {
    var random = MaskGenerator(seed: UInt64(seed))
    let (height, width) = (
      Int.random(in: 1...9, using: &random), Int.random(in: 1...9, using: &random)
    )
    func drawn() -> [Bool] { (0..<height * width).map { _ in Bool.random(using: &random) } }
    let (one, two) = (drawn(), drawn())
    func mask(_ pixels: [Bool]) -> RunLengthMask {
      RunLengthMask(height: height, width: width) { pixels[$0 * width + $1] }
    }
    let (first, second) = (mask(one), mask(two))
    #expect(first.pixels == one)
    #expect(first.area == one.count { $0 })
    #expect(first.intersection(with: second) == zip(one, two).count { $0 && $1 })
    let union = zip(one, two).map { $0 || $1 }
    #expect(first.union(with: second).pixels == union)
    #expect(RunLengthMask(packed: first.packed, height: height, width: width) == first)
    let shared = Double(zip(one, two).count { $0 && $1 })
    if shared > 0 {
      #expect(
        first.overlap(with: second, isCrowd: false) == shared / Double(union.count { $0 })
      )
      #expect(first.overlap(with: second, isCrowd: true) == shared / Double(first.area))
    }
    let rows = (0..<height).filter { y in (0..<width).contains { one[y * width + $0] } }
    let columns = (0..<width).filter { x in (0..<height).contains { one[$0 * width + x] } }
    let box = first.box
    if let top = rows.first, let left = columns.first {
      #expect(box.x == Double(left) && box.y == Double(top))
      #expect(box.width == Double(columns.last! - left + 1))
      #expect(box.height == Double(rows.last! - top + 1))
    } else {
      #expect(box.area == 0)
    }
  }

  @Test(
    "texts that are no runs of the picture",
    arguments: ["", "0", "0h", "0i3", "0h3!", "ooooooooooooooo"]
  )
  func badTexts(text: String) {
    #expect(RunLengthMask(packed: text, height: 10, width: 12) == nil)
  }

  private func annotations(_ segmentation: String) throws -> CocoAnnotations {
    try CocoAnnotations(
      text: """
        {"images": [{"id": 1, "height": 10, "width": 12}], "categories": [{"id": 3}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 3, "bbox": [2, 2, 7, 5], "area": 35,
         "iscrowd": 0, "segmentation": \(segmentation)}]}
        """,
      source: "a.json"
    )
  }

  @Test(
    "one object in the three ways of writing it is found by its own mask",
    arguments: [
      "[[2, 2, 9, 2, 9, 7, 2, 7]]",
      #"{"size": [10, 12], "counts": [22, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 33]}"#,
      #"{"size": [10, 12], "counts": "f05500000000000l0"}"#,
    ]
  )
  func forms(segmentation: String) throws {
    let truth = try annotations(segmentation)
    let mask = RunLengthMask(height: 10, width: 12) { 2..<7 ~= $0 && 2..<9 ~= $1 }
    func precision(_ mask: RunLengthMask) throws -> Double {
      let found = Detection(
        imageID: 1,
        categoryID: 3,
        x: 0,
        y: 0,
        width: 1,
        height: 1,
        score: 0.9,
        mask: mask
      )
      let file = try DetectionFile(
        text: String(decoding: DetectionFile.encoded([found]), as: UTF8.self),
        source: "d.json"
      )
      #expect(file.detections == [found])
      return try CocoEvaluation(
        annotations: truth,
        detections: file.detections,
        subject: .masks
      ).metrics[.averagePrecision]
    }
    #expect(abs(try precision(mask) - 1) < 1e-9)
    // Five of seven columns, 0.714 of the pixels: right at the five thresholds from 0.50 to 0.70.
    let part = RunLengthMask(height: 10, width: 12) { 2..<7 ~= $0 && 2..<7 ~= $1 }
    #expect(abs(try precision(part) - 0.5) < 1e-9)
  }

  @Test(
    "runs that do not fill their picture, and masks of another size",
    arguments: [
      #"{"size": [10, 12], "counts": [22, 5]}"#, #"{"size": [10, 12], "counts": "f055"}"#,
      #"{"size": [10], "counts": [10]}"#, #"{"size": [10, 12]}"#,
      #"{"size": [-1, 12], "counts": []}"#, #"{"size": [10, 12], "counts": [-5, 125]}"#,
      #"{"size": [1000000000, 1000000000], "counts": [1]}"#,
    ]
  )
  func refusals(segmentation: String) {
    #expect(throws: JSONError.self) { try annotations(segmentation) }
  }

  @Test("a mask of another size than its picture's is named")
  func otherSize() throws {
    let truth = try annotations(#"{"size": [12, 10], "counts": [120]}"#)
    let error = #expect(throws: JSONError.self) {
      try CocoEvaluation(annotations: truth, detections: [], subject: .masks)
    }
    #expect("\(try #require(error))".contains("annotations[0].segmentation.size"))
  }
}

/// SplitMix64, for repeatable masks.
private struct MaskGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
