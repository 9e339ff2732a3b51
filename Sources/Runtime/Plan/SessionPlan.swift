import Kernels
import ModelFile
import Vision

/// Everything about a run that is known before any memory is taken.
struct SessionPlan {
  /// Where the picture comes from.
  enum Source {
    /// The caller's pixels are the network's input.
    case picture
    /// The caller's photograph is resized in the arena.
    case photograph(ResizePlan)
  }

  /// A piece of the arena for the threads of one step.
  struct Scratch {
    /// Index into the arena's pieces.
    let piece: Int
    /// Bytes of one thread.
    let byteCount: Int
  }

  let model: Model
  let size: PictureSize
  let source: Source
  /// The size that detections refer to, in pixels.
  let photographHeight: Int
  let photographWidth: Int
  let threads: Int
  let shapes: [ValueShape]
  let schedule: Schedule
  private let layout: HeadLayout
  let arena: ArenaPlan
  /// Where each value lies.
  let places: [ValueStorage.Place]
  /// Index into the arena's pieces for values that are roots.
  private let pieceOfRoot: [Int]
  /// By step; see ``ArenaPlan``.
  let scratch: [Scratch?]
  /// Pieces of the last step: detections, scores and the keys of their order.
  let detections: Int
  let scores: Int
  let keys: Int
  let detectionCount: Int

  /// - Throws: ``SessionError`` where the model cannot run at the size or the plan exceeds what this
  ///   machine can address.
  init(
    model: Model,
    size: PictureSize,
    source: Source,
    photographHeight: Int,
    photographWidth: Int,
    threads: Int,
    retention: Retention,
    table: KernelTable
  ) throws(SessionError) {
    guard threads >= 1, threads <= ThreadPool.limit else {
      throw .threads(found: threads, limit: ThreadPool.limit)
    }
    let photographLimit = 32767
    guard (1...photographLimit).contains(photographHeight),
      (1...photographLimit).contains(photographWidth)
    else {
      throw .pictureSize(height: photographHeight, width: photographWidth, limit: photographLimit)
    }
    self.model = model
    self.size = size
    self.source = source
    self.photographHeight = photographHeight
    self.photographWidth = photographWidth
    self.threads = threads
    shapes = try model.shapes(for: size)

    var pictureInArena = model.readsWholePicture
    if case .photograph = source { pictureInArena = true }
    let need = ScratchNeed(model: model, shapes: shapes, table: table)
    layout = HeadLayout(model: model, retention: retention)
    schedule = try Schedule(
      model: model,
      shapes: shapes,
      retention: retention,
      threads: threads,
      need: need,
      pictureInArena: pictureInArena
    )
    var storage = ValueStorage(
      model: model,
      shapes: shapes,
      schedule: schedule,
      retention: retention,
      pictureInArena: pictureInArena
    )
    var pieces = storage.pieces
    var pieceOfRoot = [Int](repeating: -1, count: model.values.count)
    for (index, piece) in pieces.enumerated() {
      if case .value(let root) = piece.content { pieceOfRoot[root.index] = index }
    }
    self.pieceOfRoot = pieceOfRoot
    var places: [ValueStorage.Place] = []
    for index in model.values.indices { places.append(storage.place(of: ValueIndex(index))) }
    self.places = places

    let steps = schedule.groups.count + 2
    func add(_ bytes: Int64, step: Int, from first: Int? = nil) throws(SessionError) -> Int {
      guard bytes <= Int64(Int.max / 4) else { throw .planTooLarge }
      pieces.append(
        ArenaPlan.Piece(
          content: .scratch,
          byteCount: Int(bytes),
          firstStep: first ?? step,
          lastStep: step
        )
      )
      return pieces.count - 1
    }
    var scratch = [Scratch?](repeating: nil, count: steps)
    for step in 0..<steps {
      var bytes: Int64 = 0
      var isShared = false
      if step == 0 {
        if case .photograph(let plan) = source {
          bytes = (Int64(plan.scratchByteCount) + 63) / 64 * 64
        }
      } else if step <= schedule.groups.count {
        let group = schedule.groups[step - 1]
        if let plan = group.plan {
          bytes = Int64(plan.byteCount)
        } else {
          (bytes, isShared) = need.bytes(model.operations[group.operations[0]])
        }
      } else if case .softmaxWithNoObject = model.information.classDecoding {
        bytes = (Int64(model[model.information.logits].channels) * 4 + 63) / 64 * 64
      }
      if bytes > 0 {
        let piece = try add(bytes * Int64(isShared ? 1 : threads), step: step)
        scratch[step] = Scratch(piece: piece, byteCount: Int(bytes))
      }
    }
    self.scratch = scratch

    let queries = shapes[model.information.logits.index].rows
    let classes = model[model.information.logits].channels
    var scoreCount: Int64 = 0
    switch model.information.classDecoding {
    case .sigmoid(let limit):
      scoreCount = Int64(queries) * Int64(classes)
      detectionCount = Int(min(Int64(limit), scoreCount))
    case .softmaxWithNoObject:
      detectionCount = classes > 1 ? queries : 0
    }
    let last = steps - 1
    // Detections are made before what is computed for single queries, and read behind it.
    let firstPerQuery = model.firstPerQuery
    let made = schedule.groups.firstIndex { $0.operations[0] >= firstPerQuery }.map { $0 + 1 }
    detections = try add(
      Int64(detectionCount) * Int64(MemoryLayout<Detection>.stride),
      step: last,
      from: made
    )
    scores = try add(scoreCount * 4, step: last, from: made)
    keys = try add(scoreCount > 0 ? Int64(detectionCount) * 8 : 0, step: last, from: made)
    arena = try ArenaPlan(pieces, steps: steps)
  }

  /// Heads that a value's rows lie in, one after the other; see ``HeadLayout``.
  func heads(of value: ValueIndex) -> Int { layout.heads[value.index] }

  /// The width of what the caller brings, in pixels.
  var sourceWidth: Int {
    switch source {
    case .picture: size.width
    case .photograph(let plan): plan.sourceWidth
    }
  }

  /// Bytes from the start of the arena to a value; nil where it lies elsewhere.
  func offset(of value: ValueIndex) -> Int? {
    guard case .arena(let root, let inside) = places[value.index] else { return nil }
    return arena.pieces[pieceOfRoot[root]].offset + inside
  }
}

extension Model {
  /// Whether an operation needs the picture in one piece, with room behind it.
  ///
  /// Convolutions whose runs are pieces of picture rows read it where the caller has it.
  var readsWholePicture: Bool {
    for operation in operations where operation.inputs.contains(Model.picture) {
      guard case .convolution(let it) = operation, it.readsPictureRows(self),
        it.residual != Model.picture
      else { return true }
    }
    return false
  }
}

extension Convolution {
  /// Whether the inputs' runs are pieces of rows of a three-channel map.
  func readsPictureRows(_ model: Model) -> Bool {
    model[input].channels == 3 && !window.isPoint && window.dilation == 1
  }
}
