/// One thing to do in a run; all threads do a step together and wait for each other behind it.
///
/// A step is plain numbers and pointers into the arena, the model and the program's tables, so that
/// running it neither allocates nor counts references.
enum Step {
  case pictureCopy(PictureCopyStep)
  case resize(ResizeStep)
  case product(ProductStep)
  case pool(PoolStep)
  case addition(AdditionStep)
  case unitChange(UnitChangeStep)
  case rowNormalization(RowNormalizationStep)
  case groupStatistics(GroupStatisticsStep)
  case groupApplication(GroupApplicationStep)
  case attention(AttentionStep)
  case sampling(SamplingStep)
  case positionTable(PositionTableStep)
  case boxSine(BoxSineStep)
  case copy(CopyStep)
  case slice(SliceStep)
  case gather(GatherStep)
  case mask(MaskStep)
  case ranking(RankingStep)
  case sigmoid(SigmoidStep)
  case boxUpdate(BoxUpdateStep)
  case proposal(ProposalStep)
  case chain(ChainStep)
  case bestScores(BestScoresStep)
  case bestClass(BestClassStep)
  case multiplication(MultiplicationStep)
  case rectification(RectificationStep)
  case modulation(ModulationStep)
  case positionSpread(PositionSpreadStep)

  func run(_ context: StepContext) {
    switch self {
    case .pictureCopy(let step): step.run(context)
    case .resize(let step): step.run(context)
    case .product(let step): step.run(context)
    case .pool(let step): step.run(context)
    case .addition(let step): step.run(context)
    case .unitChange(let step): step.run(context)
    case .rowNormalization(let step): step.run(context)
    case .groupStatistics(let step): step.run(context)
    case .groupApplication(let step): step.run(context)
    case .attention(let step): step.run(context)
    case .sampling(let step): step.run(context)
    case .positionTable(let step): step.run(context)
    case .boxSine(let step): step.run(context)
    case .copy(let step): step.run(context)
    case .slice(let step): step.run(context)
    case .gather(let step): step.run(context)
    case .mask(let step): step.run(context)
    case .ranking(let step): step.run(context)
    case .sigmoid(let step): step.run(context)
    case .boxUpdate(let step): step.run(context)
    case .proposal(let step): step.run(context)
    case .chain(let step): step.run(context)
    case .bestScores(let step): step.run(context)
    case .bestClass(let step): step.run(context)
    case .multiplication(let step): step.run(context)
    case .rectification(let step): step.run(context)
    case .modulation(let step): step.run(context)
    case .positionSpread(let step): step.run(context)
    }
  }

  /// Makes some rows of the result; only for operations that are row-wise.
  func run(_ context: StepContext, rows: Range<Int>) {
    switch self {
    case .product(let step): step.run(context, rows: rows)
    case .pool(let step): step.run(context, rows: rows)
    case .addition(let step): step.run(context, rows: rows)
    case .unitChange(let step): step.run(context, rows: rows)
    case .rowNormalization(let step): step.run(context, rows: rows)
    case .sampling(let step): step.run(context, rows: rows)
    case .multiplication(let step): step.run(context, rows: rows)
    case .rectification(let step): step.run(context, rows: rows)
    default: preconditionFailure("chains hold row-wise operations only")
    }
  }
}
