#if arch(x86_64) && os(Linux)
  /// The C library's answer to CPUID: four words as the processor gives them, then the same four with
  /// only those bits set that a program can use, because the system saves the registers too (glibc 2.33,
  /// `sys/platform/x86.h`). It asks the processor itself, so that an emulated one answers for itself.
  @_extern(c, "__x86_get_cpuid_feature_leaf")
  private func cpuidFeatureLeaf(_ index: UInt32) -> UnsafePointer<UInt32>?
#endif

#if (arch(arm64) || arch(arm)) && (os(Linux) || os(none))
  /// One number of the auxiliary vector, which Linux gives to every program that it starts; 0 where there is
  /// none of that type. Embedded Swift knows no system, and its boards run Linux.
  @_extern(c, "getauxval")
  private func auxiliaryValue(_ type: UInt) -> UInt
#endif

/// What the processor and the operating system offer beyond the baseline of the architecture.
struct ProcessorFeatures {
  var hasSSE41 = false
  var hasAVX2 = false
  var hasAVXVNNI = false
  var hasAVX512VNNI = false
  var hasNEON = false
  var hasDotProduct = false
  var hasI8MM = false

  /// Asks the processor that this program runs on; where nobody can tell, nothing is there.
  init() {
    #if arch(x86_64) && os(Linux)
      let basic = Self.usable(leaf: 0, .ecx)
      let extendedB = Self.usable(leaf: 1, .ebx)
      let extendedC = Self.usable(leaf: 1, .ecx)
      let extendedA1 = Self.usable(leaf: 6, .eax)
      hasSSE41 = Self.all(basic, 0, 9, 19)
      hasAVX2 = hasSSE41 && Self.all(extendedB, 5)
      hasAVXVNNI = hasAVX2 && Self.all(extendedA1, 4)
      // F, DQ, BW and VL, then VNNI.
      hasAVX512VNNI = hasAVX2 && Self.all(extendedB, 16, 17, 30, 31) && Self.all(extendedC, 11)
    #elseif arch(arm64) && (os(Linux) || os(none))
      // Bits of the kernel's arch/arm64/include/uapi/asm/hwcap.h: ASIMD, ASIMDDP; I8MM.
      let basic = auxiliaryValue(16)
      hasNEON = basic >> 1 & 1 == 1
      hasDotProduct = hasNEON && basic >> 20 & 1 == 1
      hasI8MM = hasDotProduct && auxiliaryValue(26) >> 13 & 1 == 1
    #elseif arch(arm) && (os(Linux) || os(none))
      // arch/arm/include/uapi/asm/hwcap.h: NEON.
      hasNEON = auxiliaryValue(16) >> 12 & 1 == 1
    #endif
  }

  #if arch(x86_64) && os(Linux)
    private enum Word: Int {
      case eax = 4
      case ebx = 5
      case ecx = 6
    }

    /// One word of usable features: leaf 0 is CPUID 1, leaf 1 CPUID 7, leaf 6 CPUID 7 sub-leaf 1.
    private static func usable(leaf: UInt32, _ word: Word) -> UInt32 {
      cpuidFeatureLeaf(leaf).map { $0[word.rawValue] } ?? 0
    }

    private static func all(_ word: UInt32, _ bits: UInt32...) -> Bool {
      bits.allSatisfy { word >> $0 & 1 == 1 }
    }
  #endif
}
