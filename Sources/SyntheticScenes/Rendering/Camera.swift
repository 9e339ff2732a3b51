import Vision

/// The camera above the belt: uneven light, lens and motion blur, exposure, noise, tone curve.
struct Camera {
  private let exposure: Float
  private let balance: Vector3
  /// Passes of a small blur, and how far each one spreads.
  private let blurPasses: Int
  private let blurSpread: Float
  /// Pixels that the belt moves during the exposure.
  private let motion: Int
  private let vignetting: Float
  private let shotNoise: Float
  private let readNoise: Float
  private let noiseSeed: UInt64

  init(_ random: inout SceneRandom) {
    exposure = random.ratio(0.8...1.9)
    balance = Vector3(random.uniform(0.92...1.08), 1, random.uniform(0.92...1.08))
    blurPasses = random.integer(0...3)
    blurSpread = random.uniform(0.05...0.25)
    motion = random.chance(0.2) ? random.integer(2...5) : 1
    vignetting = random.uniform(0...0.5)
    shotNoise = random.ratio(0.0001...0.0025)
    readNoise = random.ratio(0.001...0.006)
    noiseSeed = random.bits()
  }

  /// Takes the picture.
  func picture(of canvas: Canvas, lit source: Light) -> Image {
    var light = canvas.light
    if motion > 1 { moveRows(&light, canvas) }
    for _ in 0..<blurPasses { blur(&light, canvas) }
    let width = canvas.width
    let height = canvas.height
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    let noise = SensorNoise(seed: noiseSeed)
    pixels.withUnsafeMutableBufferPointer { pixels in
      for y in 0..<height {
        for x in 0..<width {
          let index = y * width + x
          let place = Vector2(Float(x) / Float(width), Float(y) / Float(height))
          let offset = place - 0.5
          let lens = 1 / (1 + vignetting * dot(offset, offset) * 2)
          let seen = light[index] * balance * (exposure * lens * source.brightness(place))
          let random = noise[index]
          let variance = seen * shotNoise + readNoise * readNoise
          for channel in 0..<3 {
            let noisy = seen[channel] + variance[channel].squareRoot() * random[channel]
            pixels[3 * index + channel] = Self.tone(noisy)
          }
        }
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  /// The byte for an amount of light: a gamma near 1/2.2 made of roots, with a soft shoulder.
  @inline(__always)
  private static func tone(_ light: Float) -> UInt8 {
    let positive = max(light, 0)
    let shoulder = positive > 0.6 ? 1 - 0.16 / (positive - 0.2) : positive
    let root = shoulder.squareRoot()
    let curve = 0.75 * root + 0.25 * root.squareRoot()
    return UInt8(min(max(curve * 255 + 0.5, 0), 255))
  }

  /// Averages pixels along the columns, in which the belt moves.
  private func moveRows(_ light: inout [Vector3], _ canvas: Canvas) {
    let width = canvas.width
    for y in 0..<canvas.height {
      let rows = min(motion, canvas.height - y)
      for x in 0..<width {
        var sum = light[y * width + x]
        for row in 1..<max(rows, 1) where rows > 1 { sum += light[(y + row) * width + x] }
        light[y * width + x] = sum / Float(rows)
      }
    }
  }

  /// One pass of the weights `spread, 1 − 2 spread, spread` in both directions.
  private func blur(_ light: inout [Vector3], _ canvas: Canvas) {
    let width = canvas.width
    let height = canvas.height
    let middle = 1 - 2 * blurSpread
    light.withUnsafeMutableBufferPointer { light in
      for y in 0..<height {
        let row = light.baseAddress! + y * width
        var before = row[0]
        for x in 0..<width {
          let here = row[x]
          let after = row[min(x + 1, width - 1)]
          row[x] = here * middle + (before + after) * blurSpread
          before = here
        }
      }
      var above = Array(light[0..<width])
      for y in 0..<height {
        let row = light.baseAddress! + y * width
        let below = light.baseAddress! + min(y + 1, height - 1) * width
        for x in 0..<width {
          let here = row[x]
          row[x] = here * middle + (above[x] + below[x]) * blurSpread
          above[x] = here
        }
      }
    }
  }
}
