#if arch(arm64) || arch(arm)
  import Kernels

  // A tile is 4 rows × 16 outputs. Inputs are packed once per call and then read by all panels: four
  // rows lie side by side in chunks of 16 bytes each, whatever runs they came from, so that the inner loop
  // knows two pointers.
  //
  //     scratch    16 sums of weights and what a table adds, 128 bytes | [tiles][chunks][4 rows][16 bytes] inputs | weights of a panel
  //
  // Tables for bytes multiply x − 128, which is signed as the weights are, and add 128 Σ w again: all
  // of it wraps in 32 bits, so that the bits are those of the reference.

  /// Chunks of 16 bytes a row and plane of bytes.
  @_transparent
  func chunkCount(_ groups: Int) -> Int { (groups &+ 3) / 4 }

  /// Where the parts of a call's scratch memory begin.
  typealias TileScratch = (
    sums: UnsafeMutablePointer<Int32>, inputs: UnsafeMutableRawPointer,
    weights: UnsafeMutableRawPointer
  )

  /// The parts for tiles of so many chunks together.
  @_transparent
  func tileScratch(_ call: MatrixProduct, inputChunks: Int) -> TileScratch {
    (
      sums: call.scratch.assumingMemoryBound(to: Int32.self),
      inputs: call.scratch + 128,
      weights: call.scratch + (128 &+ inputChunks &* 64)
    )
  }

  /// Bytes of scratch memory for a product of either type of inputs.
  @export(interface)
  public func productScratch(rows: Int, groups: Int) -> Int {
    let chunks = chunkCount(groups)
    // Int16 inputs take two chunks where uint8 ones take one.
    return 128 &+ (rows &+ 3) / 4 &* chunks &* 128 &+ chunks &* weightBytesPerChunk
  }

  /// The sums of a tile on the stack.
  @inline(__always)
  func withTileSums(_ body: (UnsafeMutablePointer<Int32>) -> Void) {
    let empty = SIMD16<Int32>()
    var tile = (empty, empty, empty, empty)
    withUnsafeMutablePointer(to: &tile) { tile in
      UnsafeMutableRawPointer(tile).withMemoryRebound(to: Int32.self, capacity: 64, body)
    }
  }
#endif
