import Kernels
import ModelFile
import Runtime

@_exported import struct Runtime.Detection
@_exported import struct Vision.Image

/// Finds objects in pictures with an int8 model, on integers only.
///
///     let detector = try Detector(model: "street.edetr")
///     let image = try Image(decoding: bytes)
///     for detection in try detector.detect(image) where detection.score > Detection.scoreOne / 2 {
///       print(detector.name(of: detection), detection.x / Detection.pixelOne)
///     }
///
/// Pictures may have any size; the memory of one is kept for the next. For a stream of frames of one
/// size and pixel format, or for memory of your own, use ``FrameDetector``.
///
/// A detector is used by one thread at a time; several may share a ``ModelFile/MappedModel``.
public final class Detector {
  /// The model's file.
  public let file: MappedModel
  /// How many threads compute, the caller's included.
  public let threads: Int
  /// The names of the classes by number; empty where the model knows none.
  public let labels: [String]
  /// Whether weights are handed back to the system as soon as they have been used: less memory, the
  /// same results. To be set before the first picture.
  public var releasesWeights = false
  private let table: KernelTable
  private(set) var session: Session?
  private var photographSize: (height: Int, width: Int) = (0, 0)

  /// Opens a model.
  ///
  /// - Parameters:
  ///   - path: an `.edetr` file; it is mapped, not read.
  ///   - threads: how many threads compute, 1 to 256.
  ///   - kernels: the name of a kernel table such as `avx2`, nil for the best that the processor runs.
  /// - Throws: ``DetectorError`` for a file that is no model and for kernels that cannot run here.
  public convenience init(
    model path: String,
    threads: Int = 1,
    kernels: String? = nil
  ) throws(DetectorError) {
    let file: MappedModel
    do throws(MappedModelError) { file = try MappedModel(path: path) } catch {
      throw .model(error)
    }
    var table = KernelTable.best
    if let kernels { table = try KernelTable.chosen(Array(kernels.utf8)) }
    self.init(file: file, threads: threads, table: table)
  }

  /// A detector on a model that is open already.
  public init(file: MappedModel, threads: Int, table: KernelTable = .best) {
    self.file = file
    self.threads = threads
    self.table = table
    labels = file.labels
  }

  /// Detects in a picture.
  ///
  /// - Returns: every detection of the model, the best first, or for a softmax over classes in the
  ///   order of the queries; boxes in pixels of this picture.
  /// - Throws: ``DetectorError/session(_:)`` where the model cannot run on a picture of this size.
  public func detect(_ image: Image) throws(DetectorError) -> [Detection] {
    do throws(SessionError) { return Array(try run(image)) } catch { throw .session(error) }
  }

  /// Detects in a picture; the result is valid until the next run.
  public func run(_ image: Image) throws(SessionError) -> UnsafeBufferPointer<Detection> {
    let session = try session(height: image.height, width: image.width)
    image.pixels.withUnsafeBufferPointer {
      // A picture holds height × width × 3 bytes.
      session.run(picture: $0.baseAddress!, rowStride: image.width * 3)
    }
    return session.detections
  }

  /// The name of a detection's class, or `class N` where the model has none.
  public func name(of detection: Detection) -> String {
    let label = Int(detection.label)
    guard labels.indices.contains(label), !labels[label].isEmpty else { return "class \(label)" }
    return labels[label]
  }

  /// The session for photographs of a size; the arena is kept from one to the next.
  private func session(height: Int, width: Int) throws(SessionError) -> Session {
    if let session {
      if photographSize != (height, width) {
        try session.prepare(photographHeight: height, photographWidth: width)
        photographSize = (height, width)
      }
      return session
    }
    let session = try Session(
      model: file.model,
      photographHeight: height,
      photographWidth: width,
      threads: threads,
      table: table
    )
    if releasesWeights { session.releaseWeights(true) }
    self.session = session
    photographSize = (height, width)
    return session
  }
}
