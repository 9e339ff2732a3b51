import FixedPoint

/// The rows of a position table: for each level its y rows, the one for padding columns, its x rows, the
/// one for padding rows.
struct PositionTableStep {
  enum Kind {
    case sine(frequencies: UnsafePointer<Int32>, halfOffset: Int32, rescale: Rescale)
    case learned(columns: UnsafePointer<Int16>, rows: UnsafePointer<Int16>)
    case sineHalves(frequencies: UnsafePointer<Int32>, rescale: Rescale)
  }

  let kind: Kind
  let pyramid: Pyramid
  /// Where the frequencies of x begin; those of y begin at 0.
  let firstColumnFrequency: Int
  let columnFeatures: Int
  let rowFeatures: Int
  /// [levels, channels] or nil.
  let levelVectors: UnsafePointer<Int16>?
  let output: UnsafeMutablePointer<Int16>

  private var channels: Int { columnFeatures + rowFeatures }

  func run(_ context: StepContext) {
    for index in 0..<pyramid.count {
      let level = pyramid.levels[index]
      for row in context.share(of: level.tableRows, unit: 4) {
        let code = output + (level.firstTableRow + row) * channels
        let isY = row <= level.height
        for channel in 0..<channels {
          var number: Int64 = 0
          if isY, let levelVectors { number = Int64(levelVectors[index * channels + channel]) }
          number += Int64(
            isY
              ? feature(channel, y: row, level)
              : feature(channel, x: row - level.height - 1, level)
          )
          code[channel] = Int16(truncatingIfNeeded: min(max(number, -32768), 32767))
        }
      }
    }
  }

  /// A channel of a y row; `y` is the height for padding columns.
  private func feature(_ channel: Int, y: Int, _ level: LevelGeometry) -> Int32 {
    switch kind {
    case .sine:
      guard channel < rowFeatures else { return 0 }
      let count = y == level.height ? 0 : min(y + 1, level.validHeight)
      return sine(channel, 0, count: count, last: level.validHeight)
    case .learned(_, let rows):
      guard channel >= columnFeatures, y < level.height else { return 0 }
      return Int32(rows[y * rowFeatures + channel - columnFeatures])
    case .sineHalves:
      guard channel < rowFeatures, y < level.height else { return 0 }
      return half(channel, of: rowFeatures, place: y)
    }
  }

  /// A channel of an x row; `x` is the width for padding rows.
  private func feature(_ channel: Int, x: Int, _ level: LevelGeometry) -> Int32 {
    switch kind {
    case .sine:
      guard channel >= rowFeatures else { return 0 }
      let count = x == level.width ? 0 : min(x + 1, level.validWidth)
      return sine(
        channel - rowFeatures,
        firstColumnFrequency,
        count: count,
        last: level.validWidth
      )
    case .learned(let columns, _):
      guard channel < columnFeatures, x < level.width else { return 0 }
      return Int32(columns[x * columnFeatures + channel])
    case .sineHalves:
      guard channel >= rowFeatures, x < level.width else { return 0 }
      return half(channel - rowFeatures, of: columnFeatures, place: x)
    }
  }

  /// The rescaled sine of a place, counted from 0, or in the second half of the features its cosine.
  private func half(_ index: Int, of features: Int, place: Int) -> Int32 {
    guard case .sineHalves(let frequencies, let rescale) = kind else { return 0 }
    let count = features / 2
    // A position with 16 fraction bits times turns per pixel with 48.
    let frequency = UInt64(bitPattern: Int64(frequencies[index % count])) << 18
    let phase = positionPhase(Int64(place) << 16, turnsPerUnit: frequency)
    return rescale.applySaturating(index < count ? FixedPoint.sine(phase) : cosine(phase))
  }

  /// The rescaled sine or cosine for pixel `count`, counted from 1; 0 stands for padding, phase 0.
  private func sine(_ index: Int, _ firstFrequency: Int, count: Int, last: Int) -> Int32 {
    guard case .sine(let frequencies, let halfOffset, let rescale) = kind else { return 0 }
    var phase: UInt32 = 0
    if count > 0 {
      // A position with 16 fraction bits times turns per pixel with 48.
      let frequency = UInt64(bitPattern: Int64(frequencies[firstFrequency + index])) << 18
      let perPixel = turnsPerUnit(turnsPerExtent: frequency, extent: UInt32(last))
      let position = (2 * Int64(count) - Int64(halfOffset)) << 15
      phase = positionPhase(position, turnsPerUnit: perPixel)
    }
    return rescale.applySaturating(index & 1 == 0 ? FixedPoint.sine(phase) : cosine(phase))
  }
}

/// Sines and cosines of the coordinates of boxes.
struct BoxSineStep {
  let input: UnsafePointer<Int32>
  let columns: Int
  let rows: Int
  let frequencies: UnsafePointer<Int32>
  let features: Int
  let output: UnsafeMutablePointer<Int16>

  func run(_ context: StepContext) {
    for item in context.share(of: rows * columns, unit: columns) {
      let position = Int64(input[item])
      let codes = output + item * features
      for feature in 0..<features {
        // 30 fraction bits of the position and 34 of the frequency.
        let frequency = UInt64(bitPattern: Int64(frequencies[feature])) << 4
        let phase = positionPhase(position, turnsPerUnit: frequency)
        codes[feature] = roundedToInt16(feature & 1 == 0 ? sine(phase) : cosine(phase))
      }
    }
  }
}
