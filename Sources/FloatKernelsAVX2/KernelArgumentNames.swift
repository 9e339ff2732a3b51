import FloatKernels

// The shared sources name these records without an import, which would be one of itself where they
// belong to FloatKernels.
typealias MatrixTile = FloatKernels.MatrixTile
typealias SoftmaxRows = FloatKernels.SoftmaxRows
typealias LayerNormRows = FloatKernels.LayerNormRows
typealias ChannelSums = FloatKernels.ChannelSums
typealias ChannelScaling = FloatKernels.ChannelScaling
typealias RowCombination = FloatKernels.RowCombination
typealias ElementwiseOperation = FloatKernels.ElementwiseOperation
typealias Activation = FloatKernels.Activation
typealias DeformableSampling = FloatKernels.DeformableSampling
