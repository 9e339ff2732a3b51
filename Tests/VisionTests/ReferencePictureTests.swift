import Foundation
import Testing

@testable import Vision

@Suite("Pictures of the references", .enabled(if: SharedFiles.exist, "../shared is absent"))
struct ReferencePictureTests {
  struct Manifest: Decodable {
    struct File: Decodable {
      var file: String
      var expected: String
      var expectedScaled: String?
      enum CodingKeys: String, CodingKey {
        case file, expected
        case expectedScaled = "expected_scaled"
      }
    }
    var files: [File]
  }

  @Test("every picture equals Pillow's, pixel by pixel")
  func preprocess() throws {
    let manifest = try SharedFiles.json("golden/preprocess/manifest.json", as: Manifest.self)
    #expect(manifest.files.count > 50)
    for file in manifest.files {
      let image = try Image(decoding: SharedFiles.bytes("golden/preprocess/\(file.file)"))
      // Of gray with 16 bits the reference has the high bytes beside Pillow's clipped levels.
      let expected = try readReference(
        "golden/preprocess/\(file.expectedScaled ?? file.expected)"
      )
      #expect(difference(image, expected) == nil, "\(file.file)")
    }
  }

  struct HostileManifest: Decodable {
    struct File: Decodable {
      var path: String
      var kind: String
      var expect: String
    }
    var files: [File]
  }

  @Test("every hostile picture is refused or decoded as its manifest says, in a moment")
  func hostile() throws {
    let manifest = try SharedFiles.json("golden/hostile/manifest.json", as: HostileManifest.self)
    let pictures = manifest.files.filter { $0.kind == "picture" }
    #expect(pictures.count > 30)
    for file in pictures {
      let bytes = try SharedFiles.bytes("golden/hostile/\(file.path)")
      let start = threadTime()
      do {
        _ = try Image(decoding: bytes)
        #expect(file.expect != "refuse", "\(file.path) was decoded")
      } catch {
        #expect(file.expect != "ok", "\(file.path): \(error)")
        #expect(!error.description.isEmpty && !error.description.contains("\n"))
      }
      #expect(threadTime() - start < .seconds(1), "\(file.path)")
    }
  }

  @Test("photographs cut to half their size are refused")
  func halfPhotographs() throws {
    let folder = try #require(SharedFiles.folder).appendingPathComponent("blood-cells/images")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().prefix(9)
    {
      let bytes = try SharedFiles.bytes("blood-cells/images/\(name)")
      #expect(throws: PictureError.self, "\(name)") {
        try Image(decoding: Array(bytes[..<(bytes.count / 2)]))
      }
    }
  }
}
