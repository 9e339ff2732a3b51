/// `edgedetr synth scenes`: rendered photographs with annotations.
enum SynthScenesCommand: Command {
  static let description = CommandDescription(
    name: "synth scenes",
    summary: "Render scenes of machine parts on a conveyor belt, with COCO annotations.",
    operands: "--count N -o DIR",
    operandCount: 0...0,
    options: [
      .init("count", "N", "how many scenes", .integer(1...1_000_000)),
      .init("output", "DIR", "folder to write (also -o)"),
      .init("seed", "S", "chooses the scenes, default 1", .integer(0...Int.max)),
      .init("size", "HxW", "size of the pictures, default 480x640, at least 32x32", .size),
      .threads,
    ],
    example: "edgedetr synth scenes --count 100 --seed 7 -o scenes",
    notes: [
      "Writes DIR/images/*.png and DIR/annotations.json. The same seed gives the same bytes on every",
      "machine; scene i of a seed is the same whatever the count.",
    ]
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    guard let count = arguments.integer("count") else {
      throw UsageError(description, "--count is missing")
    }
    let folder = try arguments.required("output")
    let size = arguments.size("size") ?? (height: 480, width: 640)
    guard size.height >= 32, size.width >= 32 else {
      throw UsageError(
        description,
        "--size: expected at least 32x32, found \(size.height)x\(size.width)"
      )
    }
    let set = SceneSet(seed: UInt64(arguments.integer("seed") ?? 1), size: size)
    let parts = try set.write(count: count, to: folder, threads: arguments.threads)
    Diagnostics.note("\(folder): \(count) scenes, \(parts) parts")
    return .done
  }
}
