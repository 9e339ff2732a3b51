import Foundation
import SyntheticCheckpoints

/// `edgedetr synth`: seeded inputs, so that anybody can measure without a download.
enum SynthCommand: Command {
  static let description = CommandDescription(
    name: "synth",
    summary: "Write a seeded full-size checkpoint with random weights.",
    operands: "checkpoint --architecture NAME -o DIR",
    operandCount: 1...1,
    options: [
      .init("architecture", "NAME", "one of those below"),
      .init("seed", "N", "which weights, default 1"),
      .init("output", "DIR", "the folder to write (also -o)"),
      .init("dtype", "TYPE", "float32, float16 or bfloat16, default float32"),
    ],
    example: """
      edgedetr synth checkpoint --architecture deformable-detr-r50 -o synthetic

      architectures:
      \(architectures)
      """
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    guard arguments.operands[0] == "checkpoint" else {
      throw UsageError(
        description,
        "expected checkpoint, found '\(arguments.operands[0])'"
      )
    }
    let names = SyntheticArchitecture.all.map(\.name)
    guard let name = try arguments.choice("architecture", of: names) else {
      throw UsageError(description, "--architecture is missing")
    }
    let storages = SyntheticCheckpoint.Storage.allCases.map(\.rawValue)
    let storage = try arguments.choice("dtype", of: storages).flatMap {
      SyntheticCheckpoint.Storage(rawValue: $0)
    }
    let folder = try arguments.required("output")
    let seed = try arguments.integer("seed", in: 0...Int.max) ?? 1
    let start = ContinuousClock.now
    let summary = try SyntheticCheckpoint.write(
      architecture: name,
      seed: UInt64(seed),
      storage: storage ?? .float32,
      to: folder
    )
    Diagnostics.note(
      "\(folder): \(summary.tensors) tensors, \(summary.numbers) numbers in "
        + "\((ContinuousClock.now - start).seconds.formatted(digits: 2)) s"
    )
    return .done
  }

  private static var architectures: String {
    let all = SyntheticArchitecture.all
    let width = all.map(\.name.count).max() ?? 0
    return all.map { architecture in
      let padding = String(repeating: " ", count: width - architecture.name.count)
      return "  \(architecture.name)\(padding)  \(architecture.summary)"
    }.joined(separator: "\n")
  }
}
