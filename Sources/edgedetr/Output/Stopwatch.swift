/// Tells on standard error how long each step of a command took.
struct Stopwatch {
  private var start = ContinuousClock.now

  /// Ends a step and begins the next one.
  mutating func note(_ step: String) {
    let now = ContinuousClock.now
    Diagnostics.note("\(step): \((now - start).seconds.formatted(digits: 2)) s")
    start = now
  }
}
