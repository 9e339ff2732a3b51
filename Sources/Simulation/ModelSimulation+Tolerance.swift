import ModelFile

extension ModelSimulation {
  /// How far an operation's integers may be from the simulation's where both read the same inputs.
  public enum Tolerance: Sendable {
    /// The same number of units for every element.
    case units(Int32)
    /// A number of units for each element, row by row.
    case elements([Double])

    /// The units for an element.
    public subscript(element: Int) -> Double {
      switch self {
      case .units(let units): Double(units)
      case .elements(let units): units[element]
      }
    }
  }

  /// The bound on the error of integer arithmetic in one operation, in units of its output.
  ///
  /// | operation | units | why |
  /// |---|---|---|
  /// | max pool, constant, rows and columns, masks, top rows | 0 | no arithmetic |
  /// | tables, average pool, enlargement, row maximum | 0 | exact in both |
  /// | product, sum, change of unit | 1 | one rounding on either side, ties apart |
  /// | layer and group norm | 1 | 0.51 units before the roundings, as `FixedPoint` derives |
  /// | position table, box sine | 1 | a sine within 2⁻²⁹, then one rounding |
  /// | sigmoid | 2 | 2.2 units of 2⁻³⁰ and half of one |
  /// | refined and proposed boxes | 15 | an inverse sigmoid within 0.77 · 2⁻²⁴, times the sigmoid's slope of ¼, is 12.3 units of 2⁻³⁰; the sigmoid |
  /// | attention | 1 + R Σ\|v − v̄\| (1 + n/65536) / W | weights of 15 bits |
  /// | deformable attention | 1 + R V (n (4 + n/65536) + 2¹⁶ e) | weights of 15 bits, points of 16 |
  /// | position sum, points in boxes | 1 | one rounding |
  /// | spatial attention | as attention, and R Σ p (ε + ε̄) \|v − v̄\| | weights of 15 bits, exponents off by ε |
  /// | region pooling and sampling | 1 + 1.5 R Σ\|v\| | weights of 15 bits |
  /// | gate | 1 + R \|x\| / 2 | a gate of 15 bits |
  ///
  /// - Parameters:
  ///   - operation: an operation of the model.
  ///   - inputs: gives the integers of a value that the operation reads.
  /// - Returns: the bound.
  public func tolerance(
    of operation: ModelFile.Operation,
    inputs: (ValueIndex) -> Integers
  ) -> Tolerance {
    switch operation {
    case .maxPool, .constant, .concatenateRows, .sliceColumns, .maskPadding, .maskProposals,
      .topRows, .gatherRows, .tableLookup, .averagePool, .upsample, .concatenateColumns,
      .rowMaximum:
      .units(0)
    case .convolution, .add, .requantize, .layerNorm, .groupNorm, .positionTable, .boxSine:
      .units(1)
    case .sigmoid: .units(2)
    case .refineBoxes, .proposalBoxes: .units(15)
    case .attention(let it): .elements(attention(it, inputs).tolerance)
    case .deformableAttention(let it): .elements(deformableAttention(it, inputs).tolerance)
    case .positionSum, .pointsInBoxes: .units(1)
    case .spatialAttention(let it): .elements(spatialAttention(it, inputs).tolerance)
    case .regionPooling(let it):
      .elements(regionPooling(it, inputs(it.map), inputs(it.boxes)).tolerance)
    case .regionSampling(let it):
      .elements(
        regionSampling(it, inputs(it.map), inputs(it.boxes), inputs(it.places)).tolerance
      )
    case .gate(let it): .elements(gateTolerance(it, inputs(it.input)))
    }
  }
}
