import FloatGraph

/// A few real inputs of a matrix product: rows of what one output pixel reads.
///
/// They answer what an error in the input does to the output, which no histogram can: an outlier
/// channel that meets small weights may be cut, one that meets large weights may not.
public struct ProductSamples: Sendable, Equatable {
  /// Rows kept of one product.
  public static let limit = 64
  /// Rows taken from one photograph.
  public static let perPhotograph = 4

  /// Numbers in a row, in the order of the weights of one output.
  public let width: Int
  /// Row after row.
  public private(set) var numbers: [Float] = []

  public init(width: Int) { self.width = width }

  public var rows: Int { numbers.count / width }

  /// Takes rows of a linear layer's input at seeded places.
  mutating func addRows(_ input: UnsafeBufferPointer<Float>, seed: Int) {
    let count = input.count / width
    for sample in places(count, seed) {
      numbers += input[sample * width..<(sample + 1) * width]
    }
  }

  /// Takes windows of a convolution's input at seeded places, zeros outside of the map.
  mutating func addWindows(
    _ input: UnsafeBufferPointer<Float>,
    grid: Shape.Grid,
    channels: Int,
    window: FloatOperation.Window,
    seed: Int
  ) {
    let columns = window.output(grid.width)
    for place in places(window.output(grid.height) * columns, seed) {
      let top = place / columns * window.stride - window.padding
      let left = place % columns * window.stride - window.padding
      for row in 0..<window.kernel {
        for column in 0..<window.kernel {
          let y = top + row * window.dilation
          let x = left + column * window.dilation
          if y >= 0, y < grid.height, x >= 0, x < grid.width {
            let start = (y * grid.width + x) * channels
            numbers += input[start..<start + channels]
          } else {
            numbers += repeatElement(0, count: channels)
          }
        }
      }
    }
  }

  /// Places spread over `count` by the golden ratio, from a start that the seed chooses.
  private func places(_ count: Int, _ seed: Int) -> [Int] {
    let wanted = min(Self.perPhotograph, Self.limit - rows, count)
    guard wanted > 0 else { return [] }
    return (0..<wanted).map { index in
      let fraction = Double(seed * Self.perPhotograph + index + 1) * 0.618_033_988_749_895
      return min(Int((fraction - fraction.rounded(.down)) * Double(count)), count - 1)
    }
  }
}
