import EdgeDETR
import Kernels
import ModelFile
import Runtime
import Testing
import Vision

@Suite("What a Swift program imports")
struct DetectorTests {
  /// The detections of a plain session.
  private func expected(_ model: MappedModel, _ image: Image) throws -> [Detection] {
    let session = try Session(
      model: model.model,
      photographHeight: image.height,
      photographWidth: image.width,
      threads: 1,
      table: .scalar
    )
    image.pixels.withUnsafeBufferPointer {
      session.run(picture: $0.baseAddress!, rowStride: image.width * 3)
    }
    return Array(session.detections)
  }

  @Test("a detector finds what a session finds, also when sizes change from picture to picture")
  func sizes() throws {
    let model = try SmallModel.shared.get()
    let detector = try Detector(model: model.path, threads: 2)
    for (width, height) in [(96, 72), (64, 80), (96, 72), (40, 33), (160, 96)] {
      let image = SmallModel.picture(width: width, height: height, seed: UInt64(width))
      let found = try detector.detect(image)
      #expect(found == (try expected(model.file, image)))
      #expect(!found.isEmpty)
    }
  }

  @Test("classes have the model's names, others a number")
  func names() throws {
    let detector = try Detector(model: SmallModel.shared.get().path)
    #expect(detector.labels.count == 10)
    var detection = Detection(label: 2, score: 0, x: 0, y: 0, width: 0, height: 0)
    #expect(detector.name(of: detection) == detector.labels[2])
    detection.label = 10
    #expect(detector.name(of: detection) == "class 10")
    detection.label = -1
    #expect(detector.name(of: detection) == "class -1")
  }

  @Test("units: half a probability, and whole pixels")
  func units() {
    #expect(Detection.scoreOne == 1 << 30)
    #expect(Detection.pixelOne == 1 << 16)
  }

  @Test("what cannot be used is refused in one line")
  func refusals() throws {
    let folder = try ScratchFolder()
    let text = try folder.write("text.edetr", Array("no model at all".utf8))
    let empty = try folder.write("empty.edetr", [])
    let cut = try folder.write(
      "cut.edetr",
      Array(SmallModel.shared.get().file.model.bytes.dropLast(64))
    )
    let refusals: [(path: String, text: String)] = [
      (folder.path("none"), "\(folder.path("none")): No such file or directory"),
      (folder.url.path, "\(folder.url.path): expected a file, found a folder"),
      ("/dev/null", "/dev/null: the file is empty"),
      (empty, "\(empty): the file is empty"),
      (text, "\(text): a model has at least 128 bytes here, the file holds 15"),
    ]
    for (path, message) in refusals {
      let error = #expect(throws: DetectorError.self) { try Detector(model: path) }
      #expect(error?.description == message)
    }
    let error = #expect(throws: DetectorError.self) { try Detector(model: cut) }
    #expect(error?.description.hasPrefix("\(cut): ") == true)

    let model = try SmallModel.shared.get().path
    let names = KernelTable.supportedNames
    let kernels = #expect(throws: DetectorError.self) {
      try Detector(model: model, kernels: "avx1")
    }
    #expect(kernels?.description == "kernels: this processor runs \(names); found 'avx1'")
    let detector = try Detector(model: model, threads: 0)
    #expect(throws: DetectorError.session(.threads(found: 0, limit: 256))) {
      try detector.detect(Image(width: 64, height: 64))
    }
  }

  @Test("the self-test passes on every table, and fails for another digest", arguments: [1, 2])
  func selfTest(threads: Int) throws {
    let model = try SmallModel.shared.get().file.model
    let test = try #require(model.information.selfTest)
    #expect(test.detections > 0)
    for table in KernelTable.supported {
      let result = try #require(try model.runSelfTest(threads: threads, table: table))
      #expect(result.matches(test), "\(table.name)")
      #expect(!SelfTestResult(digest: result.digest ^ 1, detections: 3).matches(test))
    }
  }
}
