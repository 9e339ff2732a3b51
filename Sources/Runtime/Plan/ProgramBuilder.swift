import FixedPoint
import Kernels
import ModelFile

/// Turns a plan and an arena into steps.
///
/// Sizes and rows have been compared by shape inference, places come from the plan: what is put
/// together here are pointers.
struct ProgramBuilder {
  let plan: SessionPlan
  let base: UnsafeMutableRawPointer
  let need: ScratchNeed
  let program: Program
  /// The chain whose steps are being made.
  var chain: ChainPlaces?
  /// Per value: the array in the file that it is.
  private let constants: [Blob?]

  private var model: Model { plan.model }

  /// A builder for an arena of at least as many bytes as the plan states.
  init(plan: SessionPlan, arena: UnsafeMutableRawBufferPointer, table: KernelTable) {
    self.plan = plan
    base = arena.baseAddress!
    need = ScratchNeed(model: plan.model, shapes: plan.shapes, table: table)
    var capacity = 8
    var constants = [Blob?](repeating: nil, count: plan.model.values.count)
    for operation in plan.model.operations {
      capacity += max(2, operation.inputs.count)
      if case .constant(let it) = operation { constants[it.output.index] = it.data }
    }
    self.constants = constants
    program = Program(capacity: capacity)
  }

  mutating func build() -> Program {
    appendPicture()
    let firstPerQuery = model.firstPerQuery
    var hasDetections = false
    for (index, group) in plan.schedule.groups.enumerated() {
      if !hasDetections, group.operations[0] >= firstPerQuery {
        appendDetections()
        program.endWhole()
        hasDetections = true
      }
      if let chain = group.chain, let memory = group.plan {
        append(chain, memory, step: index + 1)
      } else {
        append(group.operations[0])
      }
    }
    if !hasDetections {
      appendDetections()
      program.endWhole()
    }
    return program
  }

  // MARK: Places

  /// Where a value lies that is in the arena.
  func output(_ value: ValueIndex) -> UnsafeMutableRawPointer {
    base + plan.offset(of: value)!
  }

  /// Where a value lies; nil for a picture that the caller has.
  func pointer(_ value: ValueIndex) -> UnsafeRawPointer? {
    if let offset = plan.offset(of: value) { return UnsafeRawPointer(base + offset) }
    if let data = constants[value.index] {
      return UnsafeRawPointer(model.elements(data, as: UInt8.self))
    }
    return nil
  }

  /// Whether a value is a picture that only the caller has.
  func isWithCaller(_ value: ValueIndex) -> Bool {
    value == Model.picture && plan.offset(of: value) == nil
  }

  /// Where a value lies that is no picture of the caller's.
  func input(_ value: ValueIndex) -> UnsafeRawPointer { pointer(value)! }

  func integers(_ value: ValueIndex) -> UnsafePointer<Int32> {
    input(value).assumingMemoryBound(to: Int32.self)
  }

  func shorts(_ value: ValueIndex) -> UnsafePointer<Int16> {
    input(value).assumingMemoryBound(to: Int16.self)
  }

  func rows(_ value: ValueIndex) -> Int { plan.shapes[value.index].rows }
  func channels(_ value: ValueIndex) -> Int { model[value].channels }
  func element(_ value: ValueIndex) -> KernelElement { KernelElement(model[value].element) }
  func zeroPoint(_ value: ValueIndex) -> Int32 { model[value].zeroPoint }
  func rowBytes(_ value: ValueIndex) -> Int { channels(value) * element(value).byteCount }
  func count(_ value: ValueIndex) -> Int { rows(value) * channels(value) }
  func grid(_ value: ValueIndex) -> ValueShape.Grid { plan.shapes[value.index].grid! }

  /// Where the rows of a value lie, a chain's among them.
  func place(_ value: ValueIndex) -> RowPlace {
    if let ring = chain?.place(value, rowBytes: rowBytes(value)) { return ring }
    return RowPlace(UnsafeMutableRawPointer(mutating: input(value)), rowBytes: rowBytes(value))
  }

  /// The working memory of an operation.
  func scratch(operation: Int) -> ThreadScratch {
    chain?.scratch ?? scratch(step: plan.schedule.groupOfOperation[operation] + 1)
  }

  func scratch(step: Int) -> ThreadScratch {
    let scratch = plan.scratch[step]!
    return ThreadScratch(
      base: base + plan.arena.pieces[scratch.piece].offset,
      byteCount: scratch.byteCount
    )
  }

  func piece(_ index: Int) -> UnsafeMutableRawPointer { base + plan.arena.pieces[index].offset }

  func pyramid(_ levels: [ValueIndex], isMasked: Bool = true) -> Pyramid {
    program.pyramid(levels.map { grid($0) }, isMasked: isMasked)
  }

  // MARK: Beginning and end

  private func appendPicture() {
    guard plan.offset(of: Model.picture) != nil else { return }
    let output = output(Model.picture)
    switch plan.source {
    case .picture:
      let step = PictureCopyStep(
        rowBytes: plan.size.width * 3,
        rows: plan.size.height,
        output: output
      )
      program.append(.pictureCopy(step), operation: -1)
    case .photograph(let resize):
      let step = ResizeStep(
        plan: program.keep(resize),
        scratch: scratch(step: 0),
        output: output.assumingMemoryBound(to: UInt8.self)
      )
      program.append(.resize(step), operation: -1)
    }
  }

  private func appendDetections() {
    let information = model.information
    let output = DetectionOutput(
      queries: rows(information.logits),
      classes: channels(information.logits),
      logits: integers(information.logits),
      boxes: integers(information.boxes),
      photographWidth: plan.photographWidth,
      photographHeight: plan.photographHeight,
      detections: piece(plan.detections).assumingMemoryBound(to: Detection.self)
    )
    let operation = model.operations.count
    switch information.classDecoding {
    case .sigmoid:
      let scores = piece(plan.scores).assumingMemoryBound(to: Int32.self)
      let call = SigmoidMap(
        input: output.logits,
        count: output.queries * output.classes,
        output: scores
      )
      program.append(.sigmoid(SigmoidStep(call: call)), operation: operation)
      let step = BestScoresStep(
        output: output,
        scores: UnsafePointer(scores),
        count: plan.detectionCount,
        scratch: piece(plan.keys).assumingMemoryBound(to: UInt64.self)
      )
      program.append(.bestScores(step), operation: operation)
    case .softmaxWithNoObject:
      guard plan.detectionCount > 0 else { return }
      let step = BestClassStep(
        output: output,
        scratch: scratch(step: plan.schedule.groups.count + 1)
      )
      program.append(.bestClass(step), operation: operation)
    }
  }
}

extension Program {
  /// The steps of a plan in an arena of at least as many bytes as the plan states.
  static func build(
    _ plan: SessionPlan,
    _ arena: UnsafeMutableRawBufferPointer,
    _ table: KernelTable
  ) -> Program {
    var builder = ProgramBuilder(plan: plan, arena: arena, table: table)
    return builder.build()
  }
}

extension KernelElement {
  init(_ element: Element) {
    self =
      switch element {
      case .uint8: .uint8
      case .int8: .int8
      case .int16: .int16
      case .int32: .int32
      }
  }
}
