#if arch(x86_64)
  import Kernels

  /// `MatrixProduct` of uint8 inputs; all rows of a call go past each panel.
  @export(interface)
  public func matrixProductUInt8(_ call: MatrixProduct) {
    let groups = call.runs &* call.groupsPerRun
    let memory = scratchPlaces(rows: call.rowCount, groups: groups)
    let maxima = call.scratch + memory.maxima
    let minima = call.scratch + memory.minima
    let spans = call.scratch + memory.spans
    let sums = (call.scratch + memory.sums).assumingMemoryBound(to: Int32.self)
    let initial = (call.scratch + memory.initial).assumingMemoryBound(to: Int32.self)
    let zeroBias = initial + 16
    findColumnBounds(call, maxima, minima)
    var rows = call.rows
    var runs = call.runs
    // Pieces of a few groups, as those of the stem, are better put together.
    let isCentred =
      memory.hasCopies
      && (runs > 1 && call.groupsPerRun < 8 || isWorthCentering(maxima, minima, 4 &* groups))
    if isCentred {
      let pointers = (call.scratch + memory.pointers)
        .assumingMemoryBound(to: UnsafeRawPointer.self)
      centerInputs(call, maxima, minima, call.scratch + memory.copies, pointers)
      rows = UnsafePointer(pointers)
      runs = 1
    }
    var done = 0
    while done < call.outputs {
      let output = call.firstOutput &+ done
      let outputs = min(16, call.outputs &- done)
      let panel = UnsafeRawPointer(call.panels) + output / 16 &* groups &* 64
      copyBias(call, output, outputs, initial, zeroBias)
      let end = UnsafeRawPointer(findSpans(panel, maxima, runs, groups / runs, spans))
      var column = 0
      while column < 16 {
        let part = panel + 4 &* column
        let biases = initial + column
        if isCentred {
          multiplyOneRow(rows + call.rowCount, part, spans, end, biases, biases)
        }
        multiplyRows(rows, runs, call.rowCount, part, spans, end, biases, sums + column)
        column &+= 2 &* lanes
      }
      finishPanel(call, output, outputs, sums, 16, 255 &* 128, zeroBias)
      done &+= 16
    }
  }
#endif
