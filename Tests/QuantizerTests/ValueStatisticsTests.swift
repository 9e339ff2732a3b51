import Testing

@testable import Quantizer

@Suite("Statistics of an activation")
struct ValueStatisticsTests {
  private func observed(_ batches: [[Float]]) -> ValueStatistics {
    var statistics = ValueStatistics()
    for batch in batches { batch.withUnsafeBufferPointer { statistics.observe($0, channels: 1) } }
    return statistics
  }

  @Test("extremes and counts are exact, numbers that are not finite are counted apart")
  func extremes() {
    let statistics = observed([[1, -3, .infinity], [.nan, 7.5, 0]])
    #expect(statistics.minimum == -3)
    #expect(statistics.maximum == 7.5)
    #expect(statistics.count == 4)
    #expect(statistics.nonFinite == 2)
  }

  @Test("growing the histogram loses no number, however late the large ones come")
  func growth() {
    let statistics = observed([[0, 0], [0.001, -0.002], [5], [-4000, 0.5]])
    #expect(statistics.histogram.reduce(0, +) == 7)
    #expect(statistics.limit == 4096)
  }

  @Test("averages over photographs and channels")
  func averages() {
    var statistics = ValueStatistics()
    for batch: [Float] in [[1, 10, 3, 20], [5, -30, 7, 0]] {
      batch.withUnsafeBufferPointer { statistics.observe($0, channels: 2) }
    }
    #expect(statistics.mean(ofChannel: 0) == 4)
    #expect(statistics.mean(ofChannel: 1) == 0)
    #expect(RangeObserver.movingAverage.range(of: statistics) == -14.5...13.5)
  }

  @Test("squared error and entropy cut a lone outlier, min/max does not")
  func outlier() {
    var numbers: [Float] = (0..<1_000_000).map { Float(($0 * 7919) % 1000) / 1000 }
    numbers.append(3)
    let statistics = observed([numbers])
    #expect(RangeObserver.minMax.range(of: statistics).upperBound == 3)
    for observer in [RangeObserver.meanSquaredError, .entropy] {
      let bound = observer.range(of: statistics).upperBound
      #expect(bound < 2 && bound > 0.9, "\(observer): \(bound)")
    }
  }

  @Test("a percentile leaves the share of outliers out and stays inside the extremes")
  func percentile() {
    var numbers = (0..<10_000).map { Float($0) / 10_000 }
    numbers.append(1000)
    let statistics = observed([numbers])
    let range = RangeObserver.percentile(99.9).range(of: statistics)
    // One bin of 4096 over ±1024 is half a unit wide.
    #expect(range.upperBound < 2)
    #expect(range.upperBound >= 0.99)
    #expect(RangeObserver.minMax.range(of: statistics) == 0...1000)
  }

  @Test("every range contains 0 and a value never seen has the range 0")
  func zero() {
    #expect(RangeObserver.minMax.range(of: observed([[3, 4]])) == 0...4)
    #expect(RangeObserver.percentile(99).range(of: observed([[-3, -2]])).upperBound == 0)
    #expect(RangeObserver.minMax.range(of: ValueStatistics()) == 0...0)
  }
}
