/// The size to which a picture is resized before it enters a DETR, as Hugging Face computes it.
///
/// The shorter side becomes `shortestEdge` and the longer one follows with its fraction cut off;
/// where it would exceed `longestEdge`, that is the longer side and the shorter one follows. This
/// is `get_size_with_aspect_ratio` of transformers, whose intermediate values are rounded as
/// `double` rounds them, because a whole pixel can hang on that.
///
/// Example: 480 x 640 with edges 800 and 1333 gives 800 x 1066; 800 x 1334 gives 799 x 1333.
///
/// - Parameters:
///   - height: the height of the picture, 1 to 65 535.
///   - width: the width of the picture, 1 to 65 535.
///   - shortestEdge: the wanted length of the shorter side, 1 to 65 535.
///   - longestEdge: the largest allowed length of the longer side, nil for any.
/// - Returns: both new sides, at least 1.
public func detrSize(
  height: Int,
  width: Int,
  shortestEdge: Int,
  longestEdge: Int?
) -> (height: Int, width: Int) {
  let rule = DetrSizeRule(
    height: height,
    width: width,
    shortestEdge: shortestEdge,
    longestEdge: longestEdge
  )
  if rule.shorter == rule.edge {
    return (height, width)
  }
  let longer = max(
    1,
    rule.unroundedEdge?.scaled(rule.longer, over: rule.shorter) ?? rule.scaledEdge
  )
  let shorter = max(1, rule.edge)
  return width < height ? (longer, shorter) : (shorter, longer)
}

/// The size to which the official DETR repository resizes a picture before it enters the network.
///
/// It differs from ``detrSize(height:width:shortestEdge:longestEdge:)`` where `longestEdge` binds:
/// the longer side follows from the rounded shorter one there, so that it can miss `longestEdge`
/// in either direction. Example: 800 x 1334 with edges 800 and 1333 gives 799 x 1332.
///
/// - Parameters:
///   - height: the height of the picture, 1 to 65 535.
///   - width: the width of the picture, 1 to 65 535.
///   - shortestEdge: the wanted length of the shorter side, 1 to 65 535.
///   - longestEdge: the largest allowed length of the longer side, nil for any.
/// - Returns: both new sides, at least 1.
public func officialDetrSize(
  height: Int,
  width: Int,
  shortestEdge: Int,
  longestEdge: Int?
) -> (height: Int, width: Int) {
  let rule = DetrSizeRule(
    height: height,
    width: width,
    shortestEdge: shortestEdge,
    longestEdge: longestEdge
  )
  if rule.shorter == rule.edge {
    return (height, width)
  }
  let longer = max(1, rule.scaledEdge)
  let shorter = max(1, rule.edge)
  return width < height ? (longer, shorter) : (shorter, longer)
}

/// What both rules share: the length of the shorter side.
private struct DetrSizeRule {
  let shorter: Int
  let longer: Int
  /// The new length of the shorter side; 0 for an extreme shape.
  private(set) var edge: Int
  /// The new length of the shorter side before rounding, where the longest edge binds.
  private(set) var unroundedEdge: RoundedNumber?

  init(height: Int, width: Int, shortestEdge: Int, longestEdge: Int?) {
    for length in [height, width, shortestEdge, longestEdge ?? 1] {
      precondition((1...65_535).contains(length), "a side is in 1...65535")
    }
    shorter = min(height, width)
    longer = max(height, width)
    edge = shortestEdge
    guard let longestEdge else { return }
    let scaledLonger = RoundedNumber(longer).divided(by: shorter).multiplied(by: shortestEdge)
    if scaledLonger.exceeds(longestEdge) {
      let unrounded = RoundedNumber(longestEdge).multiplied(by: shorter).divided(by: longer)
      unroundedEdge = unrounded
      edge = unrounded.nearest
    }
  }

  /// The longer side that belongs to `edge`, fraction cut off.
  ///
  /// The quotient of two integers below 2^32 is no closer below an integer than 2^-16, so that
  /// rounding it to `double` first would change nothing.
  var scaledEdge: Int {
    Int(UInt64(edge) * UInt64(longer) / UInt64(shorter))
  }
}

extension RoundedNumber {
  /// This number times `numerator` over `denominator`, each step rounded, fraction cut off.
  fileprivate func scaled(_ numerator: Int, over denominator: Int) -> Int {
    multiplied(by: numerator).divided(by: denominator).floor
  }
}
