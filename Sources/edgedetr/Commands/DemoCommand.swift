import Foundation

/// `edgedetr demo`: everything once, on scenes that it renders itself.
enum DemoCommand: Command {
  static let description = CommandDescription(
    name: "demo",
    summary: "Everything once: render scenes, quantize the bundled detector, compare, draw.",
    operands: "",
    operandCount: 0...0,
    options: [
      .init("output", "DIR", "folder to write (also -o), default edgedetr-demo"),
      .init("checkpoint", "DIR", "the detector, default the one of this repository"),
      .init("calibration", "N", "scenes to calibrate on, default 32", .integer(1...10_000)),
      .init("scenes", "N", "scenes to measure on, default 60", .integer(1...10_000)),
      .threads,
    ],
    example: "edgedetr demo -o edgedetr-demo",
    notes: [
      "Both sets of scenes have seeds of their own: the detector was trained on none of them."
    ]
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    let checkpoint = try arguments.text("checkpoint") ?? BundledCheckpoint.path()
    let demonstration = Demonstration(
      checkpoint: checkpoint,
      folder: arguments.text("output") ?? "edgedetr-demo",
      calibrationCount: arguments.integer("calibration") ?? 32,
      sceneCount: arguments.integer("scenes") ?? 60,
      threads: arguments.threads
    )
    let outcome = try demonstration.run()
    print(outcome.text)
    return .done
  }
}
