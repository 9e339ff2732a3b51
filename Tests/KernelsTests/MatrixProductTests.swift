import Kernels
import Testing

@Suite("Matrix products")
struct MatrixProductTests {
  /// One randomly drawn call and its result by definition.
  private struct Draw: CustomStringConvertible {
    let rows: Int
    let runs: Int
    let runLength: Int
    let allOutputs: Int
    let firstOutput: Int
    let outputs: Int
    let input: KernelElement
    let output: KernelElement
    let residual: KernelElement?
    let hasPositions: Bool
    let shift: Int32

    var description: String {
      "rows \(rows), runs \(runs) x \(runLength), outputs \(firstOutput)..<\(firstOutput + outputs)"
        + " of \(allOutputs), \(input) to \(output), residual \(residual.map { "\($0)" } ?? "none"),"
        + " positions \(hasPositions), shift \(shift)"
    }

    init(_ random: inout SeededGenerator) {
      func number(_ range: ClosedRange<Int>, _ random: inout SeededGenerator) -> Int {
        Int.random(in: range, using: &random)
      }
      rows = number(1...11, &random)
      runs = number(1...4, &random)
      runLength = number(1...23, &random)
      allOutputs = number(1...70, &random)
      firstOutput = 16 * number(0...(allOutputs - 1) / 16, &random)
      outputs = number(1...allOutputs - firstOutput, &random)
      input = number(0...1, &random) == 0 ? .uint8 : .int16
      output = [.uint8, .int8, .int16, .int32][number(0...3, &random)]
      residual = [nil, output, .uint8, .int8, .int16][number(0...4, &random)].flatMap {
        $0 == .int32 ? .int16 : $0
      }
      hasPositions = number(0...1, &random) == 1
      shift = Int32([1, 14, 31, 32, 40, 46, 62][number(0...6, &random)])
    }
  }

  @Test("equal the sum of products, to the last bit and element", arguments: 0..<400)
  func equalsDefinition(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let draw = Draw(&random)
    let panels = (draw.allOutputs + 15) / 16
    let groups = (draw.runLength + 3) / 4
    let inputRange: ClosedRange<Int64> = draw.input == .uint8 ? 0...255 : -32768...32767
    // Every run has an array of its own, three elements longer, in front of a guard page.
    let runs = (0..<draw.rows * draw.runs).map { _ in
      AnyArray(random.numbers(groups * 4, inputRange), draw.input)
    }
    let pointers = runs.map { UnsafeRawPointer($0.raw) }
    var packed = [Int8](repeating: 0, count: panels * draw.runs * groups * 64)
    var weights = [Int64](repeating: 0, count: draw.allOutputs * draw.runs * draw.runLength)
    for output in 0..<draw.allOutputs {
      for run in 0..<draw.runs {
        for element in 0..<draw.runLength {
          let weight = random.numbers(1, Int8(-127)...127)[0]
          let group = run * groups + element / 4
          let place = ((output / 16 * draw.runs * groups + group) * 16 + output % 16) * 4
          packed[place + element % 4] = weight
          weights[(output * draw.runs + run) * draw.runLength + element] = Int64(weight)
        }
      }
    }
    let panelBytes = GuardedArray(packed)
    let bias = GuardedArray(random.numbers(draw.allOutputs, Int32.min...Int32.max))
    let multipliers = GuardedArray(random.numbers(draw.allOutputs, 0...Int32.max))
    let positionRows = (0..<2 * draw.rows).map { _ in
      GuardedArray(random.numbers(draw.allOutputs, Int32.min...Int32.max))
    }
    let positions = positionRows.map { UnsafePointer($0.start) }
    let zeroPoint = draw.output == .int32 ? 0 : random.numbers(1, draw.output.range)[0]
    let residualZero = draw.residual.map { random.numbers(1, $0.range)[0] } ?? 0
    let residualMultiplier = random.numbers(1, 0...Int32.max)[0]
    let lowest = Int32(
      random.numbers(1, Int64(draw.output.lowest)...Int64(draw.output.highest / 2))[0]
    )
    let highest = Int32(random.numbers(1, Int64(lowest)...Int64(draw.output.highest))[0])
    let stride = draw.allOutputs + 3
    let residual = draw.residual.map {
      AnyArray(random.numbers(draw.rows * stride, $0.range), $0)
    }
    let output = AnyArray(count: draw.rows * stride, draw.output)
    // Every other residual of the same type lies where the result goes.
    let inPlace = draw.residual == draw.output && seed % 2 == 0
    if inPlace, let residual {
      output.raw.copyMemory(
        from: residual.raw,
        byteCount: draw.rows * stride * draw.output.byteCount
      )
    }
    let before = output.numbers
    let residualNumbers = residual?.numbers ?? []

    let call = MatrixProduct(
      rows: pointers,
      rowCount: draw.rows,
      runs: draw.runs,
      groupsPerRun: groups,
      panels: panelBytes.start,
      firstOutput: draw.firstOutput,
      outputs: draw.outputs,
      bias: bias.start,
      multipliers: multipliers.start,
      shift: draw.shift,
      zeroPoint: Int32(zeroPoint),
      lowest: lowest,
      highest: highest,
      positions: draw.hasPositions ? UnsafePointer(positions) : nil,
      residual: inPlace ? UnsafeRawPointer(output.raw) : residual.map { UnsafeRawPointer($0.raw) },
      residualElement: draw.residual ?? .uint8,
      residualStride: stride * (draw.residual?.byteCount ?? 0),
      residualZeroPoint: Int32(residualZero),
      residualMultiplier: residualMultiplier,
      output: output.raw,
      outputElement: draw.output,
      outputStride: stride * draw.output.byteCount
    )
    let table = KernelTable.scalar
    pointers.withUnsafeBufferPointer { rows in
      positions.withUnsafeBufferPointer { positions in
        var call = call
        call.rows = rows.baseAddress!
        if draw.hasPositions { call.positions = positions.baseAddress! }
        (draw.input == .uint8 ? table.matrixProductUInt8 : table.matrixProductInt16)(call)
      }
    }

    var expected = before
    for row in 0..<draw.rows {
      for index in draw.firstOutput..<draw.firstOutput + draw.outputs {
        var sum = Int64(bias.start[index])
        for run in 0..<draw.runs {
          let x = runs[row * draw.runs + run].numbers
          for element in 0..<draw.runLength {
            sum += weights[(index * draw.runs + run) * draw.runLength + element] * x[element]
          }
        }
        if draw.hasPositions {
          sum += Int64(positions[2 * row][index]) + Int64(positions[2 * row + 1][index])
        }
        var product = wrapped(sum) * Int64(multipliers.start[index])
        if draw.residual != nil {
          product &+=
            (residualNumbers[row * stride + index] - residualZero) * Int64(residualMultiplier)
        }
        expected[row * stride + index] = limited(
          rounded(product, draw.shift) + zeroPoint,
          lowest,
          highest
        )
      }
    }
    #expect(output.numbers == expected, "seed \(seed): \(draw)")
    withExtendedLifetime((runs, positionRows)) {}
  }
}
