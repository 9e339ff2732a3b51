import EdgeDETRHeader
import Messages
import ModelFile

/// What an `edgedetr_model *` points to.
final class OpenedModel {
  let model: Model
  let labels: [String]
  /// Keeps a file's mapping; nil for a model in the caller's memory.
  private let file: MappedModel?

  init(_ model: Model, file: MappedModel?) {
    self.model = model
    self.file = file
    labels = model.labels
  }

  /// The object behind a handle; the caller guarantees that it is one and open.
  static func behind(_ handle: OpaquePointer) -> OpenedModel {
    Unmanaged<OpenedModel>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
  }

  /// A handle that keeps this object until it is closed.
  func handle() -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }
}

@c @implementation
public func edgedetr_api_version() -> UInt32 { UInt32(EDGEDETR_API_VERSION) }

@c @implementation
public func edgedetr_model_open(
  _ path: UnsafePointer<CChar>?,
  _ model: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<edgedetr_error>?
) -> Int32 {
  reporting(to: error) { () throws(ErrorReport) in
    guard let path else { throw ErrorReport(null: "path") }
    guard let model else { throw ErrorReport(null: "model") }
    let file: MappedModel
    do throws(MappedModelError) { file = try MappedModel(path: path) } catch {
      throw ErrorReport(error)
    }
    model.pointee = OpenedModel(file.model, file: file).handle()
  }
}

@c @implementation
public func edgedetr_model_from_memory(
  _ bytes: UnsafeRawPointer?,
  _ size: Int,
  _ model: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<edgedetr_error>?
) -> Int32 {
  reporting(to: error) { () throws(ErrorReport) in
    guard let bytes else { throw ErrorReport(null: "bytes") }
    guard let model else { throw ErrorReport(null: "model") }
    // size_t arrives as Int: what is negative exceeds any object in memory.
    guard size >= 0 else { throw ErrorReport(EDGEDETR_MODEL, "the size exceeds the address space") }
    do throws(ModelError) {
      let buffer = UnsafeRawBufferPointer(start: bytes, count: size)
      model.pointee = OpenedModel(try Model(validating: buffer), file: nil).handle()
    } catch { throw ErrorReport(EDGEDETR_MODEL, "\(error.description)") }
  }
}

@c @implementation
public func edgedetr_model_close(_ model: OpaquePointer?) {
  guard let model else { return }
  Unmanaged<OpenedModel>.fromOpaque(UnsafeRawPointer(model)).release()
}

@c @implementation
public func edgedetr_label_count(_ model: OpaquePointer?) -> Int32 {
  guard let model else { return 0 }
  return Int32(clamping: OpenedModel.behind(model).labels.count)
}

@c @implementation
public func edgedetr_label(
  _ model: OpaquePointer?,
  _ label: Int32,
  _ buffer: UnsafeMutablePointer<CChar>?,
  _ size: Int
) -> Int {
  guard let model else { return 0 }
  let labels = OpenedModel.behind(model).labels
  let name = labels.indices.contains(Int(label)) ? labels[Int(label)] : ""
  let room = UnsafeMutableRawBufferPointer(start: buffer, count: buffer == nil ? 0 : max(size, 0))
  return copy(name, to: room)
}
