import Kernels
import ModelFile

/// One step of a run, to be printed: an operation, or several that run together some rows at a time.
public struct ScheduledStep: Sendable {
  /// Operations of the model in the order in which they run.
  public let operations: [Int]
  /// Rows of the result that a thread makes at a time; nil where the operation works on whole values.
  public let bandRows: Int?
  /// Bytes of the arena that are in use at the step.
  public let liveBytes: Int
}

extension Session {
  /// The steps of a session for pictures, without the picture's and the detections' own.
  public static func steps(
    model: Model,
    height: Int,
    width: Int,
    threads: Int,
    retention: Retention = .outputs,
    table: KernelTable = .best
  ) throws(SessionError) -> [ScheduledStep] {
    let size = PictureSize(height: height, width: width)
    return try plan(model, size, nil, threads, retention, table).scheduledSteps
  }

  /// The steps at the present size.
  public var steps: [ScheduledStep] { plan.scheduledSteps }
}

extension SessionPlan {
  fileprivate var scheduledSteps: [ScheduledStep] {
    schedule.groups.enumerated().map { index, group in
      ScheduledStep(
        operations: group.operations,
        bandRows: group.chain.map { $0.bandLines * ($0.members.last?.lineRows ?? 1) },
        liveBytes: arena.liveBytes(at: index + 1)
      )
    }
  }
}
