import Foundation
import ModelFile

/// `edgedetr inspect`: what a checkpoint or a model is.
enum InspectCommand: Command {
  static let description = CommandDescription(
    name: "inspect",
    summary: "Show what a checkpoint or a model holds and needs.",
    operands: "PATH",
    operandCount: 1...1,
    options: [
      .init(
        "size",
        "HxW",
        "for a model: memory plan for this input size; for a checkpoint: its input size",
        .size
      ),
      .init("tensors", nil, "for a checkpoint: list every tensor"),
      .threads,
    ] + CommandDescription.Option.checkpoint.filter { $0.name != "size" },
    example: "edgedetr inspect detr.edetr --size 800x1066"
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    let path = arguments.operands[0]
    if MappedModel.isModel(path) {
      try ModelInspection(MappedModel(path: path)).print(
        size: arguments.size("size"),
        threads: arguments.threads
      )
    } else {
      try CheckpointInspection(path: path, arguments: arguments).print()
    }
    return .done
  }
}
