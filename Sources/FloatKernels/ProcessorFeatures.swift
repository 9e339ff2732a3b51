#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the processor and the operating system offer beyond the baseline of the architecture.
///
/// Linux lists a feature in `/proc/cpuinfo` only where the kernel also saves its registers, which
/// CPUID alone does not say. Elsewhere nothing is assumed.
public struct ProcessorFeatures: Sendable {
  /// Whether AVX2 and FMA can be used.
  public let hasAVX2: Bool
  /// Whether AVX-512 F, BW, DQ and VL can be used.
  public let hasAVX512: Bool

  /// The features of the processor that this program runs on.
  public static let current = ProcessorFeatures()

  private init() {
    #if arch(x86_64) && os(Linux)
      let flags = Self.flagsOfFirstProcessor()
      hasAVX2 = ["avx2", "fma"].allSatisfy(flags.contains)
      hasAVX512 = ["avx512f", "avx512bw", "avx512dq", "avx512vl", "fma"].allSatisfy(flags.contains)
    #else
      hasAVX2 = false
      hasAVX512 = false
    #endif
  }

  #if arch(x86_64) && os(Linux)
    private static func flagsOfFirstProcessor() -> Set<String> {
      guard let file = fopen("/proc/cpuinfo", "r") else { return [] }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 16384)
      while fgets(&line, Int32(line.count), file) != nil {
        let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix("flags") {
          return Set(text.split { $0 == " " || $0 == "\t" || $0 == "\n" }.map(String.init))
        }
      }
      return []
    }
  #endif
}
