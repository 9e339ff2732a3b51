/// The layout of a matrix of int8 weights in the file, the one that every kernel reads in place.
///
/// The inputs of an output are cut into *runs*, pieces that lie together in memory: a linear layer
/// has one run of all channels, a k × k convolution one run of `channels` for each tap, the stem one
/// run of `kernel · 3` for each kernel row of the RGB picture. Each run is padded with zeros to
/// groups of 4. Outputs are padded with zeros to panels of 16. A panel holds, group after group, 16
/// outputs × 4 inputs:
///
///     byte = ((panel · groups + group) · 16 + output % 16) · 4 + input % 4
///
/// so that 64 bytes are one group of a panel: one AVX-512 register of `vpdpbusd` operands, two of
/// AVX2, four of `sdot`. A kernel may read up to 3 elements past a run, because their weights are 0.
public struct WeightPanels: Equatable, Sendable {
  public static let outputsPerPanel = 16
  public static let inputsPerGroup = 4

  public let outputs: Int
  public let runs: Int
  public let runLength: Int

  @inlinable public init(outputs: Int, runs: Int, runLength: Int) {
    self.outputs = outputs
    self.runs = runs
    self.runLength = runLength
  }

  @inlinable public var panels: Int { (outputs + 15) / 16 }
  @inlinable public var groupsPerRun: Int { (runLength + 3) / 4 }
  @inlinable public var groups: Int { runs * groupsPerRun }
  @inlinable public var byteCount: Int { panels * groups * 64 }

  /// The place of a weight in the packed bytes.
  @inlinable public func index(output: Int, run: Int, element: Int) -> Int {
    let group = run * groupsPerRun + element / 4
    return ((output / 16 * groups + group) * 16 + output % 16) * 4 + element % 4
  }

  /// Packs weights that lie as [outputs, runs, runLength].
  public func pack(_ weights: [Int8]) -> [Int8] {
    precondition(weights.count == outputs * runs * runLength)
    var packed = [Int8](repeating: 0, count: byteCount)
    var next = 0
    for output in 0..<outputs {
      for run in 0..<runs {
        for element in 0..<runLength {
          packed[index(output: output, run: run, element: element)] = weights[next]
          next += 1
        }
      }
    }
    return packed
  }
}
