/// Runs a float graph on pictures, on a fixed number of threads.
///
/// Weights are packed once; activations live from the node that makes them to the last one that
/// reads them (or until the end where they are kept), in buffers that are reused. The results do
/// not depend on the number of threads.
///
///     let executor = FloatExecutor(graph: graph, threads: 2)
///     let result = try executor.run(picture: pixels, size: InputSize(height: 800, width: 1066))
///     let logits = result[graph.logits!]
public final class FloatExecutor {
  public let graph: FloatGraph
  public let threads: Int

  /// Sees every value right after it was computed: calibration hangs here.
  ///
  /// The buffer holds rows × channels numbers, row by row, and is valid during the call only.
  public typealias Observer = (FloatGraph.ValueID, Shape, UnsafeBufferPointer<Float>) -> Void

  /// The values that outlive a run.
  public struct Result {
    public let shapes: [Shape]
    public let values: [FloatGraph.ValueID: [Float]]
    public subscript(value: FloatGraph.ValueID) -> [Float] { values[value] ?? [] }
  }

  public init(graph: FloatGraph, threads: Int) {
    self.graph = graph
    self.threads = threads
  }

  /// Computes the graph for one picture.
  ///
  /// - Parameters:
  ///   - picture: normalised pixels [height · width, 3], padding included.
  ///   - size: the input's size and its valid part.
  ///   - keep: values to return beside logits, boxes and memory.
  ///   - observer: sees each value as it is made.
  /// - Returns: the kept values.
  /// - Throws: ``ShapeError`` when the graph cannot take the size.
  public func run(
    picture: [Float],
    size: InputSize,
    keep: Set<FloatGraph.ValueID> = [],
    observer: Observer? = nil
  ) throws(ShapeError) -> Result {
    fatalError("under construction")
  }
}
