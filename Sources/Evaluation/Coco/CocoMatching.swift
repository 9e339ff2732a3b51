/// One detection after matching, for all overlap thresholds at once.
struct MatchedDetection {
  let score: Double
  /// The position of its picture among the sorted ids.
  let image: Int32
  /// Its place by score among those of its picture and class, from 0 on.
  let rank: Int32
  /// Bit t is set where it is matched at overlap threshold t.
  let matched: UInt16
  /// Bit t is set where it counts neither as right nor as wrong.
  let ignored: UInt16
}

/// The detections of one class, matched for one range of areas.
struct CategoryMatches {
  /// By falling score; equal scores in the order of picture ids, then of the file.
  private(set) var detections: [MatchedDetection] = []
  /// The number of objects to be found in each picture that has any.
  private(set) var positives: [(image: Int32, count: Int)] = []
  /// Whether any picture has a detection or an object of the class.
  private(set) var isPresent = false

  /// Matches all pictures of one class.
  ///
  /// - Parameters:
  ///   - groups: the pictures that have detections or objects of the class, by rising id.
  ///   - area: the range of areas.
  init(_ groups: [CocoGroup], area: AreaRange) {
    for group in groups {
      isPresent = true
      let matching = group.match(area: area.bounds)
      detections += matching.detections
      if matching.positives > 0 { positives.append((group.image, matching.positives)) }
    }
    // Sorting must be stable; the position breaks ties.
    let order = detections.indices.sorted { left, right in
      let (one, other) = (detections[left].score, detections[right].score)
      return one == other ? left < right : one > other
    }
    detections = order.map { detections[$0] }
  }
}

/// What is in one picture of one class.
struct CocoGroup {
  /// The position of the picture among the sorted ids.
  let image: Int32
  var objects: [CocoAnnotations.Annotation] = []
  var detections: [Detection] = []

  /// Assigns detections to objects as `COCOeval.evaluateImg` of pycocotools does.
  ///
  /// By falling score, each detection takes the free object with the largest overlap at or above the
  /// threshold, the later of equal ones; objects that count go before those that are ignored, and a
  /// crowd can be taken again. An object whose id is 0 is taken, but its detection counts as
  /// unmatched, as in pycocotools.
  ///
  /// - Parameter area: objects outside are ignored, and so are unmatched detections outside.
  /// - Returns: the first hundred detections by score, and the number of objects that count.
  func match(
    area: ClosedRange<Double>
  ) -> (detections: [MatchedDetection], positives: Int) {
    let ranked = detections.indices.sorted { left, right in
      let (one, other) = (detections[left].score, detections[right].score)
      return one == other ? left < right : one > other
    }.prefix(CocoThresholds.maximumDetections)
    let counting = objects.filter { !$0.isCrowd && area.contains($0.area) }
    let candidates = counting + objects.filter { $0.isCrowd || !area.contains($0.area) }

    var matched = [UInt16](repeating: 0, count: ranked.count)
    var ignored = [UInt16](repeating: 0, count: ranked.count)
    if !candidates.isEmpty {
      let overlaps = ranked.map { detection in
        candidates.map { object in
          detections[detection].bbox.overlap(with: object.bbox, isCrowd: object.isCrowd)
        }
      }
      for (threshold, overlap) in CocoThresholds.overlaps.enumerated() {
        let bit = UInt16(1) << UInt16(threshold)
        var isTaken = [Bool](repeating: false, count: candidates.count)
        for place in 0..<ranked.count {
          var best = min(overlap, 1 - 1e-10)
          var choice: Int?
          for (index, object) in candidates.enumerated() {
            if isTaken[index] && !object.isCrowd { continue }
            if let choice, choice < counting.count, index >= counting.count { break }
            if overlaps[place][index] < best { continue }
            best = overlaps[place][index]
            choice = index
          }
          guard let choice else { continue }
          isTaken[choice] = true
          if choice >= counting.count { ignored[place] |= bit }
          if candidates[choice].id != 0 { matched[place] |= bit }
        }
      }
    }
    let result = ranked.enumerated().map { place, index in
      let isOutside = !area.contains(detections[index].bbox.area)
      return MatchedDetection(
        score: detections[index].score,
        image: image,
        rank: Int32(place),
        matched: matched[place],
        ignored: isOutside ? ignored[place] | ~matched[place] : ignored[place]
      )
    }
    return (result, counting.count)
  }
}
