// The few functions of the C library that threads need, declared here so that the same source
// compiles as Embedded Swift. Sizes are those of every Linux C library or more.

@_extern(c, "pthread_create")
func pthread_create(
  _ thread: UnsafeMutablePointer<UInt>,
  _ attributes: UnsafeRawPointer?,
  _ body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?,
  _ argument: UnsafeMutableRawPointer?
) -> Int32

@_extern(c, "pthread_join")
func pthread_join(_ thread: UInt, _ result: UnsafeMutableRawPointer?) -> Int32

@_extern(c, "pthread_mutex_init")
func pthread_mutex_init(
  _ mutex: UnsafeMutableRawPointer,
  _ attributes: UnsafeRawPointer?
) -> Int32

@_extern(c, "pthread_mutex_destroy")
func pthread_mutex_destroy(_ mutex: UnsafeMutableRawPointer) -> Int32

@_extern(c, "pthread_mutex_lock")
func pthread_mutex_lock(_ mutex: UnsafeMutableRawPointer) -> Int32

@_extern(c, "pthread_mutex_unlock")
func pthread_mutex_unlock(_ mutex: UnsafeMutableRawPointer) -> Int32

@_extern(c, "pthread_cond_init")
func pthread_cond_init(
  _ condition: UnsafeMutableRawPointer,
  _ attributes: UnsafeRawPointer?
) -> Int32

@_extern(c, "pthread_cond_destroy")
func pthread_cond_destroy(_ condition: UnsafeMutableRawPointer) -> Int32

@_extern(c, "pthread_cond_wait")
func pthread_cond_wait(
  _ condition: UnsafeMutableRawPointer,
  _ mutex: UnsafeMutableRawPointer
) -> Int32

@_extern(c, "pthread_cond_broadcast")
func pthread_cond_broadcast(_ condition: UnsafeMutableRawPointer) -> Int32

/// A mutex and the condition that it guards.
struct Monitor {
  /// `pthread_mutex_t` and `pthread_cond_t` have at most 48 bytes on Linux.
  private static let byteCount = 64
  private let mutex: UnsafeMutableRawPointer
  private let condition: UnsafeMutableRawPointer

  init() {
    mutex = .allocate(byteCount: Self.byteCount, alignment: 64)
    condition = .allocate(byteCount: Self.byteCount, alignment: 64)
    _ = pthread_mutex_init(mutex, nil)
    _ = pthread_cond_init(condition, nil)
  }

  func destroy() {
    _ = pthread_cond_destroy(condition)
    _ = pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func lock() { _ = pthread_mutex_lock(mutex) }
  func unlock() { _ = pthread_mutex_unlock(mutex) }
  func wait() { _ = pthread_cond_wait(condition, mutex) }
  func wakeAll() { _ = pthread_cond_broadcast(condition) }
}
