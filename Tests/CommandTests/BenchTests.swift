import CheckedJSON
import Foundation
import SyntheticCheckpoints
import Testing

@Suite("Measurements")
struct BenchTests {
  /// A small model made through the command line.
  private func model(_ scratch: ScratchFolder) throws -> String {
    let checkpoint = scratch.path("checkpoint")
    try SyntheticCheckpoint.write(
      architecture: "deformable-detr-tiny",
      seed: 1,
      storage: .float32,
      to: checkpoint
    )
    var picture = Array("P6 96 64 255\n".utf8)
    for index in 0..<96 * 64 * 3 { picture.append(UInt8(truncatingIfNeeded: index * index >> 5)) }
    try FileManager.default.createDirectory(
      atPath: scratch.path("pictures"),
      withIntermediateDirectories: true
    )
    try scratch.write("pictures/a.ppm", picture)
    let model = scratch.path("model.edetr")
    let run = try EdgedetrProcess(
      ["quantize", checkpoint, "--images", scratch.path("pictures"), "-o", model]
    )
    try #require(run.exitCode == 0, "\(run.errors)")
    return model
  }

  @Test("bench reports speed, share of the peak, memory and where the time goes")
  func bench() throws {
    let scratch = try ScratchFolder()
    let model = try model(scratch)
    let json = scratch.path("bench.json")
    let run = try EdgedetrProcess(
      ["bench", model, "--size", "96x128", "--threads", "2", "--runs", "3", "--layers"]
        + ["--json", json]
    )
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("share of peak"))
    #expect(run.output.contains("encoder.layers.0.fc1"))
    let report = try JSON.open(path: json)
    #expect(try report["threads"].int == 2)
    #expect(try report["runs"].int == 3)
    for key in [
      "median_ms", "min_ms", "max_ms", "gmac", "gmac_per_s", "peak_gmac_per_s", "share_of_peak",
    ] {
      #expect(try report[key].double > 0, "\(key)")
    }
    #expect(try report["min_ms"].double <= report["median_ms"].double)
    #expect(try report["arena_bytes"].int < report["peak_rss_bytes"].int)
    let layers = try report["layers"].elements
    let times = try layers.map { try $0["ms"].double }
    #expect(times == times.sorted(by: >))
    let share = try layers.reduce(0.0) { try $0 + $1["share"].double }
    #expect(abs(share - 1) < 1e-6)
    let gigas = try layers.reduce(0.0) { try $0 + $1["gmac"].double }
    #expect(try abs(gigas - report["gmac"].double) < 1e-9)
  }

  @Test("without --threads there is a line for each number of threads")
  func threadCounts() throws {
    let scratch = try ScratchFolder()
    let run = try EdgedetrProcess(
      ["bench", try model(scratch), "--size", "64x96", "--runs", "1", "--isa", "scalar"]
    )
    #expect(run.exitCode == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("scalar, 64x96") == true)
    #expect(lines.count == 2 + ProcessInfo.processInfo.activeProcessorCount)
  }

  @Test("handing weights back changes no detection")
  func releaseWeights() throws {
    let scratch = try ScratchFolder()
    let model = try model(scratch)
    let picture = scratch.path("pictures/a.ppm")
    let kept = try EdgedetrProcess(["detect", model, picture, picture, "--threshold", "0"])
    let released = try EdgedetrProcess(
      ["detect", model, picture, picture, "--threshold", "0", "--release-weights"]
    )
    #expect(kept.exitCode == 0 && released.exitCode == 0)
    #expect(!kept.output.isEmpty)
    #expect(kept.output == released.output)
  }

  @Test("--scaling takes the place of a size")
  func scalingUsage() throws {
    let scratch = try ScratchFolder()
    let model = try model(scratch)
    let run = try EdgedetrProcess(["bench", model, "--scaling", "--size", "64x96"])
    #expect(run.exitCode == 2)
    #expect(run.errorLines.count == 1)
  }

  @Test("info names the processor and every table, with the peaks of those that run here")
  func info() throws {
    let scratch = try ScratchFolder()
    let json = scratch.path("info.json")
    let run = try EdgedetrProcess("info", "--threads", "1", "--json", json)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("processor: "))
    let report = try JSON.open(path: json)
    for name in try report["compiled"].elements { #expect(run.output.contains(try name.string)) }
    let peaks = try report["tables"].elements.map { try $0["peak_gmac_per_s"].double }
    #expect(peaks.allSatisfy { $0 > 0.1 })
    #expect(try report["tables"].elements.last?["isa"].string == report["isa"].string)
  }
}
