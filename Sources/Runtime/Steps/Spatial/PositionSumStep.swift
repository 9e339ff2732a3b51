import Kernels

/// Rows and columns of a projected position table, added for every pixel: threads take pixels.
struct PositionSumStep {
  let table: UnsafePointer<Int32>
  let channels: Int
  let pyramid: Pyramid
  let rows: Int
  let bias: UnsafePointer<Int32>
  let multipliers: UnsafePointer<Int32>
  let shift: Int32
  let zeroPoint: Int32
  let lowest: Int32
  let highest: Int32
  let output: UnsafeMutableRawPointer
  let element: KernelElement

  func run(_ context: StepContext) {
    let share = context.share(of: rows, unit: 16)
    guard !share.isEmpty else { return }
    let half = Int64(1) << Int64(shift - 1)
    let (least, greatest) = (Int64(lowest), Int64(highest))
    var cursor = Pyramid.Cursor(pyramid, at: share.lowerBound)
    for row in share {
      let level = cursor.geometry
      let y = cursor.x < level.validWidth ? cursor.y : level.height
      let x = cursor.y < level.validHeight ? cursor.x : level.width
      let first = table + (level.firstTableRow + y) * channels
      let second = table + (level.firstTableRow + level.height + 1 + x) * channels
      let start = output + row * channels * element.byteCount
      for channel in 0..<channels {
        let sum = first[channel] &+ second[channel] &+ bias[channel]
        let product = Int64(sum) * Int64(multipliers[channel])
        let number = min(
          max(((product + half) >> Int64(shift)) + Int64(zeroPoint), least),
          greatest
        )
        if element == .uint8 {
          start.storeBytes(
            of: UInt8(truncatingIfNeeded: number),
            toByteOffset: channel,
            as: UInt8.self
          )
        } else {
          start.storeBytes(
            of: Int16(truncatingIfNeeded: number),
            toByteOffset: 2 * channel,
            as: Int16.self
          )
        }
      }
      cursor.advance()
    }
  }
}

/// Numbers times the sigmoid of gates: threads take pieces of the arrays.
struct GateStep {
  let call: GatedRows

  func run(_ context: StepContext) {
    let share = context.share(of: call.count, unit: 1024)
    guard !share.isEmpty else { return }
    var part = call
    part.input = call.input + share.lowerBound
    part.gates = call.gates + share.lowerBound
    part.count = share.count
    part.output = call.output + share.lowerBound * call.outputElement.byteCount
    context.table.pointee.gatedRows(part)
  }
}
