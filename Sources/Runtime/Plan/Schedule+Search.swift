import ModelFile

extension Schedule {
  /// The schedule for a model at a size; see the type's comment for how it is found.
  ///
  /// - Parameters:
  ///   - retention: what must be kept in one piece.
  ///   - need: working memory of operations.
  ///   - pictureInArena: whether the picture is brought into the arena.
  init(
    model: Model,
    shapes: [ValueShape],
    retention: Retention,
    threads: Int,
    need: ScratchNeed,
    pictureInArena: Bool
  ) throws(SessionError) {
    if case .all = retention {
      self.init(unchained: model)
      return
    }
    var search = ChainSearch(
      model: model,
      shapes: shapes,
      retention: retention,
      threads: threads
    )
    search.mergeRows()
    var rowGroups: [Group] = []
    for operations in search.groups {
      guard operations.count > 1 else {
        rowGroups.append(Group(operations[0]))
        continue
      }
      let chain = search.rowChain(operations)
      rowGroups.append(try Group(chain, model: model, need: need, threads: threads))
    }
    let weigh = ScheduleScale(
      model: model,
      shapes: shapes,
      retention: retention,
      threads: threads,
      pictureInArena: pictureInArena
    )
    let work = OperationWork.all(model, shapes).map { $0.multiplyAdds }
    let total = work.reduce(0, +)
    func schedule(_ groups: [Group]) -> Schedule {
      let byFirst = search.ordered(groups.map { $0.operations })
      var ordered: [Group] = []
      for operations in byFirst {
        ordered.append(groups.first { $0.operations[0] == operations[0] }!)
      }
      return Schedule(groups: ordered, model: model)
    }
    var best = schedule(rowGroups)
    var lowest = weigh.lowestArena(best)
    for last in model.operations.indices {
      guard model.operations[last].isRowWise else { break }
      guard let chain = search.bandChain(upTo: last) else { continue }
      let front = try Group(chain, model: model, need: need, threads: threads)
      var twice: Int64 = 0
      for (member, made) in zip(chain.members, front.plan!.madeLines) {
        twice += work[member.operation] / Int64(member.lines) * Int64(made - member.lines)
      }
      guard twice <= total / 50 else { break }
      let candidate = schedule([front] + rowGroups.filter { $0.operations[0] > last })
      let arena = weigh.lowestArena(candidate)
      if arena < lowest {
        lowest = arena
        best = candidate
      }
    }
    self = best
  }
}

/// Weighs schedules by the memory that they need.
private struct ScheduleScale {
  let model: Model
  let shapes: [ValueShape]
  let retention: Retention
  let threads: Int
  let pictureInArena: Bool

  /// The greatest sum of values and rings that live at one step.
  func lowestArena(_ schedule: Schedule) -> Int64 {
    let storage = ValueStorage(
      model: model,
      shapes: shapes,
      schedule: schedule,
      retention: retention,
      pictureInArena: pictureInArena
    )
    var change = [Int64](repeating: 0, count: schedule.groups.count + 3)
    for piece in storage.pieces {
      change[piece.firstStep] += Int64(piece.byteCount)
      change[piece.lastStep + 1] -= Int64(piece.byteCount)
    }
    for (index, group) in schedule.groups.enumerated() {
      guard let plan = group.plan else { continue }
      change[index + 1] += Int64(plan.byteCount) * Int64(threads)
      change[index + 2] -= Int64(plan.byteCount) * Int64(threads)
    }
    var sum: Int64 = 0
    var greatest: Int64 = 0
    for step in change {
      sum += step
      greatest = max(greatest, sum)
    }
    return greatest
  }
}
