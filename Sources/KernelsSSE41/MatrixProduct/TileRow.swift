#if arch(x86_64)
  import Kernels

  // This folder is compiled once per instruction set: the targets of the other tables link to it and
  // give `Register` and its operations for their registers.

  /// One row of a tile while its products are added up.
  ///
  /// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
  typealias TileRow = (left: Register, right: Register)

  /// Writes the biases of up to 16 outputs, zeros in place of those that do not exist, and 16 zeros.
  @inline(never)
  func copyBias(
    _ call: MatrixProduct,
    _ firstOutput: Int,
    _ outputs: Int,
    _ biases: UnsafeMutablePointer<Int32>,
    _ zeros: UnsafeMutablePointer<Int32>
  ) {
    var index = 0
    while index < 16 {
      biases[index] = index < outputs ? call.bias[firstOutput &+ index] : 0
      zeros[index] = 0
      index &+= 1
    }
  }
#endif
