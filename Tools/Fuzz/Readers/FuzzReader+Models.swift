import Glibc
import ModelFile
import Runtime

extension FuzzReader {
  /// `.edetr` files: validation, checksum, and the plan for a small picture.
  static let model = FuzzReader(
    name: "model",
    summary: ".edetr files up to the plan of a session",
    endings: [".edetr"],
    constant: 4 << 20,
    samples: { try ModelSamples.all() },
    repair: { ModelChecksums.repair(&$0) },
    read: { bytes, _ in
      try AlignedBytes.with(bytes) { bytes in
        let model = try Model(validating: bytes)
        try model.verifyData()
        for label in model.information.labels { _ = model.text(label).count }
        _ = try Session.arenaByteCount(model: model, height: 48, width: 64, threads: 1)
      }
    }
  )

  /// `.edetr` files that pass validation, run on a small picture.
  static let session = FuzzReader(
    name: "session",
    summary: ".edetr files, run where they are valid",
    endings: [".edetr"],
    constant: largestArena + 8 << 20,
    samples: { try ModelSamples.all() },
    repair: { ModelChecksums.repair(&$0) },
    read: { bytes, _ in
      try AlignedBytes.with(bytes) { bytes in
        let model = try Model(validating: bytes)
        let (height, width) = (48, 64)
        let needed = try Session.arenaByteCount(
          model: model,
          height: height,
          width: width,
          threads: 1
        )
        guard needed <= largestArena else { return }
        let session = try Session(model: model, height: height, width: width, threads: 1)
        let picture = (0..<height * width * 3).map { UInt8(truncatingIfNeeded: $0 * 7) }
        picture.withUnsafeBufferPointer {
          session.run(picture: $0.baseAddress!, rowStride: width * 3)
        }
        for detection in session.detections { withExtendedLifetime(detection) {} }
      }
    }
  )

  private static let largestArena = 8 << 20
}

/// Bytes on a 64-byte boundary with nothing behind them, as a mapping gives them.
enum AlignedBytes {
  static func with(_ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(bytes.count, 1),
      alignment: 64
    )
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    try body(UnsafeRawBufferPointer(rebasing: memory[..<bytes.count]))
  }
}
