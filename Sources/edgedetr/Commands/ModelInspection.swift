import Foundation
import ModelFile
import Runtime

/// What `inspect` prints of a model.
struct ModelInspection {
  let file: MappedModel

  init(_ file: MappedModel) { self.file = file }

  private var model: Model { file.model }

  func print(size: (height: Int, width: Int)?, threads: Int) throws {
    try verify()
    printInformation()
    Swift.print("")
    printLayers()
    if let size {
      Swift.print("")
      try printMemory(height: size.height, width: size.width, threads: threads)
    }
  }

  private func verify() throws {
    do { try model.verifyData() } catch {
      throw MappedModelError(path: file.path, cause: .model(error))
    }
  }

  private func printInformation() {
    for line in file.facts + ModelDescription(file).lines {
      Swift.print("\(line.name): \(line.text)")
    }
    let classes = model[model.information.logits].channels
    let names = file.labels.prefix(8).joined(separator: ", ")
    Swift.print(
      "classes: \(classes)\(names.isEmpty ? "" : " (\(names)\(file.labels.count > 8 ? ", …" : ""))")"
    )
  }

  /// One line an operation: number, kind, the value it makes with type, step and zero point.
  private func printLayers() {
    var rows = [["", "operation", "value", "type", "scale", "zero", "weights"]]
    for (index, operation) in model.operations.enumerated() {
      let value = model[operation.output]
      let step = Double(bitPattern: value.stepBits)
      var weights = ""
      if case .convolution(let it) = operation { weights = "\(it.weights.count)" }
      rows.append([
        "\(index)", operation.name, file.string(value.name), "\(value.element)[\(value.channels)]",
        String(format: "%.4g", step), "\(value.zeroPoint)", weights,
      ])
    }
    Swift.print(TextTable.aligned(rows, right: [0, 4, 5, 6]))
  }

  private func printMemory(height: Int, width: Int, threads: Int) throws {
    let plan: ArenaPlan
    let steps: [ScheduledStep]
    do {
      plan = try Session.arenaPlan(model: model, height: height, width: width, threads: threads)
      steps = try Session.steps(model: model, height: height, width: width, threads: threads)
    } catch { throw InputError(path: file.path, reason: error.description) }
    let names = ArenaNames(file, plan)
    let drawing = ArenaDrawing(plan: plan, steps: names.steps, name: names.name(of:))
    Swift.print("arena for \(height)x\(width), \(threads) threads: \(plan.byteCount) bytes")
    Swift.print("least that any plan could need: \(plan.lowerBound) bytes")
    Swift.print("")
    Swift.print(drawing.text)
    Swift.print("")
    Swift.print(drawing.largest)
    Swift.print("")
    Swift.print(TextTable.aligned(rows(steps)))
  }

  /// One line a step: what is alive, how many rows go at a time, which operations.
  private func rows(_ steps: [ScheduledStep]) -> [[String]] {
    [["step", "alive MB", "rows", "operations"]]
      + steps.enumerated().map { index, step in
        [
          "\(index + 1)", String(format: "%.2f", Double(step.liveBytes) / 1e6),
          step.bandRows.map { "\($0)" } ?? "all",
          step.operations.map(String.init).joined(separator: " "),
        ]
      }
  }
}

extension ModelFile.Operation {
  /// The operation's name in tables.
  var name: String {
    switch self {
    case .convolution(let it):
      it.window.isPoint ? "linear" : "convolution \(it.window.kernel)x\(it.window.kernel)"
    case .maxPool: "max pool"
    case .add: "add"
    case .requantize: "requantize"
    case .layerNorm: "layer norm"
    case .groupNorm: "group norm"
    case .attention: "attention"
    case .deformableAttention: "deformable attention"
    case .positionTable: "position table"
    case .constant: "constant"
    case .concatenateRows: "concatenate rows"
    case .sliceColumns: "slice columns"
    case .maskPadding: "mask padding"
    case .maskProposals: "mask proposals"
    case .topRows: "top rows"
    case .gatherRows: "gather rows"
    case .sigmoid: "sigmoid"
    case .refineBoxes: "refine boxes"
    case .proposalBoxes: "proposal boxes"
    case .boxSine: "box sine"
    case .tableLookup: "table lookup"
    case .averagePool: "average pool"
    case .upsample: "upsample"
    case .concatenateColumns: "concatenate columns"
    case .rowMaximum: "row maximum"
    case .spatialAttention: "spatial attention"
    case .positionSum: "position sum"
    case .regionPooling: "region pooling"
    case .regionSampling: "region sampling"
    case .pointsInBoxes: "points in boxes"
    case .gate: "gate"
    }
  }
}
