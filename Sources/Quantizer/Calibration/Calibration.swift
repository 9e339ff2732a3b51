import FloatGraph

/// The statistics of every value of a graph over a set of photographs.
public struct Calibration: Sendable {
  public private(set) var statistics: [ValueStatistics]
  public private(set) var photographs = 0

  public init(graph: FloatGraph) {
    statistics = [ValueStatistics](repeating: ValueStatistics(), count: graph.values.count)
  }

  /// Runs one photograph through the float graph and adds what it shows.
  ///
  /// - Parameters:
  ///   - picture: normalised pixels [height · width, 3].
  ///   - size: the input's size.
  ///   - executor: the float executor of the same graph.
  /// - Throws: ``ShapeError`` when the graph cannot take the size.
  public mutating func add(
    picture: [Float],
    size: InputSize,
    executor: FloatExecutor
  ) throws(ShapeError) {
    var statistics = statistics
    self.statistics = []
    defer { self.statistics = statistics }
    _ = try executor.run(picture: picture, size: size) { value, _, numbers in
      statistics[value.index].observe(numbers)
    }
    photographs += 1
  }

  subscript(value: FloatGraph.ValueID) -> ValueStatistics { statistics[value.index] }
}
