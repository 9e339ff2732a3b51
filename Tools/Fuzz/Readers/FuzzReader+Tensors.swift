import Checkpoints
import Foundation

extension FuzzReader {
  /// A safetensors file with every tensor read.
  static let safetensors = FuzzReader(
    name: "safetensors",
    summary: "safetensors files",
    endings: [".safetensors"],
    dictionary: [
      "\"dtype\":\"F64\"", "\"dtype\":\"BF16\"", "\"dtype\":\"BOOL\"", "\"dtype\":\"I64\"",
      "\"shape\":[", "\"shape\":[]", "\"data_offsets\":[0,0]", "\"__metadata__\":{", "0,0", ",",
    ].map { Array($0.utf8) },
    constant: 1 << 20,
    samples: { [TensorSamples.safetensors, TensorSamples.scalars] },
    repair: { SafetensorsHeader.repair(&$0) },
    read: { bytes, place in
      try TensorReading.readAll(place.file(bytes, "input.safetensors"))
    }
  )

  /// A file of pickles as PyTorch wrote it before version 1.6, with every tensor read.
  static let pickle = FuzzReader(
    name: "pickle",
    summary: "PyTorch files before 1.6: a stream of pickles",
    endings: ["legacy.pth", ".pkl"],
    dictionary: PickleSamples.words,
    constant: 1 << 20,
    samples: { PickleSamples.legacy },
    read: { bytes, place in try TensorReading.readAll(place.file(bytes, "input.pth")) }
  )

  /// A zip archive as PyTorch writes it, with every tensor read.
  static let zip = FuzzReader(
    name: "zip",
    summary: "PyTorch files since 1.6: a zip archive with a pickle",
    endings: [".pth", ".pt", ".bin"],
    dictionary: PickleSamples.words + ZipSamples.words,
    constant: 16 << 20 + 1 << 20,
    samples: { ZipSamples.all },
    read: { bytes, place in try TensorReading.readAll(place.file(bytes, "input.pth")) }
  )

  /// A deflate stream behind the length that it claims and its checksum, in both frames: as an entry of
  /// an archive and as the data of a PNG.
  static let inflate = FuzzReader(
    name: "inflate",
    summary: "deflate streams, in an archive and in a PNG",
    endings: [],
    constant: 16 << 20 + 2 << 20,
    samples: { InflateSamples.all },
    read: { bytes, place in try InflateReading.read(bytes, place) }
  )
}

/// Reads what a tensor map holds as the program would.
enum TensorReading {
  static func readAll(_ path: String) throws {
    let tensors = try TensorMap.open(path: path)
    for tensor in tensors {
      // Programs look at the shape before they read; a view of strides 0 has any number of elements.
      guard tensor.elementCount <= 1 << 16 else { continue }
      let numbers = tensor.floats()
      precondition(numbers.count == tensor.elementCount)
      let index = tensor.firstNonFinite()
      if tensor.dtype.isFloatingPoint, tensor.dtype != .f64 {
        precondition(index == numbers.firstIndex { !$0.isFinite }, "first non-finite element")
      }
      _ = try? tensor.int64s()
    }
  }
}
