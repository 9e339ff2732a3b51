import Kernels
import ModelFile
import Runtime

/// What became of a model's self-test on this machine.
public struct SelfTestResult: Equatable, Sendable {
  /// The digest of the detections that were found here.
  public let digest: UInt64
  /// How many detections there were.
  public let detections: Int

  /// A result that was found elsewhere.
  public init(digest: UInt64, detections: Int) {
    self.digest = digest
    self.detections = detections
  }

  /// Whether they are what the file says.
  public func matches(_ test: SelfTest) -> Bool {
    digest == test.digest && detections == test.detections
  }
}

extension Model {
  /// Detects in the sample that the model carries; nil where it carries none.
  ///
  /// - Throws: ``DetectorError/session(_:)`` where the model cannot run.
  public func runSelfTest(
    threads: Int,
    table: KernelTable
  ) throws(DetectorError) -> SelfTestResult? {
    guard let test = information.selfTest else { return nil }
    let pixels = elements(test.pixels, as: UInt8.self)
    return try result(
      pixels: pixels,
      height: test.height,
      width: test.width,
      threads: threads,
      table: table
    )
  }

  /// What the model finds in a sample, to be kept as its self-test.
  ///
  /// - Parameters:
  ///   - pixels: `height * width * 3` bytes of interleaved RGB rows.
  ///   - height: rows of the sample.
  ///   - width: columns of the sample.
  ///   - threads: how many threads compute.
  ///   - table: the kernels.
  /// - Returns: the digest and the number of the detections.
  /// - Throws: ``DetectorError/session(_:)`` where the model cannot run on it.
  public func result(
    pixels: UnsafePointer<UInt8>,
    height: Int,
    width: Int,
    threads: Int,
    table: KernelTable
  ) throws(DetectorError) -> SelfTestResult {
    do throws(SessionError) {
      let session = try Session(
        model: self,
        photographHeight: height,
        photographWidth: width,
        threads: threads,
        table: table
      )
      session.run(picture: pixels, rowStride: width * 3)
      let detections = session.detections
      return SelfTestResult(
        digest: SelfTest.digest(of: UnsafeRawBufferPointer(detections)),
        detections: detections.count
      )
    } catch { throw .session(error) }
  }
}
