/// A fixed number of threads that do the same job together, the caller among them.
///
///     let pool = try ThreadPool(threads: 2)
///     pool.run(job, context)      // job(context, 0) here, job(context, 1) on the other thread
///
/// With one thread nothing is started. `run` neither allocates nor takes a lock, unless a thread
/// has to be woken. The parts of a job wait for each other at ``barrier``.
final class ThreadPool {
  /// What a thread does: gets the context and its number, 0 for the caller.
  typealias Job = (_ context: UnsafeMutableRawPointer, _ thread: Int) -> Void

  static let limit = 256

  let threads: Int
  let barrier: Barrier
  private let start = Gate()
  private let workers: UnsafeMutablePointer<Worker>
  private var workerCount = 0
  // Written before the gate opens, read behind it.
  fileprivate var job: Job?
  fileprivate var context: UnsafeMutableRawPointer?

  /// What a thread is given when it starts.
  fileprivate struct Worker {
    var pool: Unmanaged<ThreadPool>
    var number: Int
    var handle: UInt
  }

  /// - Throws: ``SessionError/threads(found:limit:)`` or
  ///   ``SessionError/threadNotStarted(code:)``.
  init(threads: Int) throws(SessionError) {
    guard threads >= 1, threads <= Self.limit else {
      throw .threads(found: threads, limit: Self.limit)
    }
    self.threads = threads
    barrier = Barrier(threads: threads)
    workers = .allocate(capacity: threads)
    for number in 1..<threads {
      let worker = workers + workerCount
      worker.initialize(
        to: Worker(pool: Unmanaged.passUnretained(self), number: number, handle: 0)
      )
      let code = pthread_create(&worker.pointee.handle, nil, workerBody, worker)
      guard code == 0 else {
        stop()
        throw .threadNotStarted(code: code)
      }
      workerCount += 1
    }
  }

  deinit {
    stop()
    workers.deallocate()
  }

  /// Runs a job on all threads and returns when all of them are done.
  func run(_ job: @escaping Job, _ context: UnsafeMutableRawPointer) {
    guard threads > 1 else { return job(context, 0) }
    self.job = job
    self.context = context
    start.open()
    job(context, 0)
    barrier.wait()
  }

  /// Ends the workers that were started.
  private func stop() {
    job = nil
    start.open()
    for index in 0..<workerCount { _ = pthread_join(workers[index].handle, nil) }
    workerCount = 0
  }

  fileprivate func work(number: Int) {
    var openings: UInt32 = 0
    while true {
      start.wait(past: openings)
      openings &+= 1
      guard let job, let context else { return }
      job(context, number)
      barrier.wait()
    }
  }
}

private func workerBody(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  // The pool outlives its workers: it joins them before it goes.
  let worker = argument!.assumingMemoryBound(to: ThreadPool.Worker.self)
  worker.pointee.pool.takeUnretainedValue().work(number: worker.pointee.number)
  return nil
}
