import ModelFile

extension Session {
  public var scheduleText: String {
    var s = ""
    for (i, g) in plan.schedule.groups.enumerated() {
      s += "\(i + 1): \(g.operations)"
      if let p = g.plan, let c = g.chain {
        s +=
          " bytes \(p.byteCount) rings \(p.rings.map { $0?.rows ?? -1 }) band \(c.bandLines) of \(c.lines) made \(zip(p.madeLines, c.members).map { $0 - $1.lines })"
      }
      s += " live \(plan.arena.liveBytes(at: i + 1))\n"
    }
    return s
  }
}
