import ModelFile
import Runtime

/// What the steps and the pieces of a plan are called, after the values of the model.
struct ArenaNames {
  let file: MappedModel
  /// One a step of the plan.
  let steps: [String]

  init(_ file: MappedModel, _ plan: ArenaPlan) {
    self.file = file
    let operations = file.model.operations.map { file.string(file.model[$0.output].name) }
    // A step is an operation, unless the plan has put several together.
    let inner =
      plan.steps == operations.count + 2
      ? operations : (1..<max(plan.steps - 1, 1)).map { "group \($0)" }
    steps = ["picture"] + inner + ["detections"]
  }

  func name(of piece: ArenaPlan.Piece) -> String {
    switch piece.content {
    case .value(let value): file.string(file.model[value].name)
    case .scratch: "working memory of \(steps[min(piece.firstStep, steps.count - 1)])"
    }
  }
}
