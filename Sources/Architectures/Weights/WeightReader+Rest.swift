extension WeightReader {
  /// Explains the tensors that nothing has taken.
  ///
  /// - Parameter configuration: the model that was built.
  /// - Returns: each with a reason why it may be there.
  /// - Throws: ``ArchitectureError/unexplainedTensors(file:first:count:)``.
  func explainRest(
    _ configuration: DetectorConfiguration
  ) throws(ArchitectureError) -> [(name: String, reason: String)] {
    let stages = configuration.backbone.outputs.last! + 1..<configuration.backbone.depths.count
    let unreadStages = stages.map { naming.prefix(of: .blocks(stage: $0)) }
    var ignored: [(name: String, reason: String)] = []
    var unexplained: [String] = []
    for name in tensors.names where !used.contains(name) {
      if unreadStages.contains(where: { name.hasPrefix($0) }) {
        ignored.append((name, "of a stage that is not read"))
      } else if let reason = naming.reasonToIgnore(name) {
        ignored.append((name, reason))
      } else {
        unexplained.append(name)
      }
    }
    if let first = unexplained.first {
      throw .unexplainedTensors(
        file: file(of: first),
        first: Array(unexplained.prefix(3)),
        count: unexplained.count
      )
    }
    return ignored
  }
}
