import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A fixed number of threads that share out ranges.
///
///     let pool = WorkerPool(threads: 2)
///     pool.parallelFor(rows) { range, worker in … }
///
/// The caller is one of the workers. A range is cut in as many contiguous parts as there are workers, always
/// at the same places; nothing is stolen. Calls must come from one thread at a time and must not
/// be nested. Workers wait a few microseconds for the next call before they sleep.
public final class WorkerPool: @unchecked Sendable {
  /// The number of workers, the caller included.
  public let threads: Int

  private let shared: WorkerPoolState
  private var workers: [pthread_t] = []

  /// Starts the workers.
  ///
  /// - Parameter threads: the number of workers, at least 1, the caller included.
  public init(threads: Int) {
    guard threads >= 1 else { fatalError("a pool needs at least one thread") }
    self.threads = threads
    shared = WorkerPoolState(threads: threads)
    for worker in 0..<threads where worker > 0 {
      let start = Unmanaged.passRetained(WorkerStart(state: shared, worker: worker))
      #if canImport(Darwin)
        var thread: pthread_t?
      #else
        var thread = pthread_t()
      #endif
      let status = pthread_create(
        &thread,
        nil,
        { argument in
          #if canImport(Darwin)
            let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
          #else
            let start = Unmanaged<WorkerStart>.fromOpaque(argument!).takeRetainedValue()
          #endif
          start.state.work(as: start.worker)
          return nil
        },
        start.toOpaque()
      )
      // Not a precondition, which optimised code takes for granted.
      guard status == 0 else { fatalError("a thread could not be started: error \(status)") }
      #if canImport(Darwin)
        workers.append(thread!)
      #else
        workers.append(thread)
      #endif
    }
  }

  deinit {
    shared.stop()
    for worker in workers { pthread_join(worker, nil) }
    shared.tearDown()
  }

  /// Calls `body` once a worker with that worker's part of `0 ..< count`, and waits for all.
  ///
  /// - Parameters:
  ///   - count: the number of items; workers without any are not called.
  ///   - grain: ranges begin at multiples of it, so that small work stays on few threads.
  ///   - body: what to do with a range; the second argument is the worker, 0 ..< `threads`.
  public func parallelFor(
    _ count: Int,
    grain: Int = 1,
    _ body: (_ range: Range<Int>, _ worker: Int) -> Void
  ) {
    let grains = (count + grain - 1) / grain
    if threads == 1 || grains <= 1 {
      if count > 0 { body(0..<count, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      shared.run(grains) { range, worker in
        body(range.lowerBound * grain..<min(range.upperBound * grain, count), worker)
      }
    }
  }

  /// Returns memory that all workers may use until somebody asks again.
  ///
  /// - Parameter byteCount: the least size; what the memory holds is undefined.
  /// - Returns: memory aligned to 64 bytes.
  public func sharedScratch(byteCount: Int) -> UnsafeMutableRawPointer {
    shared.scratch(worker: threads, byteCount: byteCount)
  }

  /// Returns memory that belongs to a worker until it asks again.
  ///
  /// - Parameters:
  ///   - worker: the worker, as `parallelFor` names it.
  ///   - byteCount: the least size; what the memory holds is undefined.
  /// - Returns: memory aligned to 64 bytes.
  public func scratch(worker: Int, byteCount: Int) -> UnsafeMutableRawPointer {
    shared.scratch(worker: worker, byteCount: byteCount)
  }
}

/// What the workers need of a pool, so that they do not keep the pool itself alive.
private final class WorkerPoolState: @unchecked Sendable {
  typealias Body = (Range<Int>, Int) -> Void

  private let threads: Int
  /// How often `run` was called; a worker has work when it has not seen the latest call.
  private let generation = Atomic<Int>(0)
  private let unfinished = Atomic<Int>(0)
  private let isStopped = Atomic<Bool>(false)
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let started = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Written before `generation`, read after it.
  private var body: Body?
  private var count = 0
  /// Each worker only touches its own element; the last one belongs to all.
  private let scratches: UnsafeMutablePointer<UnsafeMutableRawBufferPointer>

  /// Loads of an atomic before a worker sleeps: some ten microseconds.
  private static let spins = 4000

  init(threads: Int) {
    self.threads = threads
    pthread_mutex_init(lock, nil)
    pthread_cond_init(started, nil)
    pthread_cond_init(finished, nil)
    scratches = .allocate(capacity: threads + 1)
    scratches.initialize(
      repeating: UnsafeMutableRawBufferPointer(start: nil, count: 0),
      count: threads + 1
    )
  }

  /// Frees what the workers used; they must have ended.
  func tearDown() {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(started)
    pthread_cond_destroy(finished)
    lock.deallocate()
    started.deallocate()
    finished.deallocate()
    for worker in 0...threads { scratches[worker].deallocate() }
    scratches.deallocate()
  }

  func scratch(worker: Int, byteCount: Int) -> UnsafeMutableRawPointer {
    if scratches[worker].count < byteCount {
      scratches[worker].deallocate()
      scratches[worker] = .allocate(byteCount: byteCount, alignment: 64)
    }
    return scratches[worker].baseAddress!
  }

  func run(_ count: Int, _ body: @escaping Body) {
    self.body = body
    self.count = count
    unfinished.store(threads - 1, ordering: .relaxed)
    pthread_mutex_lock(lock)
    generation.add(1, ordering: .releasing)
    pthread_cond_broadcast(started)
    pthread_mutex_unlock(lock)
    callBody(as: 0)
    var spin = 0
    while unfinished.load(ordering: .acquiring) != 0 && spin < Self.spins { spin += 1 }
    pthread_mutex_lock(lock)
    while unfinished.load(ordering: .acquiring) != 0 { pthread_cond_wait(finished, lock) }
    pthread_mutex_unlock(lock)
    self.body = nil
  }

  func work(as worker: Int) {
    var seen = 0
    while true {
      var spin = 0
      while generation.load(ordering: .acquiring) == seen && spin < Self.spins { spin += 1 }
      if generation.load(ordering: .acquiring) == seen {
        pthread_mutex_lock(lock)
        while generation.load(ordering: .acquiring) == seen { pthread_cond_wait(started, lock) }
        pthread_mutex_unlock(lock)
      }
      seen += 1
      if isStopped.load(ordering: .relaxed) { return }
      callBody(as: worker)
      if unfinished.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
        pthread_mutex_lock(lock)
        pthread_cond_signal(finished)
        pthread_mutex_unlock(lock)
      }
    }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    pthread_mutex_lock(lock)
    generation.add(1, ordering: .releasing)
    pthread_cond_broadcast(started)
    pthread_mutex_unlock(lock)
  }

  private func callBody(as worker: Int) {
    let range = worker * count / threads..<(worker + 1) * count / threads
    if !range.isEmpty { body!(range, worker) }
  }
}

/// What a new thread is told.
private final class WorkerStart {
  let state: WorkerPoolState
  let worker: Int

  init(state: WorkerPoolState, worker: Int) {
    self.state = state
    self.worker = worker
  }
}
