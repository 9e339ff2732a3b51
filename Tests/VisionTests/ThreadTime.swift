import Foundation

/// The processor time of the calling thread: a bound on work holds on a machine that others share,
/// a bound on the clock does not.
func threadTime() -> Duration {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
