import CEdgeDETR
import EdgeDETR
import EdgeDETRHeader
import Foundation
import Testing

@Suite("The interface for C")
struct CInterfaceTests {
  private func opened() throws -> OpaquePointer {
    var model: OpaquePointer?
    #expect(edgedetr_model_open(try SmallModel.shared.get().path, &model, nil) == EDGEDETR_OK)
    return try #require(model)
  }

  private func options(
    _ format: Int = EDGEDETR_RGB24,
    width: UInt32 = 64,
    height: UInt32 = 48,
    threads: UInt32 = 1
  ) -> edgedetr_options {
    edgedetr_options(
      api_version: UInt32(EDGEDETR_API_VERSION),
      format: Int32(format),
      width: width,
      height: height,
      strides: (0, 0),
      threads: threads,
      kernels: nil
    )
  }

  /// What stands before the first zero byte.
  private func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func message(_ error: edgedetr_error) -> String {
    withUnsafeBytes(of: error.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  @Test("a frame gives what a Swift program gets")
  func detections() throws {
    let model = try opened()
    defer { edgedetr_model_close(model) }
    var options = options()
    var size = 0
    #expect(edgedetr_arena_size(model, &options, &size, nil) == EDGEDETR_OK)
    let arena = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    defer { arena.deallocate() }
    var session: OpaquePointer?
    var error = edgedetr_error()
    #expect(
      edgedetr_session_open(model, &options, arena, size, &session, &error) == EDGEDETR_OK
    )
    #expect(message(error) == "")
    defer { edgedetr_session_close(session) }
    var found: UnsafePointer<edgedetr_detection>?
    #expect(edgedetr_detections(session, &found) == 0)

    let image = SmallModel.picture(width: 64, height: 48, seed: 9)
    let expected = try Detector(model: SmallModel.shared.get().path).detect(image)
    image.pixels.withUnsafeBufferPointer { pixels in
      var frame = edgedetr_frame(planes: (pixels.baseAddress, nil), sizes: (pixels.count, 0))
      #expect(edgedetr_run(session, &frame, &error) == EDGEDETR_OK)
    }
    let count = edgedetr_detections(session, &found)
    #expect(count == expected.count)
    for (index, detection) in expected.enumerated() {
      let it = try #require(found)[index]
      #expect(
        [it.label, it.score, it.x, it.y, it.width, it.height] == [
          detection.label, detection.score, detection.x, detection.y, detection.width,
          detection.height,
        ]
      )
    }
  }

  @Test("names of classes, cut as snprintf cuts")
  func labels() throws {
    let model = try opened()
    defer { edgedetr_model_close(model) }
    let names = try SmallModel.shared.get().file.labels
    #expect(edgedetr_label_count(model) == Int32(names.count))
    var buffer = [CChar](repeating: 1, count: 64)
    #expect(edgedetr_label(model, 2, &buffer, buffer.count) == names[2].utf8.count)
    #expect(text(buffer) == names[2])
    #expect(edgedetr_label(model, 2, &buffer, 4) == names[2].utf8.count)
    #expect(text(buffer) == String(names[2].prefix(3)))
    #expect(edgedetr_label(model, 2, nil, 0) == names[2].utf8.count)
    #expect(edgedetr_label(model, 99, &buffer, 64) == 0)
    #expect(edgedetr_label(nil, 0, &buffer, 64) == 0)
    #expect(edgedetr_label_count(nil) == 0)
  }

  @Test("a model in memory, which must begin on a boundary")
  func memory() throws {
    let file = try SmallModel.shared.get().file.model.bytes
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count + 64, alignment: 64)
    defer { room.deallocate() }
    room.copyMemory(from: file)
    var model: OpaquePointer?
    var error = edgedetr_error()
    #expect(
      edgedetr_model_from_memory(room.baseAddress, file.count, &model, &error) == EDGEDETR_OK
    )
    edgedetr_model_close(model)
    UnsafeMutableRawBufferPointer(rebasing: room[8..<8 + file.count]).copyMemory(from: file)
    #expect(
      edgedetr_model_from_memory(room.baseAddress! + 8, file.count, &model, &error)
        == EDGEDETR_MODEL
    )
    #expect(message(error).contains("64"))
    #expect(
      edgedetr_model_from_memory(room.baseAddress, 100, &model, &error) == EDGEDETR_MODEL
    )
  }

  @Test("every misuse gives its code and one clear line")
  func misuse() throws {
    let path = try SmallModel.shared.get().path
    let model = try opened()
    defer { edgedetr_model_close(model) }
    var (other, size, session) = (OpaquePointer?.none, 0, OpaquePointer?.none)
    var error = edgedetr_error()
    var results: [(code: Int32, expected: Int, text: String, part: String)] = []
    func note(_ code: Int32, _ expected: Int, _ part: String) {
      results.append((code, expected, message(error), part))
    }
    func sized(_ change: (inout edgedetr_options) -> Void) -> Int32 {
      var options = options()
      change(&options)
      return edgedetr_arena_size(model, &options, &size, &error)
    }
    note(edgedetr_model_open(nil, &other, &error), EDGEDETR_NULL_POINTER, "path is NULL")
    note(edgedetr_model_open(path, nil, &error), EDGEDETR_NULL_POINTER, "model is NULL")
    note(edgedetr_model_open("/none", &other, &error), EDGEDETR_FILE, "/none: No such file")
    note(edgedetr_model_open("/dev/null", &other, &error), EDGEDETR_FILE, "empty")
    note(edgedetr_model_from_memory(nil, 5, &other, &error), EDGEDETR_NULL_POINTER, "bytes")
    note(edgedetr_arena_size(nil, nil, &size, &error), EDGEDETR_NULL_POINTER, "model is NULL")
    note(edgedetr_arena_size(model, nil, &size, &error), EDGEDETR_NULL_POINTER, "options")
    note(sized { $0.api_version = 2 }, EDGEDETR_API_MISMATCH, "options of version 2")
    note(sized { $0.format = 6 }, EDGEDETR_FORMAT, "pixel format 6")
    note(sized { $0.format = -1 }, EDGEDETR_FORMAT, "pixel format -1")
    note(sized { $0.width = 0 }, EDGEDETR_FRAME, "0x48")
    note(sized { $0.height = .max }, EDGEDETR_FRAME, "64x4294967295")
    note(sized { $0.strides.0 = 191 }, EDGEDETR_FRAME, "at least 192")
    note(sized { $0.strides.0 = -1 }, EDGEDETR_FRAME, "at least 192")
    note(sized { $0.strides.1 = 64 }, EDGEDETR_FRAME, "no second plane")
    note(sized { $0.threads = 0 }, EDGEDETR_THREADS, "0 threads")
    note(sized { $0.threads = 257 }, EDGEDETR_THREADS, "257 threads")
    "mmx".withCString { name in
      note(sized { $0.kernels = name }, EDGEDETR_KERNELS, "found 'mmx'")
    }
    #expect(sized { _ in } == EDGEDETR_OK)
    let arena = UnsafeMutableRawPointer.allocate(byteCount: size + 64, alignment: 64)
    defer { arena.deallocate() }
    var good = options()
    func open(_ arena: UnsafeMutableRawPointer?, _ size: Int) -> Int32 {
      edgedetr_session_open(model, &good, arena, size, &session, &error)
    }
    note(open(nil, size), EDGEDETR_NULL_POINTER, "arena is NULL")
    note(open(arena, size - 1), EDGEDETR_ARENA, "\(size - 1) are given")
    note(open(arena + 4, size), EDGEDETR_ARENA, "4 bytes past a multiple of 64")
    note(open(arena, -1), EDGEDETR_ARENA, "exceeds")
    #expect(session == nil)
    #expect(open(arena, size) == EDGEDETR_OK)
    defer { edgedetr_session_close(session) }
    let pixels = [UInt8](repeating: 9, count: 64 * 48 * 3)
    pixels.withUnsafeBufferPointer {
      var frame = edgedetr_frame(planes: ($0.baseAddress, nil), sizes: ($0.count - 1, 0))
      note(edgedetr_run(session, &frame, &error), EDGEDETR_FRAME, "9215 are given")
      frame.planes.0 = nil
      note(edgedetr_run(session, &frame, &error), EDGEDETR_NULL_POINTER, "frame.planes[0]")
      note(edgedetr_run(nil, &frame, &error), EDGEDETR_NULL_POINTER, "session is NULL")
      note(edgedetr_run(session, nil, &error), EDGEDETR_NULL_POINTER, "frame is NULL")
    }
    for (code, expected, text, part) in results {
      #expect(code == Int32(expected), "\(part)")
      #expect(text.contains(part), "\(text)")
      #expect(!text.contains("\n"))
    }
    edgedetr_model_close(nil)
    edgedetr_session_close(nil)
  }

  @Test("a message that is too long is cut at a character")
  func longMessages() {
    var error = edgedetr_error()
    var model: OpaquePointer?
    let path = "/" + String(repeating: "щ", count: 200)
    #expect(edgedetr_model_open(path, &model, &error) == EDGEDETR_FILE)
    // One byte of 251 is a slash, the others are pairs.
    #expect(message(error) == "/" + String(repeating: "щ", count: 125))
  }

  @Test("sessions on one model work at the same time, and outlive its closing")
  func concurrency() throws {
    let model = try opened()
    let image = SmallModel.picture(width: 64, height: 48, seed: 3)
    let expected = try Detector(model: SmallModel.shared.get().path).detect(image)
    var options = options(threads: 2)
    var size = 0
    #expect(edgedetr_arena_size(model, &options, &size, nil) == EDGEDETR_OK)
    let sessions = try (0..<4).map { _ in
      let arena = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      var session: OpaquePointer?
      #expect(edgedetr_session_open(model, &options, arena, size, &session, nil) == EDGEDETR_OK)
      return SharedSession(session: try #require(session), arena: arena)
    }
    edgedetr_model_close(model)
    DispatchQueue.concurrentPerform(iterations: sessions.count) { index in
      image.pixels.withUnsafeBufferPointer { pixels in
        var frame = edgedetr_frame(planes: (pixels.baseAddress, nil), sizes: (pixels.count, 0))
        for _ in 0..<5 {
          #expect(edgedetr_run(sessions[index].session, &frame, nil) == EDGEDETR_OK)
        }
      }
    }
    for it in sessions {
      var found: UnsafePointer<edgedetr_detection>?
      #expect(edgedetr_detections(it.session, &found) == expected.count)
      let scores = try (0..<expected.count).map { try #require(found)[$0].score }
      #expect(scores == expected.map(\.score))
      edgedetr_session_close(it.session)
      it.arena.deallocate()
    }
  }

  /// A session that one thread at a time uses.
  private struct SharedSession: @unchecked Sendable {
    let session: OpaquePointer
    let arena: UnsafeMutableRawPointer
  }
}
