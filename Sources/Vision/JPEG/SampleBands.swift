/// Where the decoded samples of a JPEG stand until they become pixels.
///
/// Of each component one band is kept: the rows that one row of block units gives, and above them
/// the last row of the band before. Samples stand in words of eight, a block is one word wide. All
/// bands and one enlarged row a component share one array: at most `8 * maxVertical + 2` bytes for
/// each column of whole units and each component.
///
/// Smooth enlargement of rows looks at the rows above and below, and the one below the last row of a
/// band is not there yet. That last row therefore becomes pixels with the next band.
struct SampleBands {
  /// How a component comes to the size of the picture, as libjpeg chooses it.
  enum Enlargement {
    /// It has that size.
    case none
    /// Each sample is repeated.
    case repeated
    /// Columns are doubled with weights 3 and 1.
    case smoothColumns
    /// Rows are doubled with weights 3 and 1.
    case smoothRows
    /// Both are doubled with weights 9, 3, 3 and 1.
    case smoothBoth
  }

  /// The place of one component.
  struct Plane {
    let component: JPEGComponent
    let enlargement: Enlargement
    let wordsPerRow: Int
    /// The number of rows that one band brings.
    let rowCount: Int
    /// The index of the first word of row 0; the row before it belongs to the band above.
    let start: Int
    /// The index of the first word of the enlarged row.
    let enlargedRow: Int
  }

  let frame: JPEGFrame
  let planes: [Plane]
  /// The number of words of all planes.
  let wordCount: Int
  /// How many rows of pixels wait for the next band.
  let delay: Int

  init(_ frame: JPEGFrame) {
    self.frame = frame
    var planes: [Plane] = []
    var wordCount = 0
    var delay = 0
    for component in frame.components {
      let wordsPerRow = frame.paddedBlocksPerRow(component)
      let rowCount = component.vertical * 8
      let enlargement = Self.enlargement(of: component)
      let enlargedWords = enlargement == .none ? 0 : wordsPerRow * component.widthRatio
      let start = wordCount + wordsPerRow
      planes.append(
        Plane(
          component: component,
          enlargement: enlargement,
          wordsPerRow: wordsPerRow,
          rowCount: rowCount,
          start: start,
          enlargedRow: start + rowCount * wordsPerRow
        )
      )
      wordCount = start + rowCount * wordsPerRow + enlargedWords
      if enlargement == .smoothRows || enlargement == .smoothBoth {
        delay = 1
      }
    }
    self.planes = planes
    self.wordCount = wordCount
    self.delay = delay
  }

  private static func enlargement(of component: JPEGComponent) -> Enlargement {
    switch (component.widthRatio, component.heightRatio) {
    case (1, 1): .none
    // libjpeg smooths columns only where there are at least three.
    case (2, 1): component.width > 2 ? .smoothColumns : .repeated
    case (1, 2): .smoothRows
    case (2, 2): component.width > 2 ? .smoothBoth : .repeated
    default: .repeated
    }
  }

  /// The rows of pixels that can be made once the band of `unitRow` is complete.
  func rowsReady(after unitRow: Int) -> Range<Int> {
    let height = 8 * frame.maxVertical
    let first = unitRow == 0 ? 0 : unitRow * height - delay
    let end = unitRow == frame.unitRows - 1 ? frame.height : (unitRow + 1) * height - delay
    return first..<end
  }

  /// Makes room for the next band and keeps the last row of this one above it.
  func advance(_ words: inout MutableSpan<SIMD8<UInt8>>) {
    for plane in planes {
      let last = plane.start + (plane.rowCount - 1) * plane.wordsPerRow
      for word in 0..<plane.wordsPerRow {
        words[plane.start - plane.wordsPerRow + word] = words[last + word]
      }
    }
  }

  /// Brings one row of a component to the width of the picture.
  ///
  /// - Parameters:
  ///   - plane: the component's place.
  ///   - row: the row of the picture.
  ///   - unitRow: the band that was decoded last.
  ///   - words: the samples of all components.
  /// - Returns: the index of the row's first word.
  @inline(__always)
  func enlarge(
    _ plane: Plane,
    row: Int,
    unitRow: Int,
    words: inout MutableSpan<SIMD8<UInt8>>
  ) -> Int {
    let component = plane.component
    let bandTop = unitRow * plane.rowCount
    let near = row / component.heightRatio
    // Of two rows from one the upper leans to the row above; the edges have themselves beyond.
    let far = max(0, min(component.height - 1, row & 1 == 0 ? near - 1 : near + 1))
    let nearStart = plane.start + (near - bandTop) * plane.wordsPerRow
    let farStart = plane.start + (far - bandTop) * plane.wordsPerRow
    switch plane.enlargement {
    case .none:
      return nearStart
    case .repeated:
      repeatColumns(
        from: nearStart,
        to: plane.enlargedRow,
        sampleCount: component.width,
        ratio: component.widthRatio,
        words: &words
      )
    case .smoothColumns:
      smoothColumns(
        from: nearStart,
        to: plane.enlargedRow,
        sampleCount: component.width,
        words: &words
      )
    case .smoothRows:
      smoothRows(
        near: nearStart,
        far: farStart,
        to: plane.enlargedRow,
        sampleCount: component.width,
        bias: row & 1 == 0 ? 1 : 2,
        words: &words
      )
    case .smoothBoth:
      smoothBoth(
        near: nearStart,
        far: farStart,
        to: plane.enlargedRow,
        sampleCount: component.width,
        words: &words
      )
    }
    return plane.enlargedRow
  }
}
