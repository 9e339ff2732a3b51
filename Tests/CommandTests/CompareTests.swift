import CheckedJSON
import Foundation
import SyntheticCheckpoints
import Testing

/// A model made from a checkpoint through the command line.
private func quantize(
  _ checkpoint: String,
  images: [String],
  to path: String,
  options: [String] = []
) throws {
  let run = try EdgedetrProcess(["quantize", checkpoint] + images + options + ["-o", path])
  try #require(run.exitCode == 0, "\(run.errors)")
}

/// Repeatable noise: the multiplier of Knuth's MMIX.
private struct LinearCongruence {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state
  }
}

@Suite("Compare on a small random detector")
struct CompareTests {
  /// A checkpoint, four pictures of coloured squares, a model and one whose ranges are far too small.
  private struct Fixture {
    let scratch: ScratchFolder
    var checkpoint: String { scratch.path("checkpoint") }
    var pictures: String { scratch.path("pictures") }
    var model: String { scratch.path("model.edetr") }
    var badModel: String { scratch.path("bad.edetr") }

    init(_ architecture: String) throws {
      scratch = try ScratchFolder()
      try SyntheticCheckpoint.write(
        architecture: architecture,
        seed: 1,
        storage: .float32,
        to: checkpoint
      )
      try FileManager.default.createDirectory(
        atPath: pictures,
        withIntermediateDirectories: true
      )
      var random = LinearCongruence(state: 1)
      for index in 0..<4 {
        try scratch.write("pictures/\(index).ppm", Self.picture(&random))
      }
      try quantize(checkpoint, images: ["--images", pictures], to: model)
      try quantize(
        checkpoint,
        images: ["--images", pictures],
        to: badModel,
        options: ["--percentile", "60"]
      )
    }

    /// The model with the scale of one layer a third too small: its multipliers, as the format's page
    /// has them, times 2/3.
    func withDamagedScale(layer: Int) throws -> String {
      var file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: model)))
      func word(_ place: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(file[place + $1]) << (8 * $1) }
      }
      let data = word(104)
      var (place, found) = (word(72), 0)
      let end = place + word(80)
      while place < end {
        // Code, count, input, output, window, weights, bias, then place and count of the multipliers.
        if word(place) == 1 {
          found += 1
          if found == layer {
            for index in 0..<word(place + 52) {
              let multiplier = data + word(place + 48) * 64 + 4 * index
              let smaller = word(multiplier) * 2 / 3
              for byte in 0..<4 {
                file[multiplier + byte] = UInt8(truncatingIfNeeded: smaller >> (8 * byte))
              }
            }
          }
        }
        place += 8 + 4 * word(place + 4)
      }
      try #require(found > layer)
      return try scratch.write("damaged.edetr", file)
    }

    /// 96 × 64 pixels, 24 squares of one colour and some noise.
    private static func picture(_ random: inout LinearCongruence) -> [UInt8] {
      let colors = (0..<72).map { _ in Int(random.next() >> 56) }
      var bytes = Array("P6 96 64 255\n".utf8)
      for y in 0..<64 {
        for x in 0..<96 {
          for channel in 0..<3 {
            let noise = Int(random.next() >> 58) - 32
            let color = colors[(y / 16 * 6 + x / 16) * 3 + channel]
            bytes.append(UInt8(min(max(color + noise, 0), 255)))
          }
        }
      }
      return bytes
    }
  }

  @Test(
    "agreement, layers and attention are printed, and a model with bad scales misses every limit",
    arguments: ["detr-tiny", "deformable-detr-tiny", "deformable-detr-tiny-two-stage"]
  )
  func gate(architecture: String) throws {
    let fixture = try Fixture(architecture)
    let json = fixture.scratch.path("report.json")
    let good = try EdgedetrProcess(
      ["compare", fixture.checkpoint, fixture.model, "--images", fixture.pictures]
        + ["--layers", "3", "--json", json]
    )
    #expect(good.exitCode == 0, "\(good.errors)")
    #expect(good.output.contains("matched share (T >= 0.3)"))
    #expect(good.output.contains("layers by SQNR, worst first: 3 of "))
    #expect(good.output.contains("decoder.layers.0.self_attn.heads"))
    let report = try JSON.open(path: json)
    let agreement = report["detections"]["agreement"]
    #expect(try agreement["float_detections"].int > 0)
    // A layer without any error, such as queries that are all 0, has an infinite ratio: null, last.
    let layers = try report["layers"].elements
    let ratios = try layers.prefix(50).map { try $0["sqnr_db"].double }
    #expect(ratios.count == 50)
    #expect(ratios == ratios.sorted())
    #expect(ratios[0] > 5)

    // Limits that the good model just keeps are missed by the bad one, each named with its figure.
    let matched = try agreement["matched_share_t30"].double
    let shift = try agreement["mean_score_difference"].double
    let overlap = try agreement["mean_iou"].double
    let limits = [
      "--min-matched", "\(matched)", "--max-score-shift", "\(shift)", "--min-iou", "\(overlap)",
    ]
    let kept = try EdgedetrProcess(
      ["compare", fixture.checkpoint, fixture.model, "--images", fixture.pictures] + limits
    )
    #expect(kept.exitCode == 0, "\(kept.errors)")
    let bad = try EdgedetrProcess(
      ["compare", fixture.checkpoint, fixture.badModel, "--images", fixture.pictures] + limits
    )
    #expect(bad.exitCode == 1)
    let misses = bad.errorLines.filter { $0.hasPrefix("edgedetr: gate missed: ") }
    #expect(misses.count == 3)
    for (miss, (figure, limit)) in zip(
      misses,
      [
        ("matched share (T >= 0.3)", "at least \(matched) (--min-matched)"),
        ("score difference", "at most \(shift) (--max-score-shift)"),
        ("mean IoU", "at least \(overlap) (--min-iou)"),
      ]
    ) {
      #expect(miss.contains(figure) && miss.contains(limit), "\(miss)")
    }

    // So does a model in which nothing but the scale of one layer in the middle is wrong.
    let damaged = try EdgedetrProcess(
      ["compare", fixture.checkpoint, try fixture.withDamagedScale(layer: 12)]
        + ["--images", fixture.pictures] + limits
    )
    #expect(damaged.exitCode == 1)
    #expect(damaged.errorLines.contains { $0.hasPrefix("edgedetr: gate missed: ") })
  }

  @Test("--simulate tells scales from arithmetic, and arithmetic stays within its bounds")
  func simulate() throws {
    let fixture = try Fixture("deformable-detr-tiny-two-stage")
    let json = fixture.scratch.path("report.json")
    let run = try EdgedetrProcess(
      ["compare", fixture.checkpoint, fixture.model, "--images", fixture.pictures]
        + ["--simulate", "--json", json]
    )
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("scales alone: simulation against float"))
    #expect(run.output.contains("arithmetic alone: integer against simulation"))
    let report = try JSON.open(path: json)
    let kinds = try report["arithmetic"].elements
    #expect(try kinds.map { try $0["kind"].string }.contains("deformable attention"))
    for kind in kinds { #expect(try kind["outside_of_bound"].int == 0, "\(kind)") }
    // Before anything is ranked the error is that of the scales.
    let layer = try #require(
      try report["layers"].elements.first { try $0["name"].string == "encoder.layers.0.fc1" }
    )
    let (scales, arithmetic) = (
      try layer["scales_sqnr_db"].double, try layer["arithmetic_sqnr_db"].double
    )
    #expect(arithmetic > scales + 6)
    #expect(abs(try layer["sqnr_db"].double - scales) < 3)
  }

  @Test("a model of another checkpoint is refused in one line")
  func foreignModel() throws {
    let one = try Fixture("detr-tiny")
    let other = try ScratchFolder()
    try SyntheticCheckpoint.write(
      architecture: "detr-r50",
      seed: 1,
      storage: .float16,
      to: other.url.path
    )
    let run = try EdgedetrProcess(
      "compare",
      other.url.path,
      one.model,
      "--images",
      one.pictures
    )
    #expect(run.exitCode == 3)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.contains("not made from this checkpoint"))
  }
}

@Suite("Compare on photographs", .serialized, .enabled(if: Shared.exists, "no ../shared"))
struct ComparePhotographTests {
  private static let folder = Shared.path("blood-cells")

  private func compare(_ options: [String]) throws -> (EdgedetrProcess, JSON.Located) {
    let scratch = try ScratchFolder()
    let model = scratch.path("model.edetr")
    let json = scratch.path("report.json")
    let calibration = ["--images", "\(Self.folder)/images"]
    try quantize(
      "\(Self.folder)/hf",
      images: calibration + ["--annotations", "\(Self.folder)/calibration.json"],
      to: model,
      options: options
    )
    let run = try EdgedetrProcess(
      ["compare", "\(Self.folder)/hf", model, "--images", "\(Self.folder)/images"]
        + ["--annotations", "\(Self.folder)/val.json", "--json", json]
        + ["--max-ap-drop", "0.5", "--min-matched", "0.97"]
        + ["--max-score-shift", "0.02", "--min-iou", "0.985"]
    )
    return (run, try JSON.open(path: json))
  }

  @Test("the gate of the issue is passed")
  func passes() throws {
    let (run, report) = try compare([])
    #expect(run.exitCode == 0, "\(run.errors)")
    print(run.output)
    let bootstrap = report["detections"]["AP_drop_bootstrap"]
    let drop = try report["detections"]["AP_drop"].double
    #expect(try bootstrap["difference"].double == drop)
    let interval = try bootstrap["interval_95"].elements.map { try $0.double }
    #expect(interval[0] < drop && drop < interval[1])
    #expect(try report["photographs"].int == 60)
  }

  @Test("a model with deliberately bad scales misses it, and every reason is named")
  func failsWithBadScales() throws {
    let (run, report) = try compare(["--percentile", "60"])
    #expect(run.exitCode == 1)
    let misses = run.errorLines.filter { $0.hasPrefix("edgedetr: gate missed: ") }
    let figures = ["AP drop", "matched share (T >= 0.3)", "score difference", "mean IoU"]
    #expect(misses.count == figures.count)
    for (miss, figure) in zip(misses, figures) { #expect(miss.contains(figure)) }
    #expect(try report["missed"].elements.count == figures.count)
  }
}
