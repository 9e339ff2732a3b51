import FloatKernels

extension FloatKernelTable {
  /// The table for x86-64 processors with AVX-512 F, BW, DQ and VL.
  public static func avx512() -> FloatKernelTable {
    FloatKernelTable(
      name: "avx512",
      tileRows: 12,
      tileColumns: 2 * vectorWidth,
      multiplyTile: multiplyTwelveRows,
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
