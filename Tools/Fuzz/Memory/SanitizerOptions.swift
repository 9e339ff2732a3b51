#if SANITIZER
  /// What the address sanitizer is asked for before anything else runs.
  ///
  /// Leaks are not looked for: Foundation's `Process` leaks a few bytes itself, and what a reader keeps
  /// shows in the memory of later inputs. One allocation of a gigabyte ends the process.
  @_cdecl("__asan_default_options")
  public func sanitizerOptions() -> UnsafeRawPointer {
    let options: StaticString = "detect_leaks=0:max_allocation_size_mb=1024"
    return UnsafeRawPointer(options.utf8Start)
  }
#endif
