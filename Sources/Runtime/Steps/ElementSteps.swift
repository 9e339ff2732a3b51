import Kernels

// Operations on every element by itself: threads take pieces of the arrays.

/// Elements that a thread takes at a time.
private let pieceLength = 4096

struct AdditionStep {
  let call: WeightedSum

  func run(_ context: StepContext) {
    let share = context.share(of: call.count, unit: pieceLength)
    guard !share.isEmpty else { return }
    var part = call
    part.a.elements += share.lowerBound * call.a.element.byteCount
    part.b.elements += share.lowerBound * call.b.element.byteCount
    part.output += share.lowerBound * call.outputElement.byteCount
    part.count = share.count
    context.table.pointee.weightedSum(part)
  }
}

struct UnitChangeStep {
  let call: UnitChange

  func run(_ context: StepContext) {
    let share = context.share(of: call.count, unit: pieceLength)
    guard !share.isEmpty else { return }
    var part = call
    part.input += share.lowerBound * call.inputElement.byteCount
    part.output += share.lowerBound * call.outputElement.byteCount
    part.count = share.count
    context.table.pointee.unitChange(part)
  }
}

struct SigmoidStep {
  let call: SigmoidMap

  func run(_ context: StepContext) {
    let share = context.share(of: call.count, unit: 256)
    guard !share.isEmpty else { return }
    context.table.pointee.sigmoid(
      SigmoidMap(
        input: call.input + share.lowerBound,
        count: share.count,
        output: call.output + share.lowerBound
      )
    )
  }
}

struct BoxUpdateStep {
  let call: BoxUpdate

  func run(_ context: StepContext) {
    let share = context.share(of: call.rows, unit: 16)
    guard !share.isEmpty else { return }
    context.table.pointee.boxUpdate(
      BoxUpdate(
        delta: call.delta + 4 * share.lowerBound,
        reference: call.reference + call.referenceChannels * share.lowerBound,
        referenceChannels: call.referenceChannels,
        rows: share.count,
        output: call.output + 4 * share.lowerBound
      )
    )
  }
}
