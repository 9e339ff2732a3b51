import ModelFile

extension Schedule {
  /// The schedule for a model at a size; see the type's comment for how it is found.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - shapes: of its values.
  ///   - retention: what must be kept in one piece.
  ///   - threads: how many run.
  ///   - need: working memory of operations.
  ///   - pictureInArena: whether the picture is brought into the arena.
  /// - Throws: ``SessionError/planTooLarge``.
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
    func rowGroups(_ search: ChainSearch) throws(SessionError) -> [Group] {
      var groups: [Group] = []
      for operations in search.groups {
        guard search.isChain(operations) else {
          groups.append(Group(operations[0]))
          continue
        }
        let chain = search.rowChain(operations)
        groups.append(try Group(chain, model: model, need: need, threads: threads))
      }
      return groups
    }
    var fronts: [Group] = []
    let work = OperationWork.all(model, shapes).map { $0.multiplyAdds }
    let total = work.reduce(0, +)
    for last in model.operations.indices {
      guard model.operations[last].isRowWise else { break }
      guard let chain = search.bandChain(upTo: last) else { continue }
      let front = try Group(chain, model: model, need: need, threads: threads)
      var twice: Int64 = 0
      for (member, made) in zip(chain.members, front.plan!.madeLines) {
        twice += work[member.operation] / Int64(member.lines) * Int64(made - member.lines)
      }
      guard twice <= total / 50 else { break }
      fronts.append(front)
    }
    let scale = ScheduleScale(
      model: model,
      shapes: shapes,
      retention: retention,
      threads: threads,
      pictureInArena: pictureInArena
    )
    func schedule(_ groups: [Group]) -> Schedule {
      // The last operation of a group is in no other one.
      var byLast = [Int](repeating: 0, count: model.operations.count)
      for (index, group) in groups.enumerated() { byLast[group.operations.last!] = index }
      let ordered = search.ordered(groups.map { $0.operations })
      return Schedule(groups: ordered.map { groups[byLast[$0.last!]] }, model: model)
    }
    // Behind the first stages only the row chains count, in front of that only the band chain does.
    let frontEnd = fronts.last?.operations.last ?? -1
    var variants = [try rowGroups(search)]
    search.repeatUnitChanges()
    let repeating = try rowGroups(search)
    variants.append(repeating)
    for operation in search.buffered {
      let chain = search.bufferedChain(operation)
      let group = try Group(chain, model: model, need: need, threads: threads)
      variants.append(repeating.map { $0.operations == [operation] ? group : $0 })
    }
    var groups = variants[0]
    var lowest = Int64.max
    for variant in variants {
      let peak = scale.peak(of: schedule(variant), behind: frontEnd).bytes
      if peak < lowest { (groups, lowest) = (variant, peak) }
    }
    lowest = try split(&groups, lowest, frontEnd)
    func split(
      _ groups: inout [Group],
      _ lowest: Int64,
      _ frontEnd: Int
    ) throws(SessionError) -> Int64 {
      var lowest = lowest
      for _ in 0..<8 {
        let present = schedule(groups)
        let peak = present.groups[scale.peak(of: present, behind: frontEnd).group]
        guard peak.chain != nil, let last = peak.operations.last,
          search.mayLeave(last, peak.operations),
          let index = groups.firstIndex(where: { $0.operations.last == last })
        else { break }
        var candidate = groups
        let rest = search.rowChain(Array(peak.operations.dropLast()))
        candidate[index] = try Group(rest, model: model, need: need, threads: threads)
        if search.isChain([last]) {
          let own = search.rowChain([last])
          candidate.append(try Group(own, model: model, need: need, threads: threads))
        } else {
          candidate.append(Group(last))
        }
        let bytes = scale.peak(of: schedule(candidate), behind: frontEnd).bytes
        guard bytes < lowest else { break }
        (groups, lowest) = (candidate, bytes)
      }
      return lowest
    }
    var best = schedule(groups)
    var arena = scale.peak(of: best, behind: -1).bytes
    for front in fronts where arena > lowest {
      let last = front.operations[front.operations.count - 1]
      let candidate = schedule([front] + groups.filter { $0.operations.last! > last })
      let bytes = scale.peak(of: candidate, behind: -1).bytes
      if bytes < arena { (best, arena) = (candidate, bytes) }
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

  /// The greatest sum of values and rings that live at one group, and that group; only groups that end
  /// behind an operation count.
  func peak(of schedule: Schedule, behind operation: Int) -> (bytes: Int64, group: Int) {
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
    var sum = change[0]
    var greatest: (bytes: Int64, group: Int) = (0, 0)
    for (index, group) in schedule.groups.enumerated() {
      sum += change[index + 1]
      let bytes = sum + Int64(group.plan?.byteCount ?? 0) * Int64(threads)
      if bytes > greatest.bytes, group.operations.last! > operation { greatest = (bytes, index) }
    }
    return greatest
  }
}
