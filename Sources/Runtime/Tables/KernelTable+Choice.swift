import Kernels

#if arch(x86_64)
  import KernelsAVX2
  import KernelsAVX512VNNI
  import KernelsAVXVNNI
  import KernelsSSE41
#elseif arch(arm64)
  import KernelsDotProd
  import KernelsI8MM
  import KernelsNEON
#elseif arch(arm) && !SOFT_FLOAT
  // Without a floating-point unit there is no NEON either, and its module cannot be imported.
  import KernelsNEON
#endif

extension KernelTable {
  /// The tables that this processor can run, weakest first.
  ///
  /// Each is the one before it with its own functions in place of weaker ones.
  public static var supported: [KernelTable] {
    var tables = [scalar]
    #if arch(x86_64)
      let features = ProcessorFeatures()
      if features.hasSSE41 { tables.append(tables[tables.count - 1].withSSE41()) }
      if features.hasAVX2 { tables.append(tables[tables.count - 1].withAVX2()) }
      if features.hasAVXVNNI { tables.append(tables[tables.count - 1].withAVXVNNI()) }
      if features.hasAVX512VNNI { tables.append(tables[tables.count - 1].withAVX512VNNI()) }
    #elseif arch(arm64)
      let features = ProcessorFeatures()
      if features.hasNEON { tables.append(tables[tables.count - 1].withNEON()) }
      if features.hasDotProduct { tables.append(tables[tables.count - 1].withDotProd()) }
      if features.hasI8MM { tables.append(tables[tables.count - 1].withI8MM()) }
    #elseif arch(arm) && !SOFT_FLOAT
      if ProcessorFeatures().hasNEON { tables.append(scalar.withNEON()) }
    #endif
    return tables
  }

  /// The names of all tables in this program, weakest first, whether the processor can run them or not.
  public static var compiledNames: [StaticString] {
    #if arch(x86_64)
      ["scalar", "sse41", "avx2", "avxvnni", "avx512vnni"]
    #elseif arch(arm64)
      ["scalar", "neon", "dotprod", "i8mm"]
    #elseif arch(arm) && !SOFT_FLOAT
      ["scalar", "neon"]
    #else
      ["scalar"]
    #endif
  }

  /// The strongest table that this processor can run.
  public static var best: KernelTable {
    let tables = supported
    return tables[tables.count - 1]
  }

  /// The table of that name, in ASCII, or nil where there is none that this processor can run.
  ///
  ///     KernelTable.named([UInt8]("avx2".utf8))
  public static func named(_ name: [UInt8]) -> KernelTable? {
    supported.first { $0.name.utf8Equals(name) }
  }
}

extension StaticString {
  fileprivate func utf8Equals(_ bytes: [UInt8]) -> Bool {
    guard utf8CodeUnitCount == bytes.count else { return false }
    return bytes.indices.allSatisfy { utf8Start[$0] == bytes[$0] }
  }
}

#if arch(x86_64)
  extension KernelTable {
    private func withSSE41() -> KernelTable {
      var table = self
      table.name = "sse41"
      table.multiplyAddLoop = KernelsSSE41.multiplyAddLoop
      table.matrixProductUInt8 = KernelsSSE41.matrixProductUInt8
      table.matrixProductInt16 = KernelsSSE41.matrixProductInt16
      table.productRows = 96
      table.productScratch = KernelsSSE41.productScratch
      table.weightedSum = KernelsSSE41.weightedSum
      table.unitChange = KernelsSSE41.unitChange
      table.rowNormalization = KernelsSSE41.rowNormalization
      return table
    }

    private func withAVX2() -> KernelTable {
      var table = self
      table.name = "avx2"
      table.multiplyAddLoop = KernelsAVX2.multiplyAddLoop
      table.matrixProductUInt8 = KernelsAVX2.matrixProductUInt8
      table.matrixProductInt16 = KernelsAVX2.matrixProductInt16
      table.productScratch = KernelsAVX2.productScratch
      table.attentionHead = KernelsAVX2.attentionHead
      table.attentionScratch = KernelsAVX2.attentionScratch
      table.deformableSampling = KernelsAVX2.deformableSampling
      table.samplingScratch = KernelsAVX2.samplingScratch
      table.regionSum = KernelsAVX2.regionSum
      table.weightedSum = KernelsAVX2.weightedSum
      table.unitChange = KernelsAVX2.unitChange
      table.rowNormalization = KernelsAVX2.rowNormalization
      return table
    }

    private func withAVXVNNI() -> KernelTable {
      var table = self
      table.name = "avxvnni"
      table.multiplyAddLoop = KernelsAVXVNNI.multiplyAddLoop
      table.matrixProductUInt8 = KernelsAVXVNNI.matrixProductUInt8
      table.productScratch = {
        max(
          KernelsAVX2.productScratch(rows: $0, groups: $1),
          KernelsAVXVNNI.productScratch(rows: $0, groups: $1)
        )
      }
      return table
    }

    private func withAVX512VNNI() -> KernelTable {
      var table = self
      table.name = "avx512vnni"
      table.multiplyAddLoop = KernelsAVX512VNNI.multiplyAddLoop
      table.attentionHead = KernelsAVX512VNNI.attentionHead
      table.attentionScratch = KernelsAVX512VNNI.attentionScratch
      table.deformableSampling = KernelsAVX512VNNI.deformableSampling
      table.samplingScratch = KernelsAVX512VNNI.samplingScratch
      table.regionSum = KernelsAVX512VNNI.regionSum
      table.weightedSum = KernelsAVX512VNNI.weightedSum
      table.unitChange = KernelsAVX512VNNI.unitChange
      table.rowNormalization = KernelsAVX512VNNI.rowNormalization
      table.matrixProductUInt8 = KernelsAVX512VNNI.matrixProductUInt8
      table.matrixProductInt16 = KernelsAVX512VNNI.matrixProductInt16
      table.productScratch = KernelsAVX512VNNI.productScratch
      return table
    }
  }
#endif

#if arch(arm64) || arch(arm) && !SOFT_FLOAT
  extension KernelTable {
    private func withNEON() -> KernelTable {
      var table = self
      table.name = "neon"
      table.multiplyAddLoop = KernelsNEON.multiplyAddLoop
      table.matrixProductUInt8 = KernelsNEON.matrixProductUInt8
      table.matrixProductInt16 = KernelsNEON.matrixProductInt16
      table.productScratch = KernelsNEON.productScratch
      table.attentionHead = KernelsNEON.attentionHead
      table.attentionScratch = KernelsNEON.attentionScratch
      table.deformableSampling = KernelsNEON.deformableSampling
      table.samplingScratch = KernelsNEON.samplingScratch
      table.regionSum = KernelsNEON.regionSum
      table.weightedSum = KernelsNEON.weightedSum
      table.unitChange = KernelsNEON.unitChange
      table.rowNormalization = KernelsNEON.rowNormalization
      return table
    }
  }
#endif

#if arch(arm64)
  extension KernelTable {
    private func withDotProd() -> KernelTable {
      var table = self
      table.name = "dotprod"
      table.multiplyAddLoop = KernelsDotProd.multiplyAddLoop
      table.matrixProductUInt8 = KernelsDotProd.matrixProductUInt8
      table.matrixProductInt16 = KernelsDotProd.matrixProductInt16
      table.productScratch = KernelsDotProd.productScratch
      return table
    }

    private func withI8MM() -> KernelTable {
      var table = self
      table.name = "i8mm"
      table.multiplyAddLoop = KernelsI8MM.multiplyAddLoop
      table.matrixProductUInt8 = KernelsI8MM.matrixProductUInt8
      table.matrixProductInt16 = KernelsI8MM.matrixProductInt16
      table.productScratch = KernelsI8MM.productScratch
      return table
    }
  }
#endif
