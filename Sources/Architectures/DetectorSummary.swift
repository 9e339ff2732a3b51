import FloatGraph

extension LoadedDetector {
  /// A table for people: what the detector is and where each property came from.
  public var summary: String {
    var lines: [(String, String, String)] = [("names", naming, "")]
    for setting in settings {
      lines.append((setting.name, setting.value, Self.text(setting.origin)))
    }
    lines.append(("parameters used", "\(parameterCount)", ""))
    if !ignoredTensors.isEmpty {
      lines.append(("tensors not used", "\(ignoredTensors.count)", ignoredReasons))
    }
    let nameWidth = lines.map(\.0.count).max() ?? 0
    let valueWidth = settings.map(\.value.count).max() ?? 0
    return lines.map { name, value, origin in
      let name = name.padding(to: nameWidth + 2)
      return origin.isEmpty ? name + value : name + value.padding(to: valueWidth + 2) + origin
    }.joined(separator: "\n")
  }

  /// Properties that the checkpoint does not tell: options of the user and values of the paper.
  public var notInTheFile: [Setting] {
    settings.filter { setting in
      switch setting.origin {
      case .tensors, .file: false
      case .option, .paper: true
      }
    }
  }

  private var ignoredReasons: String {
    let reasons = Dictionary(grouping: ignoredTensors, by: \.reason)
    return reasons.sorted { $0.key < $1.key }.map { "\($0.value.count) \($0.key)" }
      .joined(separator: "; ")
  }

  private static func text(_ origin: Setting.Origin) -> String {
    switch origin {
    case .tensors: "from the tensors"
    case .file(let place): "from \(place)"
    case .option(let flag): "from \(flag)"
    case .paper: "not in the file: the paper's value"
    }
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

extension Preprocessing {
  /// How the values of a photograph become the network's input, as a line of the summary.
  func normalisation(at stated: Stated<Preprocessing>?) -> Setting {
    let values = zip(mean, standardDeviation).map { "\($0)±\($1)" }.joined(separator: " ")
    return Setting(
      name: "input normalisation",
      value: "\(Float(rescale)) × pixels, RGB \(values)",
      origin: stated.map { .file(place: $0.place) } ?? .paper
    )
  }
}
