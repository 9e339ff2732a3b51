/// What `--help` shows of a command and what its arguments are checked against.
struct CommandDescription {
  struct Option {
    /// What a value must be; checked before anything is done.
    enum Kind {
      case text
      case integer(ClosedRange<Int>)
      case number(ClosedRange<Double>)
      /// Height x width, as in `800x1066`.
      case size
      case choice([String])
    }

    let name: String
    /// What stands for the value in the help; none for a switch.
    let value: String?
    let help: String
    let kind: Kind

    init(_ name: String, _ value: String? = nil, _ help: String, _ kind: Kind = .text) {
      self.name = name
      self.value = value
      self.help = help
      self.kind = kind
    }
  }

  /// One word, or two where commands form a family.
  let name: String
  /// One line for the list of commands.
  let summary: String
  /// The arguments without options, as in `CHECKPOINT IMAGE…`.
  let operands: String
  /// How many operands there must be.
  let operandCount: ClosedRange<Int>
  let options: [Option]
  let example: String
  /// Further lines for the help.
  var notes: [String] = []

  var words: [String] { name.split(separator: " ").map(String.init) }

  /// Lines of a screen.
  private static let screen = 24

  /// The help text; it fits a screen, for which the options of checkpoints may be named only.
  var help: String {
    var lines = ["usage: edgedetr \(name) \(operands)\(options.isEmpty ? "" : " [options]")", ""]
    lines += [summary, ""]
    let isLong = options.count + notes.count + 3 > Self.screen
    let shared = isLong ? Set(Option.checkpoint.map(\.name)) : []
    let shown = options.filter { !shared.contains($0.name) }
    let names = shown.map { "--\($0.name)" + ($0.value.map { " \($0)" } ?? "") }
    let width = names.map(\.count).max() ?? 0
    for (name, option) in zip(names, shown) {
      let padding = String(repeating: " ", count: width - name.count)
      lines.append("  \(name)\(padding)  \(option.help)")
    }
    if isLong {
      let named = options.filter { shared.contains($0.name) }.map { "--\($0.name)" }
      lines.append("  \(named.joined(separator: " "))")
      lines.append("    what the checkpoint's files do not tell; see edgedetr inspect --help")
    }
    if !options.isEmpty { lines.append("") }
    if !notes.isEmpty { lines += notes + [""] }
    lines.append("example: \(example)")
    return lines.joined(separator: "\n")
  }
}

extension CommandDescription.Option {
  static let threads = Self(
    "threads",
    "N",
    "worker threads; default: one a processor",
    .integer(1...256)
  )
  static let isa = Self(
    "isa",
    "NAME",
    "force a table of kernels: scalar, sse41, avx2, avxvnni, avx512vnni"
  )
  static let releaseWeights = Self(
    "release-weights",
    nil,
    "hand weights back to the system once used: less memory, same results"
  )
  static let json = Self("json", "FILE", "write the results as JSON")
  static let annotate = Self("annotate", "DIR", "write pictures with the boxes drawn in")
  static let threshold = Self(
    "threshold",
    "X",
    "least score to print and draw, default 0.3",
    .number(0...1)
  )
  static let inputTensor = Self(
    "input-tensor",
    "FILE",
    "read pixel_values (and pixel_mask) in place of images"
  )
  static let dump = Self("dump", "FILE", "write logits, boxes and memory as safetensors")
  static let dumpAll = Self("dump-all", nil, "with --dump: every named intermediate too")
  static let labels = Self("labels", "FILE", "class names, one a line")
  static let annotations = Self("annotations", "FILE", "COCO annotations: image ids, which images")

  /// What a checkpoint's file may not tell.
  static let checkpoint: [Self] = [
    .labels,
    Self("size", "HxW", "input size where the file does not tell; or two edges:", .size),
    Self("shortest-edge", "N", "the shorter edge's length, default 800", .integer(1...16383)),
    Self(
      "longest-edge",
      "N",
      "the longer edge's greatest length, default 1333",
      .integer(1...16383)
    ),
    Self(
      "heads",
      "N",
      "attention heads where the file does not tell, default 8",
      .integer(1...4096)
    ),
    Self(
      "points",
      "N",
      "sampling points where the file does not tell, default 4",
      .integer(1...4096)
    ),
    Self(
      "queries",
      "N",
      "two-stage: proposals where the file does not tell, default 300",
      .integer(1...1_000_000)
    ),
    Self("dilation", nil, "last stage dilated (DC5) where the file does not tell"),
    Self(
      "activation",
      "NAME",
      "relu or gelu where the file does not tell",
      .choice(["relu", "gelu"])
    ),
    Self("smooth", "X", "SMCA-DETR: divides squared distances, default 8", .number(1e-3...1e6)),
  ]
}
