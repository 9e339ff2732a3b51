import Kernels
import ModelFile
import Vision

/// A model ready to run at one size of the picture: shapes, plan, arena and threads.
///
///     let session = try Session(model: model, height: 800, width: 1066, threads: 2)
///     session.run(picture: pixels, rowStride: 1066 * 3)
///     for detection in session.detections { … }
///
/// Everything that a run needs lies in one arena whose size
/// ``arenaByteCount(model:height:width:threads:retention:table:)`` states beforehand; a run allocates
/// nothing, takes no lock outside of its threads' pool and gives the same bytes for any number of
/// threads. ``prepare(height:width:validHeight:validWidth:)`` makes the session fit for another size.
///
/// A session is used by one thread at a time; several sessions may share a model.
public final class Session {
  public let model: Model
  public let threads: Int
  let retention: Retention
  private let pool: ThreadPool
  private let table: UnsafeMutablePointer<KernelTable>
  private let ownsArena: Bool
  private var arena: UnsafeMutableRawBufferPointer
  private(set) var plan: SessionPlan
  private var program: Program
  // What the threads of a run read; written before they start.
  private var firstStep: Int
  private var stepCount: Int
  private var picture: UnsafePointer<UInt8>
  private var pictureStride = 0
  /// Present where operations are measured; only the first thread writes it.
  var clock: OperationClock?
  private var weightRelease: WeightRelease?

  /// A session for pictures that have the size of the network's input.
  ///
  /// - Parameters:
  ///   - model: the model; its bytes must stay in place as long as the session is used.
  ///   - height: rows of the picture.
  ///   - width: columns of the picture.
  ///   - threads: how many threads compute, the caller's included.
  ///   - arena: memory on a 64-byte boundary that stays the caller's, or nil for memory of the session's own.
  ///   - retention: which values can be read after a run.
  ///   - table: the kernels.
  /// - Throws: ``SessionError``.
  public convenience init(
    model: Model,
    height: Int,
    width: Int,
    threads: Int,
    arena: UnsafeMutableRawBufferPointer? = nil,
    retention: Retention = .outputs,
    table: KernelTable = .best
  ) throws(SessionError) {
    try self.init(
      plan: Self.plan(
        model,
        PictureSize(height: height, width: width),
        nil,
        threads,
        retention,
        table
      ),
      arena: arena,
      retention: retention,
      table: table
    )
  }

  /// A session for photographs of one size, which it resizes by the model's rule.
  ///
  /// - Parameters: as for pictures, but for the photograph's size.
  /// - Throws: ``SessionError``.
  public convenience init(
    model: Model,
    photographHeight: Int,
    photographWidth: Int,
    threads: Int,
    arena: UnsafeMutableRawBufferPointer? = nil,
    retention: Retention = .outputs,
    table: KernelTable = .best
  ) throws(SessionError) {
    try self.init(
      plan: Self.plan(
        model,
        photographHeight: photographHeight,
        photographWidth: photographWidth,
        threads,
        retention,
        table
      ),
      arena: arena,
      retention: retention,
      table: table
    )
  }

  private init(
    plan: SessionPlan,
    arena given: UnsafeMutableRawBufferPointer?,
    retention: Retention,
    table: KernelTable
  ) throws(SessionError) {
    if let given { try Self.check(given, plan) }
    let pool = try ThreadPool(threads: plan.threads)
    let memory = if let given { given } else { try SystemMemory.take(plan.arena.byteCount) }
    model = plan.model
    threads = plan.threads
    self.plan = plan
    self.retention = retention
    self.pool = pool
    self.table = .allocate(capacity: 1)
    self.table.initialize(to: table)
    ownsArena = given == nil
    arena = memory
    program = Program.build(plan, arena, table)
    firstStep = 0
    stepCount = program.wholeCount
    picture = UnsafePointer(arena.baseAddress!.assumingMemoryBound(to: UInt8.self))
  }

  deinit {
    clock?.deallocate()
    weightRelease?.deallocate()
    table.deinitialize(count: 1)
    table.deallocate()
    if ownsArena { SystemMemory.release(arena) }
  }

  // MARK: Sizes

  /// The bytes that a session for pictures needs.
  public static func arenaByteCount(
    model: Model,
    height: Int,
    width: Int,
    threads: Int,
    retention: Retention = .outputs,
    table: KernelTable = .best
  ) throws(SessionError) -> Int {
    let size = PictureSize(height: height, width: width)
    return try plan(model, size, nil, threads, retention, table).arena.byteCount
  }

  /// The bytes that a session for photographs needs.
  public static func arenaByteCount(
    model: Model,
    photographHeight: Int,
    photographWidth: Int,
    threads: Int,
    retention: Retention = .outputs,
    table: KernelTable = .best
  ) throws(SessionError) -> Int {
    try plan(
      model,
      photographHeight: photographHeight,
      photographWidth: photographWidth,
      threads,
      retention,
      table
    ).arena.byteCount
  }

  /// The plan of a session for pictures, to be printed or drawn.
  public static func arenaPlan(
    model: Model,
    height: Int,
    width: Int,
    threads: Int,
    retention: Retention = .outputs,
    table: KernelTable = .best
  ) throws(SessionError) -> ArenaPlan {
    let size = PictureSize(height: height, width: width)
    return try plan(model, size, nil, threads, retention, table).arena
  }

  /// The plan of the arena at the present size.
  public var arenaPlan: ArenaPlan { plan.arena }

  /// The size of the network's input.
  public var pictureSize: PictureSize { plan.size }

  /// Makes the session fit for pictures of another size.
  ///
  /// - Parameters:
  ///   - height: rows of the picture.
  ///   - width: columns of the picture.
  ///   - validHeight: rows that are no padding; all of them by default.
  ///   - validWidth: columns that are no padding; all of them by default.
  ///   - photograph: the size in pixels that detections refer to; the picture's by default.
  /// - Throws: ``SessionError``; the session then stays as it was. A session that owns its arena
  ///   takes a larger one where it needs it, others throw
  ///   ``SessionError/arenaTooSmall(needed:given:)``.
  public func prepare(
    height: Int,
    width: Int,
    validHeight: Int? = nil,
    validWidth: Int? = nil,
    photograph: (height: Int, width: Int)? = nil
  ) throws(SessionError) {
    let size = PictureSize(
      height: height,
      width: width,
      validHeight: validHeight ?? height,
      validWidth: validWidth ?? width
    )
    try prepare(Self.plan(model, size, photograph, threads, retention, table.pointee))
  }

  /// Makes the session fit for photographs of another size.
  ///
  /// - Throws: as ``prepare(height:width:validHeight:validWidth:photograph:)``.
  public func prepare(
    photographHeight: Int,
    photographWidth: Int
  ) throws(SessionError) {
    try prepare(
      Self.plan(
        model,
        photographHeight: photographHeight,
        photographWidth: photographWidth,
        threads,
        retention,
        table.pointee
      )
    )
  }

  private func prepare(_ plan: SessionPlan) throws(SessionError) {
    if plan.arena.byteCount > arena.count {
      guard ownsArena else { return try Self.check(arena, plan) }
      let larger = try SystemMemory.take(plan.arena.byteCount)
      SystemMemory.release(arena)
      arena = larger
    }
    self.plan = plan
    program = Program.build(plan, arena, table.pointee)
    firstStep = 0
    stepCount = program.wholeCount
    if weightRelease != nil { releaseWeights(true) }
  }

  /// Whether weights are handed back to the system as soon as they have been used.
  ///
  /// They stay in the system's cache of the file, from which the next run maps them again, but do not
  /// count as memory of the program.
  ///
  /// - Precondition: the model's bytes are an unchanged read-only mapping of a file; other memory
  ///   would be lost.
  public func releaseWeights(_ isOn: Bool) {
    weightRelease?.deallocate()
    weightRelease = isOn ? WeightRelease(model, plan.schedule, program) : nil
  }

  private static func check(
    _ arena: UnsafeMutableRawBufferPointer,
    _ plan: SessionPlan
  ) throws(SessionError) {
    guard arena.count >= plan.arena.byteCount else {
      throw .arenaTooSmall(needed: plan.arena.byteCount, given: arena.count)
    }
    let remainder = Int(bitPattern: arena.baseAddress) & (ArenaPlan.alignment - 1)
    guard remainder == 0 else {
      throw .arenaMisaligned(remainder: remainder, alignment: ArenaPlan.alignment)
    }
  }

  static func plan(
    _ model: Model,
    _ size: PictureSize,
    _ photograph: (height: Int, width: Int)?,
    _ threads: Int,
    _ retention: Retention,
    _ table: KernelTable
  ) throws(SessionError) -> SessionPlan {
    try SessionPlan(
      model: model,
      size: size,
      source: .picture,
      photographHeight: photograph?.height ?? size.height,
      photographWidth: photograph?.width ?? size.width,
      threads: threads,
      retention: retention,
      table: table
    )
  }

  private static func plan(
    _ model: Model,
    photographHeight: Int,
    photographWidth: Int,
    _ threads: Int,
    _ retention: Retention,
    _ table: KernelTable
  ) throws(SessionError) -> SessionPlan {
    let size = try model.information.sizeRule.pictureSize(
      photographHeight: photographHeight,
      photographWidth: photographWidth
    )
    return try SessionPlan(
      model: model,
      size: size,
      source: .photograph(
        ResizePlan(
          sourceWidth: photographWidth,
          sourceHeight: photographHeight,
          width: size.width,
          height: size.height
        )
      ),
      photographHeight: photographHeight,
      photographWidth: photographWidth,
      threads: threads,
      retention: retention,
      table: table
    )
  }

  // MARK: Running

  /// Runs the network on a picture of the prepared size, or on a photograph where the session was
  /// made for photographs.
  ///
  /// - Parameters:
  ///   - picture: rows of interleaved RGB bytes, three a pixel.
  ///   - rowStride: bytes from one row to the next, at least three times the width.
  /// - Precondition: the stride is that long.
  public func run(picture: UnsafePointer<UInt8>, rowStride: Int) {
    precondition(rowStride >= 3 * plan.sourceWidth, "three bytes a pixel and row")
    self.picture = picture
    pictureStride = rowStride
    pool.run(runPart, Unmanaged.passUnretained(self).toOpaque())
  }

  /// The logits of the mask of a query, from what the last run has left.
  ///
  /// One number a pixel of ``grid(of:)`` of the model's mask, row by row, in units of its step; positive ones
  /// are inside. The memory is the session's and valid until the next mask, run or preparation.
  ///
  /// - Parameter query: the query's number; with a softmax over classes that of the detection.
  /// - Returns: nil where the model gives no masks.
  /// - Precondition: there is such a query.
  public func mask(ofQuery query: Int) -> UnsafeBufferPointer<Int16>? {
    guard let mask = model.mask, let memory = memory(of: mask) else { return nil }
    precondition((0..<plan.shapes[model.information.logits.index].rows).contains(query))
    program.query.pointee = query
    firstStep = program.wholeCount
    stepCount = program.stepCount - program.wholeCount
    pool.run(runPart, Unmanaged.passUnretained(self).toOpaque())
    firstStep = 0
    stepCount = program.wholeCount
    return memory.bindMemory(to: Int16.self)
  }

  /// What the last run found: the best first, or for a softmax over classes in the order of the queries.
  ///
  /// The memory is the session's and valid until the next run or preparation.
  public var detections: UnsafeBufferPointer<Detection> {
    let start = arena.baseAddress! + plan.arena.pieces[plan.detections].offset
    return UnsafeBufferPointer(
      start: UnsafePointer(start.assumingMemoryBound(to: Detection.self)),
      count: plan.detectionCount
    )
  }

  // MARK: Values

  var shapes: [ValueShape] { plan.shapes }

  /// Where a value lies; nil for a picture that is the caller's and for values without an own place.
  func memory(of value: ValueIndex) -> UnsafeRawBufferPointer? {
    let count = shapes[value.index].rows * model[value].channels * model[value].element.byteCount
    if let offset = plan.offset(of: value) {
      return UnsafeRawBufferPointer(start: arena.baseAddress! + offset, count: count)
    }
    for operation in model.operations {
      if case .constant(let it) = operation, it.output == value {
        let start = UnsafeRawPointer(model.elements(it.data, as: UInt8.self))
        return UnsafeRawBufferPointer(start: start, count: count)
      }
    }
    return nil
  }

  fileprivate func work(_ thread: Int) {
    let context = StepContext(
      thread: thread,
      threads: threads,
      table: UnsafePointer(table),
      picture: picture,
      pictureStride: pictureStride,
      clock: thread == 0 ? clock : nil
    )
    let steps = program.steps + firstStep
    let first = firstStep
    let count = stepCount
    for index in 0..<count {
      if thread == 0, index > 0, let weightRelease { weightRelease.release(first + index - 1) }
      if let clock = context.clock {
        let start = clock.start
        steps[index].run(context)
        let operation = program.operations[first + index]
        if operation != Program.chain { clock.add(since: start, operation: operation) }
        if index + 1 < count { clock.waiting(pool.barrier) }
      } else {
        steps[index].run(context)
        if index + 1 < count { pool.barrier.wait() }
      }
    }
  }
}

/// One thread's part of a run.
private func runPart(_ session: UnsafeMutableRawPointer, _ thread: Int) {
  // The caller of `run` holds the session until all threads are done.
  Unmanaged<Session>.fromOpaque(session).takeUnretainedValue().work(thread)
}
