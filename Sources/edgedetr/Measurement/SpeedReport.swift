import CheckedJSON

/// What `bench` prints and writes of its measurements.
enum SpeedReport {
  /// One line for each number of threads.
  static func text(_ results: [SpeedMeasurement], size: (height: Int, width: Int)) -> String {
    guard let first = results.first else { return "" }
    var rows = [
      [
        "threads", "median ms", "min", "max", "processor ms", "GMAC/s", "peak GMAC/s",
        "share of peak", "by processor time", "arena MB", "peak RSS MB",
      ]
    ]
    for result in results {
      rows.append([
        "\(result.threads)",
        result.milliseconds.median.formatted(digits: 1),
        result.milliseconds.min()!.formatted(digits: 1),
        result.milliseconds.max()!.formatted(digits: 1),
        result.processorMilliseconds.median.formatted(digits: 1),
        (result.perSecond / 1e9).formatted(digits: 1),
        (result.peaks.median / 1e9).formatted(digits: 1),
        result.shares.median.formatted(digits: 3),
        result.processorShares.median.formatted(digits: 3),
        megabytes(result.arenaBytes),
        megabytes(result.peakResidentBytes),
      ])
    }
    let gigas = (first.multiplyAdds / 1e9).formatted(digits: 1)
    return "\(first.table.name), \(size.height)x\(size.width), \(gigas) GMAC, "
      + "\(first.milliseconds.count) runs\n\n" + TextTable.aligned(rows)
  }

  /// One line for each size of the picture.
  static func scaling(_ results: [SpeedMeasurement]) -> String {
    var rows = [
      [
        "size", "pixels", "median ms", "min", "ns a pixel", "GMAC", "share of peak", "arena MB",
        "arena bytes a pixel",
      ]
    ]
    for result in results {
      let pixels = Double(result.height * result.width)
      rows.append([
        "\(result.height)x\(result.width)",
        "\(result.height * result.width)",
        result.milliseconds.median.formatted(digits: 1),
        result.milliseconds.min()!.formatted(digits: 1),
        (result.milliseconds.median * 1e6 / pixels).formatted(digits: 0),
        (result.multiplyAdds / 1e9).formatted(digits: 1),
        result.shares.median.formatted(digits: 3),
        megabytes(result.arenaBytes),
        (Double(result.arenaBytes) / pixels).formatted(digits: 1),
      ])
    }
    guard let first = results.first else { return "" }
    return "\(first.table.name), \(first.threads) threads\n\n" + TextTable.aligned(rows)
  }

  static func json(
    _ result: SpeedMeasurement,
    all: [SpeedMeasurement],
    _ layers: LayerTimes
  ) -> JSON {
    guard case .object(var report) = json(result) else { return .null }
    if all.count > 1 { report["by_threads"] = .array(all.map { json($0) }) }
    report["layers"] = layers.json
    return .object(report)
  }

  static func json(_ result: SpeedMeasurement) -> JSON {
    var report = JSON.Object()
    report["isa"] = .string("\(result.table.name)")
    report["threads"] = JSON(result.threads)
    report["height"] = JSON(result.height)
    report["width"] = JSON(result.width)
    report["runs"] = JSON(result.milliseconds.count)
    report["median_ms"] = .double(result.milliseconds.median)
    report["min_ms"] = .double(result.milliseconds.min()!)
    report["max_ms"] = .double(result.milliseconds.max()!)
    report["processor_ms"] = .double(result.processorMilliseconds.median)
    report["gmac"] = .double(result.multiplyAdds / 1e9)
    report["gmac_per_s"] = .double(result.perSecond / 1e9)
    report["peak_gmac_per_s"] = .double(result.peaks.median / 1e9)
    report["share_of_peak"] = .double(result.shares.median)
    report["share_of_peak_by_processor_time"] = .double(result.processorShares.median)
    report["arena_bytes"] = JSON(result.arenaBytes)
    report["peak_rss_bytes"] = JSON(result.peakResidentBytes)
    return .object(report)
  }

  private static func megabytes(_ bytes: Int) -> String {
    (Double(bytes) / 1e6).formatted(digits: 1)
  }
}

extension SpeedMeasurement {
  /// Multiply-adds a second of the median run.
  var perSecond: Double { multiplyAdds / (milliseconds.median / 1000) }
}
