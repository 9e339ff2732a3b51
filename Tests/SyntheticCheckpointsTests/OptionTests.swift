import Foundation
import SyntheticCheckpoints
import Testing

@Suite("Options that make no detector are refused in one line")
struct OptionTests {
  @Test("an unknown architecture is named, with those that there are")
  func refusesUnknownName() throws {
    let folder = TemporaryFolder()
    let message = try message {
      try SyntheticCheckpoint.write(architecture: "detr-r5\n0", seed: 1, to: folder.path)
    }
    #expect(message.contains("detr-r5") && message.contains("deformable-detr-r50-two-stage"))
    #expect(!message.contains("\n"))
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test("a DETR that cannot be")
  func refusesDETR() throws {
    func check(_ expected: String, _ spoil: (inout SyntheticDETR) -> Void) throws {
      var family = SyntheticDETR.tiny
      spoil(&family)
      try refuses(family, expected)
    }
    try check("multiple of 3") { $0.heads = 3 }
    try check("heads 0") { $0.heads = 0 }
    try check("multiple of 4") { ($0.width, $0.heads) = (30, 2) }
    try check("queries 0") { $0.queries = 0 }
    try check("classes -1") { $0.classes = -1 }
    try check("four stages") { $0.backbone.depths = [1, 1, 0, 1] }
    try check("four stages") { $0.backbone.widths = [16, 24, 32] }
    try check("width 0") { $0.backbone.widths = [16, 24, 0, 48] }
    try check("width 0") { $0.backbone.stemWidth = 0 }
    try check("multiple of 4") {
      $0.backbone.block = .bottleneck
      $0.backbone.widths[1] = 22
    }
    try check("timm has no ResNet") { $0.backbone.naming = .timm }
    try check("cannot be dilated") { $0.backbone.dilatesLastStage = true }
  }

  @Test("a Deformable DETR that cannot be")
  func refusesDeformable() throws {
    func check(_ expected: String, _ spoil: (inout SyntheticDeformableDETR) -> Void) throws {
      var family = SyntheticDeformableDETR.tiny
      spoil(&family)
      try refuses(family, expected)
    }
    try check("multiple of 32") { $0.width = 48 }
    try check("levels 0") { $0.levels = 0 }
    try check("points 0") { $0.points = 0 }
  }

  private func refuses(_ family: some SyntheticFamily, _ expected: String) throws {
    let folder = TemporaryFolder()
    let message = try message { try SyntheticCheckpoint.write(family, seed: 1, to: folder.path) }
    #expect(message.contains(expected), "\(message)")
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test("a folder that cannot be made is named")
  func refusesFolder() throws {
    let folder = TemporaryFolder()
    try Data().write(to: URL(filePath: folder.path))
    let message = try message {
      try SyntheticCheckpoint.write(architecture: "detr-tiny", seed: 1, to: "\(folder.path)/below")
    }
    #expect(message.contains(folder.path), "\(message)")
  }

  private func message(_ body: () throws -> Void) throws -> String {
    do { try body() } catch { return "\(error)" }
    Issue.record("nothing was refused")
    return ""
  }
}
