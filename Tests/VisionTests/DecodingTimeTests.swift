import Foundation
import Testing
import Vision

/// How long photographs take to decode; a figure to be compared, in alternation, with that of another
/// decoder on the same machine, so no bound stands here.
@Suite(
  "Decoding time",
  .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["EDGEDETR_MEASURE"] != nil && SharedFiles.exist,
    "a measurement: set EDGEDETR_MEASURE, with ../shared beside the package"
  )
)
struct DecodingTimeTests {
  @Test("JPEG: the 100 blood-cell photographs")
  func photographs() throws {
    let folder = try #require(SharedFiles.folder).appendingPathComponent("blood-cells/images")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let files = try names.map { try [UInt8](Data(contentsOf: folder.appendingPathComponent($0))) }
    #expect(files.count == 100)
    var best = [Duration](repeating: .seconds(1000), count: files.count)
    for _ in 0..<10 {
      for (index, file) in files.enumerated() {
        let start = threadTime()
        let image = try Image(decoding: file)
        best[index] = min(best[index], threadTime() - start)
        #expect(image.width == 640)
      }
    }
    let total = best.reduce(.zero, +)
    print("JPEG: \(files.count) photographs of 640x480 in \(total), the best of 10 runs of each")
  }
}
