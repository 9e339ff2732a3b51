import Kernels

/// One matrix product with everything that it reads and writes, drawn from random numbers.
struct MatrixProductCase: KernelCase {
  let description: String
  let isInt16: Bool
  let buffers: [GuardedBytes]
  let output: GuardedBytes
  private let initialOutput: GuardedBytes
  private let call: MatrixProduct

  /// Sizes around the edges of tiles: rows of 4, 6 and 12, panels of 16, groups of 4.
  static func random(_ random: inout RandomNumbers) -> MatrixProductCase {
    let runs = random.pick([1, 1, 1, 2, 9])
    return MatrixProductCase(
      &random,
      isInt16: random.chance(1, of: 3),
      rows: random.pick([random.number(1...14), random.number(1...50), random.number(90...110)]),
      runs: runs,
      runLength: random.number(1...(runs == 1 ? 300 : 70)),
      outputs: random.pick([random.number(1...100), 16 * random.number(1...6)])
    )
  }

  init(
    _ random: inout RandomNumbers,
    isInt16: Bool,
    rows: Int,
    runs: Int,
    runLength: Int,
    outputs: Int,
    plainInputs: InputPattern? = nil
  ) {
    self.isInt16 = isInt16
    let isPlain = plainInputs != nil
    let groups = (runLength + 3) / 4
    let firstPanel = isPlain ? 0 : random.pick([0, 0, 1])
    let panels = firstPanel + (outputs + 15) / 16
    let total = 16 * firstPanel + outputs
    let elementBytes = isInt16 ? 2 : 1
    var buffers: [GuardedBytes] = []
    func buffer(_ count: Int) -> GuardedBytes {
      let bytes = GuardedBytes(count: count)
      buffers.append(bytes)
      return bytes
    }
    let extreme = !isPlain && random.chance(1, of: 4)

    // Pieces may coincide, as neighbouring windows do; each has its own end before a guard page in turns.
    let pieces = isPlain ? rows : random.number(1...4)
    let inputs = (0..<pieces).map { _ in buffer(groups * 4 * elementBytes) }
    let inputPattern = plainInputs ?? random.pick(InputPattern.allCases)
    for input in inputs {
      if isInt16 {
        for index in 0..<groups * 4 {
          input.array(of: Int16.self)[index] = Int16(
            extreme ? random.extreme(-32768...32767) : random.number(-2000...2000)
          )
        }
      } else {
        inputPattern.fill(input.array(of: UInt8.self), groups * 4, &random)
      }
    }
    let pointers = buffer(rows * runs * MemoryLayout<UnsafeRawPointer>.stride)
      .array(of: UnsafeRawPointer.self)
    for index in 0..<rows * runs {
      pointers[index] = UnsafeRawPointer(inputs[random.number(0...pieces - 1)].start)
    }

    let weights = buffer(panels * runs * groups * 64)
    let packed = weights.array(of: Int8.self)
    let weightPattern = isPlain ? .bell : random.pick(WeightPattern.allCases)
    for index in 0..<weights.count {
      let element = index / 64 % groups * 4 + index % 4
      let panelOutput = index / (runs * groups * 64) * 16 + index % 64 / 4
      packed[index] =
        element >= runLength || panelOutput >= total ? 0 : weightPattern.draw(&random)
    }

    let bias = buffer(total * 4).array(of: Int32.self)
    let multipliers = buffer(total * 4).array(of: Int32.self)
    for index in 0..<total {
      bias[index] = Int32(
        extreme ? random.extreme(Int(Int32.min)...Int(Int32.max)) : random.number(-50000...50000)
      )
      multipliers[index] = Int32(
        extreme ? random.extreme(0...0x7fff_ffff) : random.number(1 << 29...0x7fff_ffff)
      )
    }

    let element =
      isPlain ? .uint8 : random.pick([KernelElement.uint8, .uint8, .int8, .int16, .int32])
    let residualElement = random.pick([KernelElement.uint8, .int8, .int16])
    let hasResidual = !isPlain && random.chance(1, of: 2)
    let isInPlace = hasResidual && residualElement == element && random.chance(1, of: 2)
    let gap = random.pick([0, 0, 3])
    let stride = (total + gap) * element.byteCount
    output = GuardedBytes(count: rows * stride)
    initialOutput = GuardedBytes(count: rows * stride)
    for index in 0..<output.count {
      initialOutput.array(of: UInt8.self)[index] = UInt8(random.number(0...255))
    }

    let shift =
      isPlain
      ? 38 : extreme ? random.pick([1, 20, 31, 32, 33, 34, 40, 62]) : random.number(26...44)
    // A small shift may leave the range of 64 bits nowhere, but that of 32 bits before the limits.
    var call = MatrixProduct(
      rows: UnsafePointer(pointers),
      rowCount: rows,
      runs: runs,
      groupsPerRun: groups,
      panels: UnsafePointer(packed),
      firstOutput: 16 * firstPanel,
      outputs: outputs,
      bias: UnsafePointer(bias),
      multipliers: UnsafePointer(multipliers),
      shift: Int32(shift),
      zeroPoint: Int32(element == .uint8 ? random.number(0...255) : random.number(-100...100)),
      lowest: element.lowest,
      highest: element.highest,
      output: output.start,
      outputElement: element,
      outputStride: stride
    )
    if random.chance(1, of: 3), element != .int32 { call.lowest = call.zeroPoint }

    let hasPositions = !isPlain && random.chance(1, of: 3)
    if hasPositions {
      let positions = buffer(rows * 2 * MemoryLayout<UnsafePointer<Int32>>.stride)
        .array(of: UnsafePointer<Int32>.self)
      let tables = (0..<3).map { _ in buffer(total * 4).array(of: Int32.self) }
      for table in tables {
        for index in 0..<total { table[index] = Int32(random.number(-100_000...100_000)) }
      }
      for index in 0..<2 * rows { positions[index] = UnsafePointer(random.pick(tables)) }
      call.positions = UnsafePointer(positions)
    }
    if hasResidual {
      call.residualElement = residualElement
      call.residualStride = total * residualElement.byteCount
      call.residualZeroPoint = Int32(random.number(0...255))
      call.residualMultiplier = Int32(random.extreme(0...0x7fff_ffff))
      if isInPlace {
        call.residual = UnsafeRawPointer(output.start)
        call.residualStride = stride
      } else {
        let residual = buffer(rows * call.residualStride)
        for index in 0..<residual.count {
          residual.array(of: UInt8.self)[index] = UInt8(random.number(0...255))
        }
        call.residual = UnsafeRawPointer(residual.start)
      }
    }
    self.call = call
    self.buffers = buffers
    description =
      "\(isInt16 ? "int16" : "uint8") \(rows) rows × \(runs) runs × \(runLength) → \(outputs) \(element.name)"
      + (hasPositions ? ", positions" : "")
      + (hasResidual ? ", residual \(residualElement.name)\(isInPlace ? " in place" : "")" : "")
      + ", shift \(shift), inputs \(inputPattern.name), weights \(weightPattern.name)"
      + (extreme ? ", extreme" : "")
  }

  var multiplyAdds: Int { call.rowCount * call.runs * call.groupsPerRun * 4 * call.outputs }

  /// Runs a table and returns what it wrote, or nil where it wrote beside the output.
  func run(_ table: KernelTable) -> GuardedBytes? {
    output.start.copyMemory(from: initialOutput.start, byteCount: output.count)
    let scratch = scratch(of: table)
    compute(table, scratch)
    return scratch.isIntact ? writtenOutput : nil
  }

  /// The scratch memory that a table states.
  func scratch(of table: KernelTable) -> GuardedBytes {
    GuardedBytes(scratch: table.productScratch(call.rowCount, call.runs * call.groupsPerRun))
  }

  func compute(_ table: KernelTable, _ scratch: GuardedBytes) {
    var call = call
    call.scratch = scratch.start
    if isInt16 { table.matrixProductInt16(call) } else { table.matrixProductUInt8(call) }
  }
}
