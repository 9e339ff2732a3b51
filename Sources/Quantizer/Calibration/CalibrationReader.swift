import Checkpoints
import FloatGraph

/// Takes statistics out of tensors that may say anything.
struct CalibrationReader {
  /// More numbers than any calibration sees; sums of two such counts do not overflow.
  private static let countLimit: Int64 = 1 << 60

  /// No input is longer.
  private static let sideLimit: Int64 = 1 << 20

  let file: String
  let tensors: TensorMap

  func calibration(of graph: FloatGraph) throws(CalibrationFileError) -> Calibration {
    var calibration = Calibration(graph: graph)
    let count = graph.values.count
    let photographs = try integers("photographs", [3])
    guard (1..<Self.countLimit).contains(photographs[0]),
      photographs[1...].allSatisfy((1...Self.sideLimit).contains)
    else { throw wrong("photographs", "a count and a size from 1", "\(photographs)") }
    calibration.photographs = Int(photographs[0])
    calibration.largestInput = InputSize(height: Int(photographs[1]), width: Int(photographs[2]))
    let ranges = try floats("ranges", [count, 3])
    let counts = try integers("counts", [count, 4])
    let averages = try integers("averages", [count, 2]).map {
      Double(bitPattern: UInt64(bitPattern: $0))
    }
    for value in 0..<count {
      calibration.statistics[value] = try statistics(
        graph.values[value].name,
        ranges[value * 3..<value * 3 + 3],
        counts[value * 4..<value * 4 + 4],
        averages[value * 2..<value * 2 + 2]
      )
    }
    try addSums(to: &calibration, graph)
    try addHistograms(to: &calibration)
    for key in calibration.samples.keys.sorted() { try addSamples(key, to: &calibration) }
    let expected = 6 + 2 * calibration.samples.count
    guard tensors.count == expected else {
      throw wrong("*", "\(expected) tensors", "\(tensors.count)")
    }
    return calibration
  }

  private func statistics(
    _ name: String,
    _ range: ArraySlice<Float>,
    _ counts: ArraySlice<Int64>,
    _ averages: ArraySlice<Double>
  ) throws(CalibrationFileError) -> ValueStatistics {
    guard counts.allSatisfy((0..<Self.countLimit).contains) else {
      throw wrong("counts", "counts from 0 for \(name)", "\(Array(counts))")
    }
    var statistics = ValueStatistics()
    (statistics.minimum, statistics.maximum) = (
      range[range.startIndex], range[range.startIndex + 1]
    )
    statistics.limit = range[range.startIndex + 2]
    let first = counts.startIndex
    statistics.count = Int(counts[first])
    statistics.nonFinite = Int(counts[first + 1])
    statistics.photographs = Int(counts[first + 2])
    statistics.zeros = Int(counts[first + 3])
    statistics.averageMinimum = averages[averages.startIndex]
    statistics.averageMaximum = averages[averages.startIndex + 1]
    let (least, most, limit) = (statistics.minimum, statistics.maximum, statistics.limit)
    let isEmpty = statistics.count == 0
    let isOrdered =
      isEmpty
      ? least == .infinity && most == -.infinity && limit == 0
      : least.isFinite && most.isFinite && least <= most
    // A width is 0 or a power of two, or the least one there is, and holds both extremes.
    let isWidth =
      limit == 0 && (isEmpty || (least == 0 && most == 0))
      || limit.isFinite && limit > 0 && max(abs(least), abs(most)) <= limit
    // Averages of numbers lie between them, but for their own rounding.
    let slack = Double(limit) * 1e-6
    let areInside =
      isEmpty
      ? averages.allSatisfy { $0 == 0 }
      : averages.allSatisfy { $0 >= Double(least) - slack && $0 <= Double(most) + slack }
    guard isOrdered, isWidth, areInside else {
      throw wrong("ranges", "ordered finite numbers for \(name)", "\(Array(range))")
    }
    return statistics
  }

  /// Sums of channels, of the values that were seen.
  private func addSums(
    to calibration: inout Calibration,
    _ graph: FloatGraph
  ) throws(CalibrationFileError) {
    let seen = graph.values.indices.filter {
      calibration.statistics[$0].count + calibration.statistics[$0].nonFinite > 0
    }
    let channels = seen.map { graph.values[$0].channels }
    let sums = try integers("sums", [channels.reduce(0, +)])
      .map { Double(bitPattern: UInt64(bitPattern: $0)) }
    var next = 0
    for (value, count) in zip(seen, channels) {
      let statistics = calibration.statistics[value]
      let bound = Double(statistics.limit) * Double(statistics.count) * 1.000001
      let own = Array(sums[next..<next + count])
      guard own.allSatisfy({ abs($0) <= bound }) else {
        throw wrong("sums", "at most \(bound) for \(graph.values[value].name)", "more")
      }
      calibration.statistics[value].channelSums = own
      next += count
    }
  }

  /// Histograms, of the values whose histogram has a width.
  private func addHistograms(to calibration: inout Calibration) throws(CalibrationFileError) {
    let wide = calibration.statistics.indices.filter { calibration.statistics[$0].limit > 0 }
    let bins = ValueStatistics.bins
    let numbers = try integers("histograms", [wide.count, bins])
    for (place, value) in wide.enumerated() {
      let own = numbers[place * bins..<(place + 1) * bins]
      let sum = own.reduce(Int64(0)) { total, bin in
        total < 0 || bin < 0 || bin >= Self.countLimit || total >= Self.countLimit
          ? -1 : total + bin
      }
      let expected = calibration.statistics[value].count
      guard sum == expected else {
        throw wrong("histograms", "\(expected) numbers in histogram \(place)", "\(sum)")
      }
      calibration.statistics[value].histogram = own.map { Int($0) }
    }
  }

  private func addSamples(
    _ key: Int,
    to calibration: inout Calibration
  ) throws(CalibrationFileError) {
    guard let width = calibration.samples[key]?.width else { return }
    let name = "samples.\(key)"
    let offered = try integers("offered.\(key)", [1])[0]
    let rows = min(offered, Int64(ProductSamples.limit))
    guard (0..<Self.countLimit).contains(offered) else {
      throw wrong("offered.\(key)", "a count from 0", "\(offered)")
    }
    let numbers = try floats(name, [Int(rows), width])
    guard numbers.allSatisfy(\.isFinite) else { throw wrong(name, "finite numbers", "others") }
    calibration.samples[key] = ProductSamples(
      width: width,
      numbers: numbers,
      offered: Int(offered)
    )
  }

  // MARK: Tensors

  private func tensor(
    _ name: String,
    _ shape: [Int]
  ) throws(CalibrationFileError) -> TensorView {
    guard let tensor = tensors[name] else { throw wrong(name, "shape \(shape)", "no such tensor") }
    guard tensor.shape == shape else { throw wrong(name, "shape \(shape)", "\(tensor.shape)") }
    return tensor
  }

  private func floats(_ name: String, _ shape: [Int]) throws(CalibrationFileError) -> [Float] {
    let tensor = try tensor(name, shape)
    guard tensor.dtype == .f32 else { throw wrong(name, "F32", tensor.dtype.rawValue) }
    return tensor.floats()
  }

  private func integers(_ name: String, _ shape: [Int]) throws(CalibrationFileError) -> [Int64] {
    let tensor = try tensor(name, shape)
    do { return try tensor.int64s() } catch { throw .unreadable(error) }
  }

  private func wrong(_ name: String, _ expected: String, _ found: String) -> CalibrationFileError {
    .tensor(file: file, name: name, expected: expected, found: found)
  }
}
