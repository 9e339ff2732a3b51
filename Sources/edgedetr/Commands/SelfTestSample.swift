import EdgeDETR
import Kernels
import ModelFile
import Vision

/// The picture that a model file carries to prove a board: a photograph made small.
///
/// The network still sees it at its own size, so that every layer is proven at full size; a model without
/// a rule for that size gets the photograph as it is.
struct SelfTestSample {
  /// Pixels of the longer side.
  static let longestSide = 160

  let image: Image

  init(_ photograph: Image, of file: [UInt8]) throws {
    let longest = max(photograph.width, photograph.height)
    let rule = try Self.withModel(file) { $0.information.sizeRule }
    guard rule != .unchanged, longest > Self.longestSide else {
      image = photograph
      return
    }
    func scaled(_ side: Int) -> Int { max(1, (side * Self.longestSide + longest / 2) / longest) }
    image = photograph.resized(width: scaled(photograph.width), height: scaled(photograph.height))
  }

  /// The file with this sample and the digest of what the scalar kernels find in it.
  func add(to file: [UInt8], path: String) throws -> [UInt8] {
    guard max(image.width, image.height) <= 4096 else {
      throw InputError(path: path, reason: "a self-test's picture has at most 4096 pixels a side")
    }
    return try Self.withModel(file) { model in
      let result: SelfTestResult
      do throws(DetectorError) {
        result = try image.pixels.withUnsafeBufferPointer { pixels throws(DetectorError) in
          // A picture holds height × width × 3 bytes.
          try model.result(
            pixels: pixels.baseAddress!,
            height: image.height,
            width: image.width,
            threads: 1,
            table: .scalar
          )
        }
      } catch { throw InputError(path: path, reason: error.description) }
      return try model.fileWithSelfTest(
        height: image.height,
        width: image.width,
        pixels: image.pixels,
        digest: result.digest,
        detections: result.detections
      )
    }
  }

  /// Reads a file in memory as a model, on the boundary that one needs.
  private static func withModel<T>(_ file: [UInt8], _ body: (Model) throws -> T) throws -> T {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: file)
    return try body(Model(validating: UnsafeRawBufferPointer(memory)))
  }
}
