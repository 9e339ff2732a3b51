import Foundation
import Kernels
import Testing

/// The pixels of a bin against `roi_align`'s definition in real numbers.
@Suite("Bins of RoIAlign")
struct RegionTests {
  private static let one = Double(1 << 30)

  /// Weights of the pixels of a bin, point by point, from places in real numbers.
  private func weights(
    centre: Double,
    side: Double,
    bin: Int,
    bins: Int,
    points: Int,
    length: Int
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: length)
    for point in 0..<points {
      let step = side / Double(bins * points)
      let place = centre - side / 2 - 0.5 + (Double(bin * points + point) + 0.5) * step
      guard place >= -1, place <= Double(length) else { continue }
      let inside = min(max(place, 0), Double(length - 1))
      let low = Int(inside)
      sums[low] += 1 - (inside - Double(low))
      if low + 1 < length { sums[low + 1] += inside - Double(low) }
    }
    return sums.map { $0 / Double(max(points, 1)) }
  }

  @Test("weights are within 1.25 units of 2⁻¹⁵ of real ones", arguments: 0..<300)
  func bins(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let length = Int.random(in: 1...60, using: &random)
    let valid = Int.random(in: 1...length, using: &random)
    let bins = Int.random(in: 1...9, using: &random)
    let part = Double.random(in: 0.001...(seed % 3 == 0 ? 1.2 : 0.3), using: &random)
    let centre = Double.random(in: -0.2...1.2, using: &random)
    let axis = RegionAxis(
      centre: Int32(centre * Self.one),
      part: Int32(part * Self.one),
      valid: valid,
      length: length,
      bins: bins
    )
    let side = Double(Int32(part * Self.one)) / Self.one * Double(valid)
    let middle = Double(Int32(centre * Self.one)) / Self.one * Double(valid)
    guard abs((side / Double(bins)).rounded() - side / Double(bins)) > 1e-4 else { return }
    #expect(axis.points == Int64((side / Double(bins)).rounded(.up)))
    for bin in 0..<bins {
      var sums = [Int64](repeating: 0, count: length)
      let touched = axis.addPoints(ofBin: bin, to: &sums)
      let expected = weights(
        centre: middle,
        side: side,
        bin: bin,
        bins: bins,
        points: Int(axis.points),
        length: length
      )
      // A point on the edge of what counts may fall on either side of it.
      let isOnEdge = (0..<Int(axis.points)).contains { point in
        let step = side / Double(bins * Int(axis.points))
        let place = middle - side / 2 - 0.5 + (Double(bin * Int(axis.points) + point) + 0.5) * step
        return abs(place + 1) < 1e-4 || abs(place - Double(length)) < 1e-4
      }
      guard !isOnEdge else { continue }
      for pixel in 0..<length {
        let found = Double(axis.weight(ofSum: sums[pixel]))
        #expect(abs(found - expected[pixel] * 32768) <= 1.25, "seed \(seed), bin \(bin)")
        #expect(touched.contains(pixel) || sums[pixel] == 0)
      }
    }
  }

  @Test("a side of nothing takes no points, and wild boxes stay inside")
  func limits() {
    for centre in [Int32.min, -5, 0, 1 << 29, .max] {
      for part in [Int32.min, -1, 0, 1, 1 << 30, .max] {
        let axis = RegionAxis(centre: centre, part: part, valid: 16, length: 16, bins: 7)
        if part <= 0 { #expect(axis.points == 0) }
        for bin in 0..<7 {
          var sums = [Int64](repeating: 0, count: 16)
          let touched = axis.addPoints(ofBin: bin, to: &sums)
          #expect(touched.isEmpty || (0...16).contains(touched.upperBound))
          #expect(sums.allSatisfy { (0...32768).contains(axis.weight(ofSum: $0)) })
        }
      }
    }
  }

  @Test("a place among bins mixes two of them by its fraction")
  func mixing() {
    let axis = RegionAxis(centre: 1 << 29, part: 1 << 30, valid: 14, length: 14, bins: 7)
    // The middle of the box is the middle of the fourth bin.
    #expect(axis.bin(at: 1 << 29).index == 3)
    #expect(axis.bin(at: 1 << 29).fraction == 0)
    #expect(axis.bin(at: 0).index == -1)
    #expect(axis.bin(at: 0).fraction == 32768)
    #expect(axis.weight(ofSum: 2 * 65536, 0, fraction: 32768) == 16384)
    #expect(axis.weight(ofSum: 2 * 65536) == 32768)
  }
}
