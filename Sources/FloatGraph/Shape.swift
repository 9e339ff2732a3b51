/// The size of the network's input and the part of it that holds the picture.
public struct InputSize: Sendable, Equatable {
  public let height: Int
  public let width: Int
  /// Rows that hold the picture; the rest below is padding.
  public let validHeight: Int
  /// Columns that hold the picture; the rest to the right is padding.
  public let validWidth: Int

  public init(height: Int, width: Int) {
    self.init(height: height, width: width, validHeight: height, validWidth: width)
  }

  public init(height: Int, width: Int, validHeight: Int, validWidth: Int) {
    self.height = height
    self.width = width
    self.validHeight = validHeight
    self.validWidth = validWidth
  }
}

/// The size of a value for one input size.
public struct Shape: Sendable, Equatable {
  /// Height and width of a feature map, and the part of it that is not padding.
  public struct Grid: Sendable, Equatable {
    public let height: Int
    public let width: Int
    public let validHeight: Int
    public let validWidth: Int

    /// Whether any pixel is padding.
    public var isPadded: Bool { validHeight < height || validWidth < width }
  }

  public let rows: Int
  public let channels: Int
  /// Present for feature maps.
  public let grid: Grid?

  public var count: Int { rows * channels }
}

/// Why a graph cannot take an input size.
public enum ShapeError: Error, Equatable, CustomStringConvertible {
  case emptyMap(node: String, input: InputSize)
  case learnedPositionsExceeded(node: String, positions: Int, needed: Int)
  case tooFewTokens(node: String, tokens: Int, needed: Int)
  case mapsDiffer(node: String, first: Shape.Grid, other: Shape.Grid, input: InputSize)

  public var description: String {
    switch self {
    case .emptyMap(let node, let input):
      "\(node): an input of \(input.height)x\(input.width) leaves no pixel here; use a larger --size"
    case .learnedPositionsExceeded(let node, let positions, let needed):
      "\(node): the checkpoint has \(positions) learned positions, this size needs \(needed)"
    case .tooFewTokens(let node, let tokens, let needed):
      "\(node): \(needed) proposals are to be chosen from \(tokens) tokens; use a larger --size"
    case .mapsDiffer(let node, let first, let other, let input):
      "\(node): maps of \(first.height)x\(first.width) and \(other.height)x\(other.width) do not fit "
        + "each other for an input of \(input.height)x\(input.width); use a --size whose sides are "
        + "multiples of 32"
    }
  }
}

extension FloatGraph {
  /// Infers the shape of every value for one input size.
  ///
  /// The padding of a level is the nearest-neighbour reduction of the input's: pixel `i` of `n`
  /// stands for input pixel `⌊i · input / n⌋` (in 32-bit floats, as the reference computes it).
  ///
  /// - Parameter input: the size of the network's input.
  /// - Returns: one shape a value, in the order of ``values``.
  /// - Throws: ``ShapeError`` when a map becomes empty or a table is too short.
  public func shapes(for input: InputSize) throws(ShapeError) -> [Shape] {
    var shapes = [
      Shape(
        rows: input.height * input.width,
        channels: 3,
        grid: Shape.Grid(
          height: input.height,
          width: input.width,
          validHeight: input.validHeight,
          validWidth: input.validWidth
        )
      )
    ]
    shapes.reserveCapacity(values.count)
    for node in nodes {
      let name = self[node.output].name
      let channels = self[node.output].channels
      let first = node.inputs.first.map { shapes[$0.index] }
      var rows = first?.rows ?? 0
      var grid: Shape.Grid? = nil
      switch node.operation {
      case .convolution(_, let window, _), .maxPool(let window):
        let map = first!.grid!
        let height = window.output(map.height)
        let width = window.output(map.width)
        guard height > 0, width > 0 else {
          throw .emptyMap(node: name, input: input)
        }
        grid = Shape.Grid(
          height: height,
          width: width,
          validHeight: Self.validLength(height, of: input.height, valid: input.validHeight),
          validWidth: Self.validLength(width, of: input.width, valid: input.validWidth)
        )
        rows = height * width
      case .linear, .add, .layerNorm, .groupNorm, .sliceColumns, .attention, .sigmoid,
        .refineBoxes, .boxSine, .maskPadding, .maskProposals:
        grid = first!.grid
      case .positionCode(let code):
        grid = first!.grid
        if case .learned(let columns, let rows) = code.kind {
          let needed = max(grid!.height, grid!.width)
          guard grid!.width <= columns.rows, grid!.height <= rows.rows else {
            throw .learnedPositionsExceeded(
              node: name,
              positions: min(columns.rows, rows.rows),
              needed: needed
            )
          }
        }
      case .constant(let matrix):
        rows = matrix.rows
      case .concatenateRows:
        rows = node.inputs.reduce(0) { $0 + shapes[$1.index].rows }
      case .deformableAttention:
        rows = shapes[node.inputs[1].index].rows
      case .anchorLogits(let levels):
        rows = levels.reduce(0) { $0 + shapes[$1.index].rows }
      case .topRows(let count, _):
        guard count <= rows else {
          throw .tooFewTokens(node: name, tokens: rows, needed: count)
        }
        rows = count
      case .gatherRows:
        rows = shapes[node.inputs[1].index].rows
      case .activate:
        grid = first!.grid
      case .averagePool(let size):
        let map = first!.grid!
        grid = Shape.Grid(
          height: (map.height + size - 1) / size,
          width: (map.width + size - 1) / size,
          of: input
        )
        rows = grid!.height * grid!.width
      case .upsample(let factor):
        let map = first!.grid!
        grid = Shape.Grid(height: map.height * factor, width: map.width * factor, of: input)
        rows = grid!.height * grid!.width
      case .concatenateColumns:
        grid = first!.grid
        for other in node.inputs.dropFirst() {
          guard let own = grid, let map = shapes[other.index].grid, own != map else { continue }
          throw .mapsDiffer(node: name, first: own, other: map, input: input)
        }
      case .rowMaximum: break
      case .spatialAttention(let attention):
        if attention.sharesKeys { rows /= attention.heads }
      case .regionPooling, .regionSampling: rows = shapes[node.inputs[1].index].rows
      case .pointsInBoxes: break
      case .gate(let parts): rows *= parts
      }
      shapes.append(Shape(rows: rows, channels: channels, grid: grid))
    }
    return shapes
  }

  /// How many of `length` pixels of a map stand for valid input pixels.
  static func validLength(_ length: Int, of input: Int, valid: Int) -> Int {
    if valid >= input { return length }
    let scale = Float(input) / Float(length)
    return (0..<length).prefix { min(Int(Float($0) * scale), input - 1) < valid }.count
  }
}

extension Shape.Grid {
  /// A map of some size whose padding follows from the input's.
  fileprivate init(height: Int, width: Int, of input: InputSize) {
    self.init(
      height: height,
      width: width,
      validHeight: FloatGraph.validLength(height, of: input.height, valid: input.validHeight),
      validWidth: FloatGraph.validLength(width, of: input.width, valid: input.validWidth)
    )
  }
}
