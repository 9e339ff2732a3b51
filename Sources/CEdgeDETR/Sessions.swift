import EdgeDETR
import EdgeDETRHeader
import Kernels
import Messages
import Runtime
import Vision

/// What an `edgedetr_session *` points to.
final class OpenedSession {
  let detector: FrameDetector
  /// Keeps the model's bytes mapped.
  private let model: OpenedModel

  init(_ detector: FrameDetector, model: OpenedModel) {
    self.detector = detector
    self.model = model
  }

  /// The object behind a handle; the caller guarantees that it is one and open.
  static func behind(_ handle: OpaquePointer) -> OpenedSession {
    Unmanaged<OpenedSession>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
  }
}

/// Options as the C interface gives them, checked.
struct SessionOptions {
  let layout: FrameLayout
  let threads: Int
  let table: KernelTable

  init(_ options: edgedetr_options) throws(ErrorReport) {
    guard options.api_version == UInt32(EDGEDETR_API_VERSION) else {
      throw ErrorReport(
        EDGEDETR_API_MISMATCH,
        "options of version \(options.api_version), the library has \(EDGEDETR_API_VERSION)"
      )
    }
    guard let format = PixelFormat(rawValue: options.format) else {
      throw ErrorReport(EDGEDETR_FORMAT, "pixel format \(options.format), expected 0 to 5")
    }
    // size_t arrives as Int: what is negative is refused as too short.
    let (first, second) = options.strides
    do throws(FrameError) {
      layout = try FrameLayout(
        format: format,
        width: Int(clamping: options.width),
        height: Int(clamping: options.height),
        stride: first == 0 ? nil : first,
        chromaStride: second == 0 ? nil : second
      )
    } catch { throw ErrorReport(EDGEDETR_FRAME, "\(error.description)") }
    threads = Int(clamping: options.threads)
    guard let name = options.kernels else {
      table = .best
      return
    }
    do throws(DetectorError) {
      table = try KernelTable.chosen(Array(String(cString: name).utf8))
    } catch { throw ErrorReport(error) }
  }
}

@c @implementation
public func edgedetr_arena_size(
  _ model: OpaquePointer?,
  _ options: UnsafePointer<edgedetr_options>?,
  _ size: UnsafeMutablePointer<Int>?,
  _ error: UnsafeMutablePointer<edgedetr_error>?
) -> Int32 {
  reporting(to: error) { () throws(ErrorReport) in
    guard let model else { throw ErrorReport(null: "model") }
    guard let options else { throw ErrorReport(null: "options") }
    guard let size else { throw ErrorReport(null: "size") }
    let checked = try SessionOptions(options.pointee)
    do throws(DetectorError) {
      size.pointee = try FrameDetector.byteCount(
        model: OpenedModel.behind(model).model,
        layout: checked.layout,
        threads: checked.threads,
        table: checked.table
      )
    } catch { throw ErrorReport(error) }
  }
}

@c @implementation
public func edgedetr_session_open(
  _ model: OpaquePointer?,
  _ options: UnsafePointer<edgedetr_options>?,
  _ arena: UnsafeMutableRawPointer?,
  _ size: Int,
  _ session: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<edgedetr_error>?
) -> Int32 {
  reporting(to: error) { () throws(ErrorReport) in
    guard let model else { throw ErrorReport(null: "model") }
    guard let options else { throw ErrorReport(null: "options") }
    guard let arena else { throw ErrorReport(null: "arena") }
    guard let session else { throw ErrorReport(null: "session") }
    guard size >= 0 else { throw ErrorReport(EDGEDETR_ARENA, "the size exceeds the address space") }
    let checked = try SessionOptions(options.pointee)
    let opened = OpenedModel.behind(model)
    do throws(DetectorError) {
      let detector = try FrameDetector(
        model: opened.model,
        layout: checked.layout,
        threads: checked.threads,
        memory: UnsafeMutableRawBufferPointer(start: arena, count: size),
        table: checked.table
      )
      let object = Unmanaged.passRetained(OpenedSession(detector, model: opened))
      session.pointee = OpaquePointer(object.toOpaque())
    } catch { throw ErrorReport(error) }
  }
}

@c @implementation
public func edgedetr_session_close(_ session: OpaquePointer?) {
  guard let session else { return }
  Unmanaged<OpenedSession>.fromOpaque(UnsafeRawPointer(session)).release()
}

@c @implementation
public func edgedetr_run(
  _ session: OpaquePointer?,
  _ frame: UnsafePointer<edgedetr_frame>?,
  _ error: UnsafeMutablePointer<edgedetr_error>?
) -> Int32 {
  reporting(to: error) { () throws(ErrorReport) in
    guard let session else { throw ErrorReport(null: "session") }
    guard let frame = frame?.pointee else { throw ErrorReport(null: "frame") }
    guard let first = frame.planes.0 else { throw ErrorReport(null: "frame.planes[0]") }
    let detector = OpenedSession.behind(session).detector
    guard detector.layout.secondPlaneByteCount == 0 || frame.planes.1 != nil else {
      throw ErrorReport(null: "frame.planes[1]")
    }
    // The caller answers for the sizes; that they suffice is checked by the detector.
    let plane = UnsafeBufferPointer(start: first, count: max(frame.sizes.0, 0))
    let chroma = UnsafeBufferPointer(
      start: frame.planes.1,
      count: frame.planes.1 == nil ? 0 : max(frame.sizes.1, 0)
    )
    do throws(DetectorError) { try detector.run(plane.span, chroma.span) } catch {
      throw ErrorReport(error)
    }
  }
}

@c @implementation
public func edgedetr_detections(
  _ session: OpaquePointer?,
  _ detections: UnsafeMutablePointer<UnsafePointer<edgedetr_detection>?>?
) -> Int {
  guard let session else { return 0 }
  let found = OpenedSession.behind(session).detector.detections
  // Both structures are six int32 in the same order.
  detections?.pointee = found.baseAddress.map {
    UnsafeRawPointer($0).assumingMemoryBound(to: edgedetr_detection.self)
  }
  return found.count
}
