import FloatGraph
import Foundation
import ModelFile
import Quantizer
import Report

/// The 8-bit values of a model with what calibration saw of them.
struct ActivationRanges {
  let graph: FloatGraph
  let file: MappedModel
  let calibration: Calibration
  let observers: [FloatGraph.ValueID: RangeObserver]

  private static let bins = 75

  var activations: [ActivationSection.Activation] {
    var ids: [String: FloatGraph.ValueID] = [:]
    for index in graph.values.indices { ids[graph.values[index].name] = FloatGraph.ValueID(index) }
    return file.model.values.dropFirst().compactMap { value in
      guard value.element == .uint8 || value.element == .int8 else { return nil }
      let name = file.string(value.name)
      // A copy in another form is called after its value, as in `encoder.norm@byte`.
      let origin = name.lastIndex(of: "@").map { String(name[..<$0]) } ?? name
      return (ids[name] ?? ids[origin]).flatMap { activation(value, name, $0) }
    }
  }

  private func activation(
    _ value: Value,
    _ name: String,
    _ id: FloatGraph.ValueID
  ) -> ActivationSection.Activation? {
    let statistics = calibration.statistics[id.index]
    guard statistics.count > 0, statistics.limit > 0 else { return nil }
    let step = Double(bitPattern: value.stepBits)
    let zero = Double(value.zeroPoint)
    // int8 values are quantized symmetrically.
    let least = value.element == .int8 ? -127 : Double(value.element.lowest)
    let range = (least - zero) * step...(Double(value.element.highest) - zero) * step
    let extremes = Double(statistics.minimum)...Double(statistics.maximum)
    let lowest = min(extremes.lowerBound, range.lowerBound, 0)
    let highest = max(extremes.upperBound, range.upperBound, 0)
    let error = RangeError(statistics, range: range, step: step)
    return ActivationSection.Activation(
      name: name,
      element: NumberFormat(value.element),
      counts: counts(statistics, from: lowest, to: highest),
      lowest: lowest,
      highest: highest,
      extremes: extremes,
      range: range,
      step: step,
      zeroPoint: Int(value.zeroPoint),
      observer: observers[id]?.name ?? "given",
      clippedShare: error.clippedShare,
      signalToNoise: error.signalToNoise
    )
  }

  /// The histogram in fewer bins over the range that is drawn.
  private func counts(_ statistics: ValueStatistics, from lowest: Double, to highest: Double)
    -> [Int]
  {
    var counts = [Int](repeating: 0, count: Self.bins)
    let fine = 2 * Double(statistics.limit) / Double(statistics.histogram.count)
    let width = (highest - lowest) / Double(Self.bins)
    for (bin, count) in statistics.histogram.enumerated() where count > 0 {
      let centre = -Double(statistics.limit) + (Double(bin) + 0.5) * fine
      let place = Int(((centre - lowest) / width).rounded(.down))
      counts[min(max(place, 0), Self.bins - 1)] += count
    }
    return counts
  }
}

/// What rounding and clipping to a range does to the numbers of a histogram.
///
/// A number inside is off by step² / 12 on average, and by no more than its own square, because 0
/// is exact; one outside by its distance.
private struct RangeError {
  private(set) var clippedShare = 0.0
  private(set) var signalToNoise = 0.0

  init(_ statistics: ValueStatistics, range: ClosedRange<Double>, step: Double) {
    let width = 2 * Double(statistics.limit) / Double(statistics.histogram.count)
    // Ranges reach half a step beyond the last integer.
    let (low, high) = (range.lowerBound - step / 2, range.upperBound + step / 2)
    var (energy, noise, outside) = (0.0, 0.0, 0)
    for (bin, count) in statistics.histogram.enumerated() where count > 0 {
      let centre = -Double(statistics.limit) + (Double(bin) + 0.5) * width
      let beyond = max(low - centre, centre - high, 0)
      let square = centre * centre
      energy += Double(count) * square
      noise += Double(count) * (beyond > 0 ? beyond * beyond : min(step * step / 12, square))
      if beyond > 0 { outside += count }
    }
    clippedShare = Double(outside) / Double(max(statistics.count, 1))
    signalToNoise = noise > 0 ? 10 * log10(energy / noise) : .infinity
  }
}

extension NumberFormat {
  init(_ element: Element) {
    switch element {
    case .uint8: self = .uint8
    case .int8: self = .int8
    case .int16: self = .int16
    case .int32: self = .int32
    }
  }
}
