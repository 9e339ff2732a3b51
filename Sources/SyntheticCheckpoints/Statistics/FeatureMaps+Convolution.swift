import Foundation

extension FeatureMaps {
  /// The geometry of a convolution, the same in both directions.
  struct Window {
    var kernel: Int
    var stride = 1
    var padding = 0
    var dilation = 1

    func output(_ length: Int) -> Int {
      (length + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
    }
  }

  /// Cross-correlates with zero padding.
  ///
  /// Six pixels by eight channels stay in registers; each result is the sum over taps, then over
  /// input channels, in this order. Threads share out the pixels, which changes no result.
  ///
  /// - Parameters:
  ///   - weights: [outputs, channels, kernel, kernel].
  ///   - outputs: channels that leave.
  ///   - window: the geometry.
  /// - Returns: the maps after the convolution.
  func convolved(_ weights: [Float], outputs: Int, _ window: Window) -> FeatureMaps {
    let padded = padded(window.padding)
    let rows = window.output(height)
    let columns = window.output(width)
    let taps = (0..<window.kernel).flatMap { y in
      (0..<window.kernel).map { x in (y * padded.width + x) * window.dilation * channels }
    }
    let origins = (0..<pictures).flatMap { picture in
      (0..<rows).flatMap { y in
        (0..<columns).map { x in
          ((picture * padded.height + y * window.stride) * padded.width + x * window.stride)
            * channels
        }
      }
    }
    let panels = Self.panels(weights, outputs: outputs, inputs: channels, taps: taps.count)
    var result = [Float](repeating: 0, count: origins.count * outputs)
    let groups = (origins.count + 5) / 6
    let chunk = 16
    result.withUnsafeMutableBufferPointer { result in
      // Each group writes the rows of its own pixels; the last one may repeat a pixel of its own.
      nonisolated(unsafe) let target = result.baseAddress!
      padded.values.withUnsafeBufferPointer { input in
        nonisolated(unsafe) let source = input.baseAddress!
        DispatchQueue.concurrentPerform(iterations: (groups + chunk - 1) / chunk) { part in
          for panel in panels.indices {
            for group in part * chunk..<min(part * chunk + chunk, groups) {
              Self.convolve(
                source,
                origins: origins,
                first: group * 6,
                taps: taps,
                channels: channels,
                panel: panels[panel],
                into: target + panel * 8,
                outputs: outputs,
                width: min(8, outputs - panel * 8)
              )
            }
          }
        }
      }
    }
    return FeatureMaps(
      pictures: pictures,
      height: rows,
      width: columns,
      channels: outputs,
      values: result
    )
  }

  private static func convolve(
    _ input: UnsafePointer<Float>,
    origins: [Int],
    first: Int,
    taps: [Int],
    channels: Int,
    panel: [SIMD8<Float>],
    into result: UnsafeMutablePointer<Float>,
    outputs: Int,
    width: Int
  ) {
    let last = origins.count - 1
    let p0 = input + origins[first]
    let p1 = input + origins[min(first + 1, last)]
    let p2 = input + origins[min(first + 2, last)]
    let p3 = input + origins[min(first + 3, last)]
    let p4 = input + origins[min(first + 4, last)]
    let p5 = input + origins[min(first + 5, last)]
    var (a0, a1, a2) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
    var (a3, a4, a5) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
    panel.withUnsafeBufferPointer { panel in
      var weight = panel.baseAddress!
      for tap in taps {
        for offset in tap..<tap + channels {
          let w = weight.pointee
          weight += 1
          a0 += w * p0[offset]
          a1 += w * p1[offset]
          a2 += w * p2[offset]
          a3 += w * p3[offset]
          a4 += w * p4[offset]
          a5 += w * p5[offset]
        }
      }
    }
    for (index, sum) in [a0, a1, a2, a3, a4, a5].enumerated() where first + index <= last {
      for channel in 0..<width { result[(first + index) * outputs + channel] = sum[channel] }
    }
  }

  /// Weights for eight outputs at a time, by tap, then by input channel.
  private static func panels(
    _ weights: [Float],
    outputs: Int,
    inputs: Int,
    taps: Int
  ) -> [[SIMD8<Float>]] {
    stride(from: 0, to: outputs, by: 8).map { first in
      var panel = [SIMD8<Float>](repeating: .zero, count: taps * inputs)
      for output in first..<min(first + 8, outputs) {
        for input in 0..<inputs {
          for tap in 0..<taps {
            panel[tap * inputs + input][output - first] =
              weights[(output * inputs + input) * taps + tap]
          }
        }
      }
      return panel
    }
  }

  private func padded(_ border: Int) -> FeatureMaps {
    if border == 0 { return self }
    let rows = height + 2 * border
    let columns = width + 2 * border
    var padded = [Float](repeating: 0, count: pictures * rows * columns * channels)
    for picture in 0..<pictures {
      for y in 0..<height {
        let source = (picture * height + y) * width * channels
        let target = ((picture * rows + y + border) * columns + border) * channels
        padded.replaceSubrange(
          target..<target + width * channels,
          with: values[source..<source + width * channels]
        )
      }
    }
    return FeatureMaps(
      pictures: pictures,
      height: rows,
      width: columns,
      channels: channels,
      values: padded
    )
  }
}
