import EdgeDETR
import Foundation
import ModelFile

/// A small Deformable DETR with seeded weights, quantized on two noisy pictures, with a self-test.
struct SmallModel {
  let folder: ScratchFolder
  let path: String
  let file: MappedModel

  /// Made once for all tests.
  static let shared = Result { try SmallModel() }

  private init() throws {
    folder = try ScratchFolder()
    path = folder.path("small.edetr")
    let checkpoint = folder.path("checkpoint")
    let pictures = folder.path("pictures")
    try FileManager.default.createDirectory(atPath: pictures, withIntermediateDirectories: true)
    for seed in 1...2 as ClosedRange<UInt64> {
      let picture = Self.picture(width: 96, height: 72, seed: seed)
      try folder.write("pictures/\(seed).ppm", picture.encodedPPM())
    }
    for arguments in [
      ["synth", "checkpoint", "--architecture", "deformable-detr-tiny", "-o", checkpoint],
      [
        "quantize", checkpoint, "--images", pictures, "-o", path, "--preset", "fast",
        "--self-test", folder.path("pictures/1.ppm"), "--threads", "1",
      ],
    ] {
      let program = try Program("edgedetr", arguments)
      guard program.exitCode == 0 else { throw Failure(text: program.errors) }
    }
    file = try MappedModel(path: path)
  }

  struct Failure: Error { let text: String }

  /// Smooth colours with noise on them, so that detections are many and differ.
  static func picture(width: Int, height: Int, seed: UInt64) -> Image {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          state ^= state << 13
          state ^= state >> 7
          state ^= state << 17
          let smooth = (x * (channel + 1) * 3 + y * (3 - channel) * 2) & 255
          pixels.append(UInt8((smooth * 3 + Int(state & 255)) / 4))
        }
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }
}
