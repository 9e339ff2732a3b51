import Foundation
import Testing

/// The blood cells' weights as the official repository saves them, without a word about input size
/// and class names, against the Hugging Face folder.
@Suite(
  "The official file and the Hugging Face folder are one detector",
  .enabled(if: Shared.exists, "no ../shared")
)
struct CheckpointFormTests {
  private static let huggingFace = Shared.path("blood-cells/hf")
  private static let official = Shared.path("blood-cells/official/checkpoint.pth")
  private static let photographs = ["00004", "00015", "00075", "00408"].map {
    Shared.path("blood-cells/images/BloodImage_\($0).jpg")
  }

  /// What `float` prints and writes.
  private func detect(_ checkpoint: String, _ options: [String]) throws -> (String, Data) {
    let scratch = try ScratchFolder()
    let json = scratch.path("found.json")
    let run = try EdgedetrProcess(
      ["float", checkpoint] + Self.photographs + ["--json", json] + options
    )
    try #require(run.exitCode == 0, "\(run.errors)")
    return (run.output, try Data(contentsOf: URL(fileURLWithPath: json)))
  }

  @Test("the same detections to the byte, with the size and the class names that the file lacks")
  func sameBytes() throws {
    let scratch = try ScratchFolder()
    let labels = try scratch.write("labels.txt", Array("RBC\nWBC\nPlatelets\n".utf8))
    let (expectedText, expected) = try detect(Self.huggingFace, [])
    let (text, found) = try detect(Self.official, ["--size", "240x320", "--labels", labels])
    #expect(found == expected)
    #expect(text == expectedText)
    // Scores and boxes need no names.
    #expect(try detect(Self.official, ["--size", "240x320"]).1 == expected)
    // The folder is not named after its file.
    let folder = (Self.official as NSString).deletingLastPathComponent
    #expect(try detect(folder, ["--size", "240x320"]).1 == expected)
    // And the size does matter.
    #expect(try detect(Self.official, ["--size", "224x320"]).1 != expected)
  }

  @Test("inspect names the size that no file states, and refuses one that contradicts a file")
  func inspectedSize() throws {
    func sizeLine(_ arguments: String...) throws -> String? {
      let run = try EdgedetrProcess(["inspect"] + arguments)
      return run.output.split(separator: "\n").first { $0.hasPrefix("input size") }.map(String.init)
    }
    let line = try #require(try sizeLine(Self.official))
    #expect(line.contains("shorter edge 800, longer at most 1333"))
    #expect(line.hasSuffix("not in the file: the paper's value"))
    let sized = try #require(try sizeLine(Self.official, "--shortest-edge", "240"))
    #expect(sized.contains("shorter edge 240, longer at most 1333"))
    #expect(sized.hasSuffix("from --shortest-edge, --longest-edge"))
    let run = try EdgedetrProcess("inspect", Self.huggingFace, "--size", "240x321")
    #expect(run.exitCode == 3)
    #expect(run.errorLines.count == 1)
    #expect(
      run.errors.contains("--size: found 240x321, but preprocessor_config.json says 240x320")
    )
  }
}
