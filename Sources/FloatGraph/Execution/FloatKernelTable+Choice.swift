import FloatKernels
import FloatKernelsAVX2
import FloatKernelsAVX512

extension FloatKernelTable {
  /// The tables that this processor can run, weakest first.
  public static let available: [FloatKernelTable] = {
    var tables = [portable]
    #if arch(x86_64)
      if ProcessorFeatures.current.hasAVX2 { tables.append(avx2()) }
      if ProcessorFeatures.current.hasAVX512 { tables.append(avx512()) }
    #endif
    return tables
  }()

  /// The strongest table that this processor can run.
  public static var best: FloatKernelTable { available[available.count - 1] }
}
