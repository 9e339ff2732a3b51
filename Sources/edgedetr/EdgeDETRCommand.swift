import Foundation

/// A command of `edgedetr`: one file under Commands.
protocol Command {
  static var description: CommandDescription { get }
  static func run(_ arguments: Arguments) throws -> ExitCode
}

/// How a run ended, as DESIGN promises it to scripts.
enum ExitCode: Int32 {
  case done = 0
  /// A gate was missed, or some inputs failed while the others were done.
  case partial = 1
  case usage = 2
  /// An input could not be used.
  case input = 3
}

@main
enum EdgeDETRCommand {
  static let commands: [any Command.Type] = [
    DemoCommand.self, InspectCommand.self, FloatCommand.self, QuantizeCommand.self,
    DetectCommand.self, EvalCommand.self, CompareCommand.self, CocoCommand.self, InfoCommand.self,
    BenchCommand.self, SynthCheckpointCommand.self, SynthScenesCommand.self,
  ]

  static func main() {
    // A reader that closes the pipe ends the program quietly, as other filters do.
    signal(SIGPIPE, SIG_DFL)
    exit(run(CommandLine.arguments.dropFirst()).rawValue)
  }

  static func run(_ words: ArraySlice<String>) -> ExitCode {
    guard let name = words.first, name != "--help", name != "-h", name != "help" else {
      print(overview)
      return words.isEmpty ? .usage : .done
    }
    do {
      guard let command = commands.first(where: { words.starts(with: $0.description.words) }) else {
        let family = commands.map { $0.description }.filter { $0.name.hasPrefix("\(name) ") }
        guard let first = family.first else { throw UsageError(nil, "unknown command '\(name)'") }
        if words.dropFirst().contains(where: { $0 == "--help" || $0 == "-h" }) {
          print(family.map(\.help).joined(separator: "\n\n"))
          return .done
        }
        let found = words.dropFirst().first.map { ", found '\($0)'" } ?? ""
        let names = family.map { "'\($0.name)'" }.joined(separator: " or ")
        throw UsageError(first, "expected \(names)\(found)")
      }
      let rest = words.dropFirst(command.description.words.count)
      if rest.contains("--help") || rest.contains("-h") {
        print(command.description.help)
        return .done
      }
      return try command.run(Arguments(rest, for: command.description))
    } catch let error as UsageError {
      Diagnostics.error("\(error)")
      return .usage
    } catch {
      Diagnostics.error("\(error)")
      return .input
    }
  }

  private static var overview: String {
    let width = commands.map { $0.description.name.count }.max() ?? 0
    let list = commands.map { command in
      let name = command.description.name
      let padding = String(repeating: " ", count: width - name.count)
      return "  \(name)\(padding)  \(command.description.summary)"
    }
    return """
      usage: edgedetr COMMAND …

      Int8 DETR and Deformable DETR on small processors, integers only.

      \(list.joined(separator: "\n"))

      edgedetr COMMAND --help shows the options of a command.
      """
  }
}
