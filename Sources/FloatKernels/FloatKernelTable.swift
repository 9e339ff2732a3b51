/// The float kernels of one instruction set, as functions on raw memory.
///
/// One table exists per instruction set; `FloatKernelTable.portable` runs everywhere, the others
/// stand in targets that are compiled for their processor and must be chosen only where
/// `ProcessorFeatures` finds what they need. The functions know nothing of threads: the drivers in
/// this module split the work and call them.
///
/// Contracts common to all functions: pointers need no alignment; feature maps are row-major
/// `[rows, channels]`; input and output may be the same memory where a function says so and must
/// not overlap otherwise; every result depends only on the inputs, never on how rows were split.
public final class FloatKernelTable: Sendable {
  /// The instruction set, as `--isa` spells it.
  public let name: StaticString

  /// The number of output rows that `multiplyTile` computes at once.
  public let tileRows: Int

  /// The number of output columns that `multiplyTile` computes at once: the width of a panel.
  public let tileColumns: Int

  /// Computes one tile of a matrix product.
  public let multiplyTile: @Sendable (_ tile: MatrixTile) -> Void

  /// Turns every row of a matrix into its softmax, in place.
  public let softmaxRows: @Sendable (_ rows: SoftmaxRows) -> Void

  /// Normalises every row to mean 0 and variance 1, then applies gain and bias.
  public let layerNormRows: @Sendable (_ rows: LayerNormRows) -> Void

  /// Adds up every channel, or its squared distance from a centre, over the rows of a map.
  public let sumChannels: @Sendable (_ sums: ChannelSums) -> Void

  /// Computes `(x − centre) · scale + shift` with one centre, scale and shift per channel.
  public let scaleChannels: @Sendable (_ scaling: ChannelScaling) -> Void

  /// Writes the element-wise maximum of several rows.
  public let maximumOfRows: @Sendable (_ rows: RowCombination) -> Void

  /// Writes `left + right`, element by element; the output may be either input.
  public let add: @Sendable (_ operation: ElementwiseOperation) -> Void

  /// Writes an activation of `left`, element by element; the output may be the input.
  public let activate: @Sendable (_ operation: ElementwiseOperation, _ kind: Activation) -> Void

  /// Samples and sums values for a run of queries of multi-scale deformable attention.
  ///
  /// `scratch` holds `scratchCount` floats of the record, used by no other thread.
  public let sampleDeformable:
    @Sendable (
      _ sampling: DeformableSampling, _ queries: Range<Int>, _ scratch: UnsafeMutablePointer<Float>
    ) -> Void

  /// Repeats multiply-adds that depend on nothing but registers and returns how many were done.
  ///
  /// `memory` holds at least 64 floats, which seed the registers and receive their sum.
  public let multiplyAddLoop:
    @Sendable (_ iterations: Int, _ memory: UnsafeMutablePointer<Float>) -> Int

  /// Makes a table from the functions of one instruction set.
  public init(
    name: StaticString,
    tileRows: Int,
    tileColumns: Int,
    multiplyTile: @escaping @Sendable (MatrixTile) -> Void,
    softmaxRows: @escaping @Sendable (SoftmaxRows) -> Void,
    layerNormRows: @escaping @Sendable (LayerNormRows) -> Void,
    sumChannels: @escaping @Sendable (ChannelSums) -> Void,
    scaleChannels: @escaping @Sendable (ChannelScaling) -> Void,
    maximumOfRows: @escaping @Sendable (RowCombination) -> Void,
    add: @escaping @Sendable (ElementwiseOperation) -> Void,
    activate: @escaping @Sendable (ElementwiseOperation, Activation) -> Void,
    sampleDeformable:
      @escaping @Sendable (DeformableSampling, Range<Int>, UnsafeMutablePointer<Float>) -> Void,
    multiplyAddLoop: @escaping @Sendable (Int, UnsafeMutablePointer<Float>) -> Int
  ) {
    self.name = name
    self.tileRows = tileRows
    self.tileColumns = tileColumns
    self.multiplyTile = multiplyTile
    self.softmaxRows = softmaxRows
    self.layerNormRows = layerNormRows
    self.sumChannels = sumChannels
    self.scaleChannels = scaleChannels
    self.maximumOfRows = maximumOfRows
    self.add = add
    self.activate = activate
    self.sampleDeformable = sampleDeformable
    self.multiplyAddLoop = multiplyAddLoop
  }
}
