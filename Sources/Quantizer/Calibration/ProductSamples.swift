import FloatGraph

/// A few real inputs of matrix products: rows of what one output pixel reads.
///
/// They answer what an error in the input does to the output, which no histogram can: an outlier
/// channel that meets small weights may be cut, one that meets large weights may not. They are an even
/// choice of all rows that were offered (Vitter, "Random sampling with a reservoir", 1985, algorithm
/// R, with a fixed sequence for its random numbers), so memory does not grow with the number of
/// photographs.
public struct ProductSamples: Sendable, Equatable {
  /// Rows that are kept.
  public static let limit = 256
  /// Rows offered by one photograph, where it has so many.
  public static let perPhotograph = 32

  /// Numbers in a row, in the order of the weights of one output.
  public let width: Int
  /// Row after row.
  public private(set) var numbers: [Float]
  /// Rows that were offered, kept or not.
  public private(set) var offered: Int

  public init(width: Int) {
    self.width = width
    numbers = []
    offered = 0
  }

  /// Samples as they were kept before.
  init(width: Int, numbers: [Float], offered: Int) {
    self.width = width
    self.numbers = numbers
    self.offered = offered
  }

  public var rows: Int { numbers.count / max(width, 1) }

  /// The numbers of the first rows, at most as many as asked for.
  func first(_ count: Int) -> [Float] { Array(numbers.prefix(count * width)) }

  /// Offers rows of a linear layer's input at seeded places.
  mutating func addRows(_ input: UnsafeBufferPointer<Float>, seed: Int) {
    for place in Self.places(input.count / width, seed) {
      add(input[place * width..<(place + 1) * width])
    }
  }

  /// Offers windows of a convolution's input at seeded places, zeros outside of the map.
  mutating func addWindows(
    _ input: UnsafeBufferPointer<Float>,
    grid: Shape.Grid,
    channels: Int,
    window: FloatOperation.Window,
    seed: Int
  ) {
    let columns = window.output(grid.width)
    var taps: [Float] = []
    for place in Self.places(window.output(grid.height) * columns, seed) {
      let top = place / columns * window.stride - window.padding
      let left = place % columns * window.stride - window.padding
      taps.removeAll(keepingCapacity: true)
      for row in 0..<window.kernel {
        for column in 0..<window.kernel {
          let y = top + row * window.dilation
          let x = left + column * window.dilation
          if y >= 0, y < grid.height, x >= 0, x < grid.width {
            let start = (y * grid.width + x) * channels
            taps += input[start..<start + channels]
          } else {
            taps += repeatElement(0, count: channels)
          }
        }
      }
      add(taps[...])
    }
  }

  private mutating func add(_ row: some RandomAccessCollection<Float>) {
    offered += 1
    guard rows == Self.limit else {
      numbers += row
      return
    }
    let slot = Int(Self.scrambled(UInt64(offered)) % UInt64(offered))
    guard slot < Self.limit else { return }
    numbers.replaceSubrange(slot * width..<(slot + 1) * width, with: row)
  }

  /// Places spread over `count` by the golden ratio, from a start that the seed chooses.
  private static func places(_ count: Int, _ seed: Int) -> [Int] {
    (0..<min(perPhotograph, count)).map { index in
      let fraction = Double(seed * perPhotograph + index + 1) * 0.618_033_988_749_895
      return min(Int((fraction - fraction.rounded(.down)) * Double(count)), count - 1)
    }
  }

  /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
  private static func scrambled(_ number: UInt64) -> UInt64 {
    var z = number &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
