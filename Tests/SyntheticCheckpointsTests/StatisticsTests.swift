import Foundation
import RandomNumbers
import Testing

@testable import SyntheticCheckpoints

@Suite("Statistics are those of what flows through")
struct StatisticsTests {
  @Test(
    "a convolution is the sum over its window",
    arguments: [(1, 1, 0, 1), (3, 1, 1, 1), (3, 2, 1, 1), (3, 1, 2, 2), (7, 2, 3, 1)]
  )
  func convolves(kernel: Int, stride: Int, padding: Int, dilation: Int) {
    let maps = FeatureMaps(
      pictures: 2,
      height: 9,
      width: 7,
      channels: 3,
      values: NamedRandomNumbers(seed: 1, name: "maps").normals(2 * 9 * 7 * 3, deviation: 1)
    )
    let outputs = 11
    let weights = NamedRandomNumbers(seed: 1, name: "weights")
      .normals(outputs * 3 * kernel * kernel, deviation: 1)
    let result = maps.convolved(
      weights,
      outputs: outputs,
      .init(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    )
    #expect(result.height == (9 + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1)
    #expect(result.width == (7 + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1)
    for pixel in 0..<result.pixels {
      let x = pixel % result.width * stride - padding
      let y = pixel / result.width % result.height * stride - padding
      let picture = pixel / (result.width * result.height)
      for output in 0..<outputs {
        var sum = 0.0
        for tap in 0..<kernel * kernel {
          let (sourceY, sourceX) = (y + tap / kernel * dilation, x + tap % kernel * dilation)
          guard (0..<9).contains(sourceY), (0..<7).contains(sourceX) else { continue }
          for channel in 0..<3 {
            sum +=
              Double(weights[(output * 3 + channel) * kernel * kernel + tap])
              * Double(maps.values[((picture * 9 + sourceY) * 7 + sourceX) * 3 + channel])
          }
        }
        #expect((Double(result.values[pixel * outputs + output]) - sum).magnitude < 1e-4)
      }
    }
  }

  @Test("what leaves a fitted batch norm has its bias as mean and its gain as deviation")
  func fitsBatchNorm() throws {
    var plan = CheckpointPlan(seed: 3)
    let pictures = plan.fittingPictures()
    var maps = pictures.convolved(
      plan.random("weights").normals(24 * 3 * 9, deviation: 0.3, mean: 0.1),
      outputs: 24,
      .init(kernel: 3, stride: 4, padding: 1)
    )
    plan.addBatchNorm("norm", fittedTo: &maps, gain: 0.5)
    let gains = try #require(plan.tensors.first { $0.name == "norm.weight" }).numbers()
    let biases = try #require(plan.tensors.first { $0.name == "norm.bias" }).numbers()
    let statistics = ChannelStatistics(maps)
    for channel in 0..<24 {
      #expect((statistics.mean[channel] - biases[channel]).magnitude < 1e-3)
      let deviation = statistics.variance[channel].squareRoot()
      #expect((deviation - gains[channel].magnitude).magnitude < 1e-3)
      #expect((0.33...0.67).contains(gains[channel].magnitude))
    }
  }

  @Test("the maximum is over three by three pixels")
  func pools() {
    let maps = FeatureMaps(
      pictures: 1,
      height: 4,
      width: 3,
      channels: 1,
      values: [1, 2, -3, 4, -5, 6, -7, -8, -9, -1, -2, -4]
    )
    let pooled = maps.maxPooled()
    #expect(pooled.height == 2 && pooled.width == 2)
    #expect(pooled.values == [4, 6, 4, 6])
  }

  @Test("noise pictures have the deviation of photographs and structure of all sizes")
  func rendersNoise() {
    let (height, width) = (192, 256)
    let pictures = NoisePictures(random: NamedRandomNumbers(seed: 1, name: "pictures")).rendered(
      count: 3,
      height: height,
      width: width,
      mean: [0, 0, 0],
      deviation: [1.0 / 255, 1.0 / 255, 1.0 / 255]
    )
    #expect(pictures.values.allSatisfy { (0...255.001).contains($0) })
    let statistics = ChannelStatistics(pictures)
    for channel in 0..<3 {
      #expect((90...150).contains(statistics.mean[channel]))
      #expect((25...70).contains(statistics.variance[channel].squareRoot()))
    }
    // The mean square of differences over a distance grows with the distance.
    func roughness(_ distance: Int) -> Float {
      var sum: Float = 0
      for y in 0..<height {
        for x in 0..<width - distance {
          let difference =
            pictures.values[(y * width + x) * 3] - pictures.values[(y * width + x + distance) * 3]
          sum += difference * difference
        }
      }
      return sum / Float(height * (width - distance))
    }
    let levels = [1, 4, 16, 64].map { roughness($0) }
    #expect(levels == levels.sorted())
    #expect(levels[0] > 1)
    #expect(levels[3] > 4 * levels[0])
  }

  @Test("the mean and variance of sine codes are those of their definition", arguments: [24, 128])
  func knowsSineCodes(features: Int) {
    let ranges: [ClosedRange<Double>] = [0...1, 0.03...0.4]
    let found = SineCode.statistics(over: ranges, features: features)
    var variance = 0.0
    for (coordinate, range) in ranges.enumerated() {
      for feature in 0..<features {
        let period = pow(10000, Double(2 * (feature / 2)) / Double(features))
        let values = (0..<64).map { sample -> Double in
          let share = (Double(sample) + 0.5) / 64
          let x = range.lowerBound + share * (range.upperBound - range.lowerBound)
          let angle = 2 * Double.pi * x / period
          return feature % 2 == 0 ? sin(angle) : cos(angle)
        }
        let mean = values.reduce(0, +) / 64
        #expect((Double(found.mean[coordinate * features + feature]) - mean).magnitude < 1e-6)
        variance += values.reduce(0) { $0 + $1 * $1 } / 64 - mean * mean
      }
    }
    #expect((Double(found.variance) - variance / Double(2 * features)).magnitude < 1e-6)
  }

  @Test("heads look into different directions, each point one step further", arguments: [4, 6, 8])
  func spreadsDirections(heads: Int) {
    let offsets = SamplingDirections(heads: heads, levels: 2, points: 3).offsets
    #expect(offsets.count == heads * 2 * 3 * 2)
    for index in 0..<heads * 6 {
      let (x, y) = (Double(offsets[2 * index]), Double(offsets[2 * index + 1]))
      let angle = 2 * Double.pi * Double(index / 6) / Double(heads)
      let side = max(cos(angle).magnitude, sin(angle).magnitude)
      let step = Double(index % 3 + 1)
      #expect((x - step * cos(angle) / side).magnitude < 1e-6)
      #expect((y - step * sin(angle) / side).magnitude < 1e-6)
    }
  }
}
