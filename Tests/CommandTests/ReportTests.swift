import Checkpoints
import Foundation
import SyntheticCheckpoints
import Testing

@Suite("The page of quantize, and what a model says of its origin")
struct QuantizeReportTests {
  /// A tiny two-stage detector and two pictures.
  private struct Fixture {
    let scratch: ScratchFolder
    let photographs: [String]

    init() throws {
      let scratch = try ScratchFolder()
      self.scratch = scratch
      try SyntheticCheckpoint.write(
        architecture: "deformable-detr-tiny-two-stage",
        seed: 1,
        storage: .float32,
        to: scratch.path("checkpoint")
      )
      let folder = scratch.path("pictures")
      try FileManager.default.createDirectory(
        atPath: folder,
        withIntermediateDirectories: true
      )
      photographs = try (0..<2).map { number in
        let pixels = (0..<96 * 64 * 3).map { UInt8(truncatingIfNeeded: $0 * (7 + number) >> 3) }
        return try scratch.write("pictures/\(number).ppm", Array("P6 96 64 255\n".utf8) + pixels)
      }
    }

    func quantize(_ options: String...) throws -> EdgedetrProcess {
      try EdgedetrProcess(
        ["quantize", scratch.path("checkpoint"), "--images", scratch.path("pictures")]
          + ["-o", scratch.path("model.edetr")] + options
      )
    }
  }

  @Test("--report writes one page with every 8-bit layer, drawings and detections")
  func report() throws {
    let fixture = try Fixture()
    let path = fixture.scratch.path("report.html")
    let run = try fixture.quantize("--report", path)
    try #require(run.exitCode == 0, "\(run.errors)")
    let html = try String(contentsOfFile: path, encoding: .utf8)
    #expect(html.hasPrefix("<!DOCTYPE html>"))
    #expect(html.hasSuffix("</body></html>\n"))
    let inspection = try EdgedetrProcess("inspect", fixture.scratch.path("model.edetr"))
    let layers = inspection.output.split(separator: "\n").filter { $0.contains("uint8[") }
      .compactMap { $0.split(separator: " ").first { $0.contains(".") && $0.first!.isLetter } }
    #expect(layers.count > 10)
    for layer in layers { #expect(html.contains(">\(layer)</code>"), "\(layer)") }
    for text in ["0.ppm", "1.ppm", "data:image/png;base64,", "prefers-color-scheme: dark"] {
      #expect(html.contains(text), "\(text)")
    }
    for text in ["<script", "http:", "https:", "src="] { #expect(!html.contains(text), "\(text)") }
  }

  @Test("class names of a file cannot become markup")
  func hostileClasses() throws {
    let fixture = try Fixture()
    // As many names as the detector has classes.
    let names = ["<script>", "\"&'"] + (2..<10).map { "class \($0)" }
    let labels = try fixture.scratch.write(
      "labels.txt",
      Array(names.joined(separator: "\n").utf8)
    )
    let path = fixture.scratch.path("report.html")
    let run = try fixture.quantize("--report", path, "--labels", labels)
    try #require(run.exitCode == 0, "\(run.errors)")
    let html = try String(contentsOfFile: path, encoding: .utf8)
    #expect(!html.contains("<script") && html.contains("&lt;script&gt;"))
    #expect(html.contains("&quot;&amp;&#39;"))
  }

  @Test("a model names its tool, source, preset, calibration set and arena")
  func provenance() throws {
    let fixture = try Fixture()
    let run = try fixture.quantize("--preset", "fast")
    try #require(run.exitCode == 0, "\(run.errors)")
    let inspection = try EdgedetrProcess("inspect", fixture.scratch.path("model.edetr"))
    func digest(_ bytes: [UInt8]) -> SHA256 {
      var digest = SHA256()
      digest.add(bytes)
      return digest
    }
    func bytes(_ path: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
    let weights = try bytes(fixture.scratch.path("checkpoint/model.safetensors"))
    let set = try fixture.photographs.flatMap { digest(try bytes($0)).bytes }
    let lines = inspection.output.split(separator: "\n").map(String.init)
    #expect(lines.contains("source: model.safetensors sha256:\(digest(weights).text)"))
    #expect(lines.contains("calibration set: sha256:\(digest(set).text)"))
    #expect(lines.contains("preset: fast"))
    #expect(lines.contains("calibration photographs: 2"))
    #expect(lines.contains { $0.hasPrefix("tool: edgedetr ") })
    #expect(lines.contains { $0.hasPrefix("arena: ") && $0.hasSuffix("1 thread, scalar kernels") })
  }
}
