import Kernels
import Vision

/// The steps of a run and the tables that they point to.
final class Program {
  private(set) var stepCount = 0
  /// Steps of a run; those behind them are run for single queries.
  private(set) var wholeCount = 0
  /// The query that these are run for.
  let query: UnsafeMutablePointer<Int>
  private let storage: UnsafeMutableBufferPointer<Step>
  private var pyramids: [Pyramid] = []
  private var chains: [UnsafeMutableRawPointer] = []
  private var samplingLevels: [UnsafeMutablePointer<DeformableSampling.Level>] = []
  private var resizePlan: UnsafeMutablePointer<ResizePlan>?
  /// What stands for the operation of a step that runs a chain.
  static let chain = -2
  /// The operation of each step; −1 for the picture's, the number of operations for the detections'.
  private(set) var operations: [Int] = []

  var steps: UnsafePointer<Step> { UnsafePointer(storage.baseAddress!) }

  init(capacity: Int) {
    storage = .allocate(capacity: capacity)
    query = .allocate(capacity: 1)
    query.initialize(to: 0)
  }

  deinit {
    storage.deallocate()
    query.deallocate()
    for pyramid in pyramids { pyramid.levels.deallocate() }
    for memory in chains { memory.deallocate() }
    for levels in samplingLevels { levels.deallocate() }
    if let resizePlan {
      resizePlan.deinitialize(count: 1)
      resizePlan.deallocate()
    }
  }

  func append(_ step: Step, operation: Int) {
    // The builder has counted the steps.
    precondition(stepCount < storage.count)
    (storage.baseAddress! + stepCount).initialize(to: step)
    stepCount += 1
    operations.append(operation)
  }

  /// States that the steps up to here are those of a run.
  func endWhole() { wholeCount = stepCount }

  /// Keeps the geometry of several maps; `isMasked` says whether padding is to be told apart.
  func pyramid(_ grids: [ValueShape.Grid], isMasked: Bool = true) -> Pyramid {
    let levels = UnsafeMutablePointer<LevelGeometry>.allocate(capacity: grids.count)
    var firstToken = 0
    var firstTableRow = 0
    for (index, grid) in grids.enumerated() {
      let level = LevelGeometry(
        firstToken: firstToken,
        firstTableRow: firstTableRow,
        height: grid.height,
        width: grid.width,
        validHeight: isMasked ? grid.validHeight : grid.height,
        validWidth: isMasked ? grid.validWidth : grid.width
      )
      (levels + index).initialize(to: level)
      firstToken += level.tokens
      firstTableRow += level.tableRows
    }
    let pyramid = Pyramid(levels: levels, count: grids.count)
    pyramids.append(pyramid)
    return pyramid
  }

  /// The levels of a pyramid as the sampling kernel wants them.
  func samplingLevels(_ pyramid: Pyramid) -> UnsafePointer<DeformableSampling.Level> {
    let levels = UnsafeMutablePointer<DeformableSampling.Level>.allocate(capacity: pyramid.count)
    for index in 0..<pyramid.count {
      let geometry = pyramid.levels[index]
      (levels + index).initialize(
        to: DeformableSampling.Level(
          firstToken: geometry.firstToken,
          height: Int32(geometry.height),
          width: Int32(geometry.width)
        )
      )
    }
    samplingLevels.append(levels)
    return UnsafePointer(levels)
  }

  /// Keeps an array of a chain; steps, members and edges hold no references.
  func keep<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    for (index, element) in elements.enumerated() { (memory + index).initialize(to: element) }
    chains.append(UnsafeMutableRawPointer(memory))
    return UnsafePointer(memory)
  }

  func keep(_ plan: ResizePlan) -> UnsafePointer<ResizePlan> {
    let kept = UnsafeMutablePointer<ResizePlan>.allocate(capacity: 1)
    kept.initialize(to: plan)
    resizePlan = kept
    return UnsafePointer(kept)
  }
}
