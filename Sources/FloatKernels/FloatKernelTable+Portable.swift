extension FloatKernelTable {
  /// The table that every processor of the target architecture runs.
  public static let portable = FloatKernelTable(
    name: "portable",
    tileRows: 6,
    tileColumns: 2 * vectorWidth,
    multiplyTile: multiplySixRows,
    softmaxRows: softmaxRowsKernel,
    layerNormRows: layerNormRowsKernel,
    sumChannels: sumChannelsKernel,
    scaleChannels: scaleChannelsKernel,
    maximumOfRows: maximumOfRowsKernel,
    add: addKernel,
    activate: activateKernel,
    sampleDeformable: sampleDeformableKernel,
    multiplyAddLoop: multiplyAddLoopKernel
  )
}
