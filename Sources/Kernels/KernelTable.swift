/// The functions that compute, one field a family.
///
/// Every result is defined by ``scalar``; another table replaces fields by functions that give the
/// same bytes faster. Functions take one record, keep nothing and neither allocate nor fail: their
/// callers have checked the sizes.
///
///     let table = KernelTable.scalar
///     table.matrixProductUInt8(MatrixProduct(rows: …))
public struct KernelTable: Sendable {
  /// The name by which a user can ask for the table.
  public var name: StaticString

  public var matrixProductUInt8: MatrixProduct.Kernel
  public var matrixProductInt16: MatrixProduct.Kernel
  public var maximumPoolUInt8: MaximumPool.Kernel
  public var maximumPoolInt16: MaximumPool.Kernel
  public var weightedSum: WeightedSum.Kernel
  public var unitChange: UnitChange.Kernel
  public var rowNormalization: RowNormalization.Kernel
  public var groupStatistics: GroupStatistics.Kernel
  public var channelLines: ChannelLines.Kernel
  public var attentionHead: AttentionHead.Kernel
  public var deformableSampling: DeformableSampling.Kernel
  public var sigmoid: SigmoidMap.Kernel
  public var boxUpdate: BoxUpdate.Kernel
  public var regionSum: RegionSum.Kernel
  public var gatedRows: GatedRows.Kernel

  /// Multiplies and adds in registers as fast as the table's matrix product of uint8 inputs could at best;
  /// takes a number of rounds and 64 bytes of memory, returns how many multiply-adds it has done.
  public var multiplyAddLoop: @Sendable (_ iterations: Int, UnsafeMutableRawPointer) -> Int

  /// Rows that a call of a matrix product should have where it can: enough that what a table does once a
  /// call and panel does not count, few enough that inputs and outputs stay in the second-level cache.
  public var productRows: Int
  /// Bytes of scratch memory that a matrix product needs for a number of rows and of groups of four
  /// inputs over all runs.
  public var productScratch: @Sendable (_ rows: Int, _ groups: Int) -> Int
  /// Bytes of scratch memory that ``attentionHead`` needs for a number of keys, of their channels and of
  /// those of values.
  public var attentionScratch: @Sendable (_ keys: Int, _ channels: Int, _ valueChannels: Int) -> Int
  /// Bytes of scratch memory that ``deformableSampling`` needs for a number of samples a query.
  public var samplingScratch: @Sendable (_ samples: Int) -> Int

  public var tableLookup: TableLookup.Kernel
  public var averagePool: AveragePool.Kernel
  public var rowMaximum: RowMaximum.Kernel

  /// The reference of every family, in plain Swift.
  public static var scalar: KernelTable {
    KernelTable(
      name: "scalar",
      matrixProductUInt8: scalarMatrixProductUInt8,
      matrixProductInt16: scalarMatrixProductInt16,
      maximumPoolUInt8: scalarMaximumPoolUInt8,
      maximumPoolInt16: scalarMaximumPoolInt16,
      weightedSum: scalarWeightedSum,
      unitChange: scalarUnitChange,
      rowNormalization: scalarRowNormalization,
      groupStatistics: scalarGroupStatistics,
      channelLines: scalarChannelLines,
      attentionHead: scalarAttentionHead,
      deformableSampling: scalarDeformableSampling,
      sigmoid: scalarSigmoid,
      boxUpdate: scalarBoxUpdate,
      regionSum: scalarRegionSum,
      gatedRows: scalarGatedRows,
      multiplyAddLoop: scalarMultiplyAddLoop,
      productRows: 48,
      productScratch: { _, _ in 0 },
      attentionScratch: scalarAttentionScratch,
      samplingScratch: scalarSamplingScratch,
      tableLookup: scalarTableLookup,
      averagePool: scalarAveragePool,
      rowMaximum: scalarRowMaximum
    )
  }
}
