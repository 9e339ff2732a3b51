import SyntheticCheckpoints

/// `edgedetr synth checkpoint`: seeded checkpoints to measure with.
enum SynthCheckpointCommand: Command {
  static let description = CommandDescription(
    name: "synth checkpoint",
    summary: "Write a seeded random checkpoint of full size, to measure with.",
    operands: "--architecture NAME -o DIR",
    operandCount: 0...0,
    options: [
      .init(
        "architecture",
        "NAME",
        "one of the names below",
        .choice(SyntheticArchitecture.all.map(\.name))
      ),
      .init("output", "DIR", "folder to write (also -o)"),
      .init("seed", "N", "chooses the weights, default 1", .integer(0...Int.max)),
      .init(
        "dtype",
        "NAME",
        "float32 (default), float16 or bfloat16",
        .choice(SyntheticCheckpoint.Storage.allCases.map(\.rawValue))
      ),
    ],
    example: "edgedetr synth checkpoint --architecture deformable-detr-r50 -o ./synthetic",
    notes: SyntheticArchitecture.all.map { "  \($0.name)" }
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    let folder = try arguments.required("output")
    let storage = arguments.text("dtype").flatMap { SyntheticCheckpoint.Storage(rawValue: $0) }
    let summary = try SyntheticCheckpoint.write(
      architecture: arguments.required("architecture"),
      seed: UInt64(arguments.integer("seed") ?? 1),
      storage: storage ?? .float32,
      to: folder
    )
    Diagnostics.note("\(folder): \(summary.tensors) tensors, \(summary.numbers) numbers")
    return .done
  }
}
