import Foundation
import SyntheticCheckpoints
import Testing

/// The memory that quantized fixtures need; a plan that grows by more than 3 % fails here.
///
/// A deliberate change of the plan changes the tables: a failing test prints the new line.
@Suite("Arena bytes of the fixtures")
struct ArenaTests {
  /// One row: the fixture, the picture's size and the arena with one thread and the scalar kernels.
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let height: Int
    let width: Int
    let bytes: Int

    init(_ name: String, _ height: Int, _ width: Int, _ bytes: Int) {
      self.name = name
      self.height = height
      self.width = width
      self.bytes = bytes
    }

    var testDescription: String { name }
  }

  static let syntheticRows: [Row] = [
    Row("detr-tiny", 64, 96, 42_496),
    Row("deformable-detr-tiny", 64, 96, 153_920),
    Row("deformable-detr-tiny-two-stage", 64, 96, 153_920),
  ]

  static let goldenRows: [Row] = [
    Row("deformable-hf-multiscale", 97, 121, 167_168),
    Row("deformable-hf-padded", 96, 110, 153_024),
    Row("deformable-hf-refine", 81, 103, 177_600),
    Row("deformable-hf-refine-v4", 105, 91, 153_024),
    Row("deformable-hf-single", 117, 101, 30_080),
    Row("deformable-hf-single-dc5", 119, 93, 28_736),
    Row("deformable-hf-twostage", 93, 117, 156_416),
    Row("deformable-hf-twostage-v5", 91, 109, 153_024),
    Row("detr-hf-bf16", 91, 115, 28_736),
    Row("detr-hf-dc5", 97, 143, 32_896),
    Row("detr-hf-padded", 98, 117, 26_816),
    Row("detr-hf-resnet", 109, 93, 31_360),
  ]

  @Test("synthetic detectors", arguments: syntheticRows)
  func synthetic(row: Row) throws {
    let scratch = try ScratchFolder()
    let checkpoint = scratch.path("checkpoint")
    try SyntheticCheckpoint.write(
      architecture: row.name,
      seed: 1,
      storage: .float32,
      to: checkpoint
    )
    try expectArena(row, checkpoint, scratch)
  }

  @Test("the reference cases", .enabled(if: Shared.exists, "no ../shared"), arguments: goldenRows)
  func golden(row: Row) throws {
    try expectArena(row, Shared.path("golden/\(row.name)"), ScratchFolder())
  }

  /// Quantizes on one gray picture and reads what the model file says of its arena.
  private func expectArena(_ row: Row, _ checkpoint: String, _ scratch: ScratchFolder) throws {
    let pixels = [UInt8](repeating: 127, count: row.height * row.width * 3)
    let picture = try scratch.write(
      "picture.ppm",
      Array("P6 \(row.width) \(row.height) 255\n".utf8) + pixels
    )
    let model = scratch.path("model.edetr")
    let run = try EdgedetrProcess("quantize", checkpoint, "--images", picture, "-o", model)
    try #require(run.exitCode == 0, "\(run.errors)")
    let inspection = try EdgedetrProcess("inspect", model)
    let line = inspection.output.split(separator: "\n").first { $0.hasPrefix("arena: ") }
    let found = try #require(line.flatMap { Int($0.split(separator: " ")[1]) })
    #expect(
      abs(Double(found) / Double(row.bytes) - 1) <= 0.03,
      "Row(\"\(row.name)\", \(row.height), \(row.width), \(found)),"
    )
  }
}
