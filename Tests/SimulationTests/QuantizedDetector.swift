import Architectures
import FloatGraph
import ModelFile
import Quantizer
import Runtime

/// SplitMix64 (Steele, Lea, Flood 2014): the tests' source of repeatable numbers.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// A detector quantized on random pictures of one size.
final class QuantizedDetector {
  let model: Model
  let size: PictureSize
  /// RGB of the network's size.
  let picture: [UInt8]
  private let bytes: UnsafeMutableRawBufferPointer

  /// Quantizes a graph on two random pictures, and on a given one where there is one.
  init(
    _ graph: FloatGraph,
    _ size: PictureSize,
    seed: UInt64 = 1,
    picture given: [UInt8]? = nil
  ) throws {
    self.size = size
    let executor = FloatExecutor(graph: graph, threads: 2)
    var calibration = Calibration(graph: graph)
    var random = SeededGenerator(seed: seed)
    var pixels: [UInt8] = []
    for number in 0..<(given == nil ? 2 : 3) {
      if number == 2, let given { pixels = given } else { pixels = Self.picture(size, &random) }
      try calibration.add(
        picture: Self.normalized(pixels, size, graph.preprocessing),
        size: InputSize(
          height: size.height,
          width: size.width,
          validHeight: size.validHeight,
          validWidth: size.validWidth
        ),
        executor: executor
      )
    }
    picture = pixels
    let file = try Quantizer.quantize(graph, calibration: calibration).file
    bytes = .allocate(byteCount: file.count, alignment: 64)
    bytes.copyBytes(from: file)
    do { model = try Model(validating: UnsafeRawBufferPointer(bytes)) } catch {
      bytes.deallocate()
      throw error
    }
  }

  deinit { bytes.deallocate() }

  /// A session after a run on the picture, every value kept.
  func finishedSession() throws -> Session {
    let session = try Session(
      model: model,
      height: size.height,
      width: size.width,
      threads: 2,
      retention: .all
    )
    try session.prepare(
      height: size.height,
      width: size.width,
      validHeight: size.validHeight,
      validWidth: size.validWidth
    )
    picture.withUnsafeBufferPointer {
      session.run(picture: $0.baseAddress!, rowStride: size.width * 3)
    }
    return session
  }

  /// Squares of one colour with some noise.
  private static func picture(
    _ size: PictureSize,
    _ random: inout SeededGenerator
  ) -> [UInt8] {
    let columns = (size.width + 15) / 16
    let colors = (0..<(size.height + 15) / 16 * columns * 3).map { _ in
      Int.random(in: 0...255, using: &random)
    }
    return (0..<size.height * size.width * 3).map { index in
      let (y, x) = (index / 3 / size.width, index / 3 % size.width)
      let color = colors[(y / 16 * columns + x / 16) * 3 + index % 3]
      return UInt8(min(max(color + Int.random(in: -30...30, using: &random), 0), 255))
    }
  }

  static func normalized(
    _ pixels: [UInt8],
    _ size: PictureSize,
    _ rule: Preprocessing
  ) -> [Float] {
    pixels.enumerated().map { index, pixel in
      // Padding is 0 after normalisation.
      let (y, x) = (index / 3 / size.width, index / 3 % size.width)
      guard y < size.validHeight, x < size.validWidth else { return 0 }
      let channel = index % 3
      let number = Double(pixel) * rule.rescale - rule.mean[channel]
      return Float(number / rule.standardDeviation[channel])
    }
  }
}

extension Session {
  /// The integers of a value after a run.
  func integers(of value: ValueIndex) -> [Int32]? {
    guard let bytes = elements(of: value) else { return nil }
    return switch model[value].element {
    case .uint8: bytes.map { Int32($0) }
    case .int8: bytes.bindMemory(to: Int8.self).map { Int32($0) }
    case .int16: bytes.bindMemory(to: Int16.self).map { Int32($0) }
    case .int32: Array(bytes.bindMemory(to: Int32.self))
    }
  }
}
