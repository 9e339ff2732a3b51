/// A product of rows of activations with a matrix of int8 weights and everything that follows it.
///
///     a[r, o]   = bias[o] + Σ w[o, i] · x[r, i] + position₀[r][o] + position₁[r][o]
///     out[r, o] = clamp(zeroPoint + (a · multiplier[o] + (residual[r, o] − zr) · mr + half) >> shift)
///
/// `a` wraps in 32 bits; from there on the arithmetic has 64 bits and `half` is 2^(shift − 1).
///
/// **Inputs** are reached through pointers: row r is `runs` pieces, piece k of it begins at
/// `rows[r · runs + k]` and has `groupsPerRun` groups of 4 elements. The last group may reach up to 3
/// elements past the piece, where the weights are 0: those elements must be readable and do not
/// count. A 1 × 1 convolution or a linear layer has one piece a row, a 3 × 3 convolution nine, each a
/// pixel or the padding row, so that no patch matrix is ever built.
///
/// **Weights** are panels of 16 outputs as `WeightPanels` in the model file lays them out: 64 bytes a
/// group, byte `output % 16 · 4 + input % 4`.
///
/// **Outputs** `firstOutput ..< firstOutput + outputs` are computed, `firstOutput` a multiple of 16.
/// All pointers are those of output 0. The output may be the residual itself (same address, stride
/// and element) and must not overlap anything else that is read.
public struct MatrixProduct {
  /// A kernel of this family; one function for each type of inputs.
  public typealias Kernel = @Sendable (MatrixProduct) -> Void

  public var rows: UnsafePointer<UnsafeRawPointer>
  public var rowCount: Int
  public var runs: Int
  public var groupsPerRun: Int

  /// The panel of output 0; each panel has `runs · groupsPerRun · 64` bytes.
  public var panels: UnsafePointer<Int8>
  public var firstOutput: Int
  public var outputs: Int

  public var bias: UnsafePointer<Int32>
  /// 0…2³¹ − 1 for each output.
  public var multipliers: UnsafePointer<Int32>
  /// 1…62.
  public var shift: Int32
  public var zeroPoint: Int32
  /// Bounds of the result, inside the range of the output's element.
  public var lowest: Int32
  public var highest: Int32

  /// Two rows of position terms for each row; nil where there are none.
  public var positions: UnsafePointer<UnsafePointer<Int32>>?

  /// The residual's row 0; nil where there is none.
  public var residual: UnsafeRawPointer?
  public var residualElement: KernelElement
  /// Bytes from one row to the next.
  public var residualStride: Int
  public var residualZeroPoint: Int32
  public var residualMultiplier: Int32

  public var output: UnsafeMutableRawPointer
  public var outputElement: KernelElement
  /// Bytes from one row to the next.
  public var outputStride: Int

  /// As many bytes as the table states, on a 64-byte boundary; not looked at where that is none.
  public var scratch: UnsafeMutableRawPointer

  public init(
    rows: UnsafePointer<UnsafeRawPointer>,
    rowCount: Int,
    runs: Int,
    groupsPerRun: Int,
    panels: UnsafePointer<Int8>,
    firstOutput: Int,
    outputs: Int,
    bias: UnsafePointer<Int32>,
    multipliers: UnsafePointer<Int32>,
    shift: Int32,
    zeroPoint: Int32,
    lowest: Int32,
    highest: Int32,
    positions: UnsafePointer<UnsafePointer<Int32>>? = nil,
    residual: UnsafeRawPointer? = nil,
    residualElement: KernelElement = .uint8,
    residualStride: Int = 0,
    residualZeroPoint: Int32 = 0,
    residualMultiplier: Int32 = 0,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement,
    outputStride: Int,
    scratch: UnsafeMutableRawPointer? = nil
  ) {
    self.rows = rows
    self.rowCount = rowCount
    self.runs = runs
    self.groupsPerRun = groupsPerRun
    self.panels = panels
    self.firstOutput = firstOutput
    self.outputs = outputs
    self.bias = bias
    self.multipliers = multipliers
    self.shift = shift
    self.zeroPoint = zeroPoint
    self.lowest = lowest
    self.highest = highest
    self.positions = positions
    self.residual = residual
    self.residualElement = residualElement
    self.residualStride = residualStride
    self.residualZeroPoint = residualZeroPoint
    self.residualMultiplier = residualMultiplier
    self.output = output
    self.outputElement = outputElement
    self.outputStride = outputStride
    self.scratch = scratch ?? output
  }
}
