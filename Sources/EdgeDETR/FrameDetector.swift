import Kernels
import ModelFile
import Runtime
import Vision

@_exported import class ModelFile.MappedModel
@_exported import struct ModelFile.Model
@_exported import struct Vision.FrameLayout
@_exported import enum Vision.PixelFormat

/// Finds objects in frames of one size and pixel format, as cameras and video decoders give them.
///
///     let layout = try FrameLayout(format: .nv12, width: 640, height: 480)
///     let detector = try FrameDetector(model: model, layout: layout, threads: 4)
///     try detector.run(frame.span)
///     for detection in detector.detections { … }
///
/// All memory is one block whose size ``byteCount(model:layout:threads:table:)`` states beforehand; it
/// may be the caller's. A run allocates nothing.
///
/// A detector is used by one thread at a time; several may share a model.
public final class FrameDetector {
  /// The boundary on which memory of the caller's must begin.
  public static let alignment = ArenaPlan.alignment

  public let layout: FrameLayout
  private let session: Session
  /// The session's arena.
  private let arena: UnsafeMutableRawBufferPointer
  /// Room for a frame as RGB behind the arena; empty where frames are RGB already.
  private let pixels: UnsafeMutableBufferPointer<UInt8>
  private let owned: UnsafeMutableRawBufferPointer?
  private var hasRun = false

  /// The bytes that a detector needs.
  ///
  /// - Throws: ``DetectorError/session(_:)`` where the model cannot run on such frames.
  public static func byteCount(
    model: Model,
    layout: FrameLayout,
    threads: Int,
    table: KernelTable = .best
  ) throws(DetectorError) -> Int {
    let need = try need(model, layout, threads, table)
    return need.arena + need.pixels
  }

  /// Makes a detector.
  ///
  /// - Parameters:
  ///   - model: the model; its bytes must stay in place as long as the detector is used.
  ///   - layout: format, size and strides of the frames.
  ///   - threads: how many threads compute, the caller's included.
  ///   - memory: memory on a boundary of ``alignment`` that stays the caller's, or nil.
  ///   - table: the kernels.
  /// - Throws: ``DetectorError/session(_:)``.
  public init(
    model: Model,
    layout: FrameLayout,
    threads: Int,
    memory: UnsafeMutableRawBufferPointer? = nil,
    table: KernelTable = .best
  ) throws(DetectorError) {
    let need = try Self.need(model, layout, threads, table)
    let byteCount = need.arena + need.pixels
    if let memory, memory.count < byteCount {
      throw .session(.arenaTooSmall(needed: byteCount, given: memory.count))
    }
    var owned: UnsafeMutableRawBufferPointer?
    let block: UnsafeMutableRawBufferPointer
    do throws(SessionError) {
      if let memory {
        block = memory
      } else {
        block = try SystemMemory.take(byteCount)
        owned = block
      }
      // The block holds the arena and the pixels behind it, as counted above.
      arena = UnsafeMutableRawBufferPointer(rebasing: block[..<need.arena])
      session = try Session(
        model: model,
        photographHeight: layout.height,
        photographWidth: layout.width,
        threads: threads,
        arena: arena,
        table: table
      )
    } catch {
      if let owned { SystemMemory.release(owned) }
      throw .session(error)
    }
    self.owned = owned
    self.layout = layout
    let count = layout.format == .rgb24 ? 0 : layout.width * layout.height * 3
    pixels = UnsafeMutableRawBufferPointer(rebasing: block[need.arena..<need.arena + count])
      .bindMemory(to: UInt8.self)
  }

  deinit {
    if let owned { SystemMemory.release(owned) }
  }

  /// Detects in a frame in one piece: the second plane follows the first.
  ///
  /// - Throws: ``DetectorError/frame(_:)`` where the bytes are too few.
  public func run(_ frame: Span<UInt8>) throws(DetectorError) {
    guard layout.secondPlaneByteCount > 0 else { return try run(frame, frame) }
    let first = layout.firstPlaneByteCount
    guard frame.count > first else {
      throw .frame(.byteCount(plane: 0, found: frame.count, needed: first))
    }
    try run(frame.extracting(0..<first), frame.extracting(first..<frame.count))
  }

  /// Detects in a frame whose planes lie apart.
  ///
  /// - Parameters:
  ///   - first: the first plane; the last row needs no padding.
  ///   - second: the plane of Cb and Cr; not looked at for formats of one plane.
  /// - Throws: ``DetectorError/frame(_:)`` where a plane is too short.
  public func run(_ first: Span<UInt8>, _ second: Span<UInt8>) throws(DetectorError) {
    do throws(FrameError) {
      if layout.format == .rgb24 {
        try layout.check(first: first.count, second: 0)
        first.withUnsafeBufferPointer {
          // Checked above: every row lies in the plane.
          session.run(picture: $0.baseAddress!, rowStride: layout.stride)
        }
      } else {
        var rgb = pixels.mutableSpan
        try layout.convert(first, second, to: &rgb)
        session.run(picture: UnsafePointer(pixels.baseAddress!), rowStride: layout.width * 3)
      }
      hasRun = true
    } catch { throw .frame(error) }
  }

  /// What the last run found: the best first, or for a softmax over classes in the order of the queries;
  /// empty before the first run.
  ///
  /// The memory is the detector's and valid until the next run.
  public var detections: UnsafeBufferPointer<Detection> {
    hasRun ? session.detections : UnsafeBufferPointer(start: nil, count: 0)
  }

  private static func need(
    _ model: Model,
    _ layout: FrameLayout,
    _ threads: Int,
    _ table: KernelTable
  ) throws(DetectorError) -> (arena: Int, pixels: Int) {
    do throws(SessionError) {
      let arena = try Session.arenaByteCount(
        model: model,
        photographHeight: layout.height,
        photographWidth: layout.width,
        threads: threads,
        table: table
      )
      guard layout.format != .rgb24 else { return (arena, 0) }
      // Sides are below 2¹⁵: the product needs 64 bits on small machines.
      let bytes = Int64(layout.width) * Int64(layout.height) * 3
      let unit = Int64(alignment)
      let whole = (bytes + unit - 1) / unit * unit
      guard Int64(arena) + whole <= Int64(Int.max) else { throw .planTooLarge }
      return (arena, Int(whole))
    } catch { throw .session(error) }
  }
}
