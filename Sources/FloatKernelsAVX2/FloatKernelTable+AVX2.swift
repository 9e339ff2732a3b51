import FloatKernels

extension FloatKernelTable {
  /// The table for x86-64 processors with AVX2 and FMA.
  public static func avx2() -> FloatKernelTable {
    FloatKernelTable(
      name: "avx2",
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
}
