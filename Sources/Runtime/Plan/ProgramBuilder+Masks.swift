import Kernels
import ModelFile

extension ProgramBuilder {
  func attentionMap(_ it: AttentionMap, _ index: Int) -> [Step] {
    let scores = AttentionScoresStep(
      query: shorts(it.query),
      key: shorts(it.key),
      keys: rows(it.key),
      heads: it.heads,
      headChannels: channels(it.key) / it.heads,
      pyramid: it.keyGrid.map { pyramid([$0]) },
      scores: scratch(operation: index).base.assumingMemoryBound(to: Int32.self)
    )
    let softmax = JointSoftmaxStep(
      scores: UnsafePointer(scores.scores),
      count: rows(it.key) * it.heads,
      scoreRescale: it.scoreRescale,
      unit: it.unit,
      zeroPoint: zeroPoint(it.output),
      output: output(it.output),
      isInt16: element(it.output) == .int16
    )
    return [.attentionScores(scores), .jointSoftmax(softmax)]
  }

  func enlargement(_ it: Enlargement) -> EnlargementStep {
    let source = grid(it.input)
    let target = grid(it.target)
    return EnlargementStep(
      input: input(it.input),
      inputWidth: source.width,
      pixelBytes: rowBytes(it.input),
      rows: program.keep(nearestPixels(target.height, of: source.height)),
      columns: program.keep(nearestPixels(target.width, of: source.width)),
      height: target.height,
      width: target.width,
      output: output(it.output)
    )
  }
}
