/// The matching of one photograph's detections of one category with its ground truth.
///
/// Detections choose in the order of their scores; each takes the object that it overlaps most
/// among those still free (a crowd stays free), at least by the threshold, and objects that count
/// before those that do not. Among equal overlaps the later object is taken. Done for each of the
/// four area ranges and ten thresholds: the ten share their work as bits of a mask.
///
/// Source: `COCOeval.evaluateImg` of pycocotools 2.0.11. An annotation with the id 0 takes part, but
/// a detection that takes it does not count as right, because pycocotools writes the id where 0
/// means "none"; the same here, so that the numbers are the same.
///
/// One value serves for all photographs in turn and keeps its memory.
struct ImageMatches {
  /// The scores, highest first, at most a hundred.
  private(set) var scores: [Double] = []
  /// For each detection and area range, the thresholds at which it found an object.
  private(set) var matched: [SIMD4<UInt16>] = []
  /// For each detection and area range, the thresholds at which it is neither right nor wrong.
  private(set) var ignored: [SIMD4<UInt16>] = []
  /// For each object that is no crowd and belongs to any range, the ranges as bits.
  private(set) var positiveRanges: [UInt8] = []

  private struct Candidate {
    var object: Int
    var overlap: Double
  }

  private var order: [Int] = []
  private var candidates: [Candidate] = []
  private var candidateEnds: [Int] = []
  private var objectRanges: [UInt8] = []
  private var taken: [UInt16] = []

  /// The masks to compare; none where boxes are.
  private let masks: MaskPairs?

  /// Makes a value that serves for all photographs.
  ///
  /// - Parameter masks: the masks to compare, or nil for boxes.
  init(masks: MaskPairs? = nil) { self.masks = masks }

  private static let allThresholds: UInt16 = 0x3FF

  /// Matches a photograph.
  ///
  /// - Parameters:
  ///   - detections: all detections.
  ///   - chosen: the indices of those of this photograph and category, rising.
  ///   - annotations: all annotations.
  ///   - objects: the indices of those of this photograph and category, rising.
  mutating func match(
    _ detections: [Detection],
    _ chosen: ArraySlice<Int>,
    _ annotations: [CocoAnnotations.Annotation],
    _ objects: ArraySlice<Int>
  ) {
    rank(detections, chosen)
    sortIntoRanges(annotations, objects)
    findCandidates(detections, annotations, objects)
    for range in CocoParameters.AreaRange.allCases {
      taken.removeAll(keepingCapacity: true)
      taken.append(contentsOf: repeatElement(0, count: objects.count))
      let bounds = range.bounds
      var firstCandidate = 0
      for rank in order.indices {
        let end = candidateEnds[rank]
        if firstCandidate < end {
          choose(firstCandidate..<end, annotations, objects, for: rank, in: range)
        }
        firstCandidate = end
        let area = masks?.area(ofDetection: order[rank]) ?? detections[order[rank]].box.area
        if !bounds.contains(area) {
          ignored[rank][range.rawValue] |= Self.allThresholds & ~matched[rank][range.rawValue]
        }
      }
    }
  }

  private mutating func rank(_ detections: [Detection], _ chosen: ArraySlice<Int>) {
    order.removeAll(keepingCapacity: true)
    order.append(contentsOf: chosen)
    order.sort { left, right in
      let (one, other) = (detections[left].score, detections[right].score)
      return one != other ? one > other : left < right
    }
    if order.count > CocoParameters.largestDetectionLimit {
      order.removeSubrange(CocoParameters.largestDetectionLimit...)
    }
    scores.removeAll(keepingCapacity: true)
    matched.removeAll(keepingCapacity: true)
    ignored.removeAll(keepingCapacity: true)
    for index in order {
      scores.append(detections[index].score)
      matched.append(.zero)
      ignored.append(.zero)
    }
  }

  private mutating func sortIntoRanges(
    _ annotations: [CocoAnnotations.Annotation],
    _ objects: ArraySlice<Int>
  ) {
    objectRanges.removeAll(keepingCapacity: true)
    positiveRanges.removeAll(keepingCapacity: true)
    for index in objects {
      let object = annotations[index]
      var ranges: UInt8 = 0
      if !object.isCrowd {
        for range in CocoParameters.AreaRange.allCases where range.bounds.contains(object.area) {
          ranges |= 1 << UInt8(range.rawValue)
        }
      }
      objectRanges.append(ranges)
      if ranges != 0 { positiveRanges.append(ranges) }
    }
  }

  /// Lists, for each detection, the objects that it overlaps enough for the lowest threshold.
  private mutating func findCandidates(
    _ detections: [Detection],
    _ annotations: [CocoAnnotations.Annotation],
    _ objects: ArraySlice<Int>
  ) {
    let least = CocoParameters.intersectionThresholds[0]
    candidates.removeAll(keepingCapacity: true)
    candidateEnds.removeAll(keepingCapacity: true)
    for index in order {
      let box = detections[index].box
      for (object, annotationIndex) in objects.enumerated() {
        let annotation = annotations[annotationIndex]
        let overlap =
          masks?.overlap(index, annotationIndex, isCrowd: annotation.isCrowd)
          ?? (annotation.isCrowd
            ? box.share(inside: annotation.box) : box.intersectionOverUnion(with: annotation.box))
        if overlap >= least { candidates.append(Candidate(object: object, overlap: overlap)) }
      }
      candidateEnds.append(candidates.count)
    }
  }

  private mutating func choose(
    _ range: Range<Int>,
    _ annotations: [CocoAnnotations.Annotation],
    _ objects: ArraySlice<Int>,
    for rank: Int,
    in area: CocoParameters.AreaRange
  ) {
    for (threshold, least) in CocoParameters.intersectionThresholds.enumerated() {
      let bit: UInt16 = 1 << UInt16(threshold)
      for counts in [true, false] {
        var best = least
        var choice: Int?
        for candidate in candidates[range] {
          let object = candidate.object
          guard (objectRanges[object] >> UInt8(area.rawValue) & 1 == 1) == counts else { continue }
          let annotation = annotations[objects[objects.startIndex + object]]
          guard taken[object] & bit == 0 || annotation.isCrowd else { continue }
          guard candidate.overlap >= best else { continue }
          best = candidate.overlap
          choice = object
        }
        guard let choice else { continue }
        taken[choice] |= bit
        if annotations[objects[objects.startIndex + choice]].id != 0 {
          matched[rank][area.rawValue] |= bit
        }
        if !counts { ignored[rank][area.rawValue] |= bit }
        break
      }
    }
  }
}
