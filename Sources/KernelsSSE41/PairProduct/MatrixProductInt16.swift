#if arch(x86_64)
  import Kernels

  /// `MatrixProduct` of int16 inputs, for as many rows at a time as ``pairedRows`` allows.
  @export(interface)
  public func matrixProductInt16(_ call: MatrixProduct) {
    let most = pairedRows(groups: call.runs &* call.groupsPerRun)
    var part = call
    while part.rowCount > 0 {
      let rest = part.rowCount
      part.rowCount = min(most, rest)
      multiplyPaired(part)
      part.rows += part.rowCount &* call.runs
      part.output += part.rowCount &* call.outputStride
      if let residual = part.residual {
        part.residual = residual + part.rowCount &* call.residualStride
      }
      if let positions = part.positions { part.positions = positions + 2 &* part.rowCount }
      part.rowCount = rest &- part.rowCount
    }
  }

  /// The product of paired inputs, panel by panel, six rows at a time.
  @inline(never)
  func multiplyPaired(_ call: MatrixProduct) {
    let groups = call.runs &* call.groupsPerRun
    let initial = call.scratch.assumingMemoryBound(to: Int32.self)
    let zeroBias = initial + 16
    let sums = initial + 32
    let inputs = call.scratch + pairedSumBytes(groups: groups)
    let weights = inputs + (call.rowCount &* groups &* 8 &+ 63) & ~63
    pairInputsInt16(call, inputs)
    var done = 0
    while done < call.outputs {
      let output = call.firstOutput &+ done
      let outputs = min(16, call.outputs &- done)
      let panel = UnsafeRawPointer(call.panels) + output / 16 &* groups &* 64
      copyBias(call, output, outputs, initial, zeroBias)
      var column = 0
      while column < outputs {
        widenWeights(panel + 4 &* column, groups: groups, weights)
        var row = 0
        while row < call.rowCount {
          multiplySixRows(
            inputs,
            row,
            call.rowCount &- 1,
            weights,
            groups,
            initial + column,
            sums + (16 &* row &+ column)
          )
          row &+= 6
        }
        column &+= 2 &* lanes
      }
      finishPanel(call, output, outputs, sums, 16, 32768 &* 128, zeroBias)
      done &+= 16
    }
  }
#endif
