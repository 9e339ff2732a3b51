import Architectures
import FloatGraph
import Foundation
import ModelFile
import Quantizer
import SyntheticCheckpoints
import Vision

/// Small `.edetr` files, quantized from synthetic checkpoints.
enum ModelSamples {
  static func all() throws -> [[UInt8]] {
    var detr = SyntheticDETR.tiny
    detr.backbone.stemWidth = 8
    detr.backbone.widths = [8, 8, 12, 16]
    (detr.encoderLayers, detr.decoderLayers, detr.hiddenWidth) = (1, 1, 24)
    (detr.queries, detr.classes) = (6, 3)
    var deformable = SyntheticDeformableDETR.tiny
    deformable.backbone = detr.backbone
    (deformable.encoderLayers, deformable.decoderLayers, deformable.hiddenWidth) = (1, 1, 24)
    (deformable.width, deformable.heads, deformable.levels) = (32, 2, 2)
    (deformable.queries, deformable.classes, deformable.boxes) = (6, 3, .twoStage)
    var once = deformable
    (once.boxes, once.levels) = (.once, 1)
    return try [quantized(detr), withSelfTest(quantized(deformable)), quantized(once)]
  }

  /// The file with a self-test; whether its digest is right does not matter to a reader.
  private static func withSelfTest(_ file: [UInt8]) throws -> [UInt8] {
    var result: [UInt8] = []
    try AlignedBytes.with(file) { bytes in
      result = try Model(validating: bytes).fileWithSelfTest(
        height: 4,
        width: 5,
        pixels: [UInt8](repeating: 90, count: 60),
        digest: 1,
        detections: 2
      )
    }
    return result
  }

  private static func quantized(_ family: some SyntheticFamily) throws -> [UInt8] {
    let place = try Workplace()
    let folder = "\(place.path)/source"
    try SyntheticCheckpoint.write(family, seed: 1, to: folder)
    let graph = try LoadedDetector(path: folder).graph
    let executor = FloatExecutor(graph: graph, threads: 1)
    var calibration = Calibration(graph: graph)
    var random = SplitMix(seed: 6, index: 0)
    let picture = Image(width: 96, height: 80, pixels: random.bytes(96 * 80 * 3))
    let photograph = Photograph(picture, preprocessing: graph.preprocessing)
    try calibration.add(
      picture: photograph.normalized(graph.preprocessing),
      size: photograph.size,
      executor: executor
    )
    return try Quantizer.quantize(graph, calibration: calibration).file
  }
}

/// The checksums in the header of an `.edetr` file, which find damage and are no protection.
enum ModelChecksums {
  /// Sets length and checksums right, as far as the header's sections lie in the file.
  ///
  /// - Parameter file: a mutated file.
  static func repair(_ file: inout [UInt8]) {
    guard file.count >= 128 else { return }
    file.store(UInt64(file.count), at: 16)
    // The data are the last section and end the file.
    let start = word(file, at: 104)
    guard start >= 128, start <= UInt64(file.count) else { return }
    let data = file[Int(start)...]
    file.store(UInt64(data.count), at: 112)
    file.store(checksum(data, seed: seed), at: 32)
    let head = checksum(file[8..<24], seed: seed)
    file.store(checksum(file[32..<Int(start)], seed: head), at: 24)
  }

  private static let seed: UInt64 = 0x6564_6574_7200_0D0A

  private static func word(_ bytes: some RandomAccessCollection<UInt8>, at place: Int) -> UInt64 {
    let start = bytes.index(bytes.startIndex, offsetBy: place)
    var word: UInt64 = 0
    for (index, byte) in bytes[start...].prefix(8).enumerated() {
      word |= UInt64(byte) << UInt64(8 * index)
    }
    return word
  }

  /// The formula that the format's documentation states; the last bytes are filled up with zeros.
  private static func checksum(_ bytes: ArraySlice<UInt8>, seed: UInt64) -> UInt64 {
    var hash = seed
    var place = bytes.startIndex
    while place < bytes.endIndex {
      var word: UInt64 = 0
      for index in 0..<min(8, bytes.endIndex - place) {
        word |= UInt64(bytes[place + index]) << UInt64(8 * index)
      }
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      place += 8
    }
    return hash
  }
}
