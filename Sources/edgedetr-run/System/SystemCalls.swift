// The few functions of the C library that the command needs, declared here so that the same source
// compiles as Embedded Swift for a board.

@_extern(c, "exit")
func exit(_ code: Int32)

@_extern(c, "read")
private func read(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int

@_extern(c, "write")
private func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int

@_extern(c, "creat")
private func creat(_ path: UnsafePointer<CChar>, _ mode: UInt32) -> Int32

@_extern(c, "close")
private func close(_ descriptor: Int32) -> Int32

@_extern(c, "rename")
private func rename(_ from: UnsafePointer<CChar>, _ to: UnsafePointer<CChar>) -> Int32

@_extern(c, "unlink")
private func unlink(_ path: UnsafePointer<CChar>) -> Int32

@_extern(c, "mkdir")
private func mkdir(_ path: UnsafePointer<CChar>, _ mode: UInt32) -> Int32

@_extern(c, "signal")
private func signal(_ number: Int32, _ handler: UInt) -> UInt

/// Writes a `struct timespec`: seconds and nanoseconds, which have the size of a pointer on the systems
/// at hand.
@_extern(c, "clock_gettime")
private func clock_gettime(_ clock: Int32, _ time: UnsafeMutablePointer<Int>) -> Int32

@_extern(c, "__errno_location")
private func errnoLocation() -> UnsafeMutablePointer<Int32>

/// The error number of the last call that failed.
var systemError: Int32 { errnoLocation().pointee }

private let interrupted: Int32 = 4
private let alreadyThere: Int32 = 17
/// Whoever read the other end of a pipe has gone.
let brokenPipe: Int32 = 32

/// Makes a write into a pipe that nobody reads fail in place of ending the program.
func ignorePipeSignal() { _ = signal(13, 1) }

/// Fills a buffer from a descriptor as far as there are bytes.
///
/// - Returns: how many there were, less than asked for only at the end; nil for an error of the system.
func readFully(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int? {
  var filled = 0
  while filled < buffer.count {
    // Inside of the buffer: `filled` is less than its count.
    let count = read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
    if count == 0 { break }
    if count > 0 {
      filled += count
    } else if systemError != interrupted {
      return nil
    }
  }
  return filled
}

/// Writes all bytes to a descriptor.
///
/// - Returns: false for an error of the system.
func writeFully(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
  bytes.withUnsafeBytes { buffer in
    var written = 0
    while written < buffer.count {
      // Inside of the buffer: `written` is less than its count.
      let count = write(descriptor, buffer.baseAddress! + written, buffer.count - written)
      if count >= 0 {
        written += count
      } else if systemError != interrupted {
        return false
      }
    }
    return true
  }
}

/// Makes a folder unless it is there.
func makeFolder(_ path: [CChar]) -> Bool {
  mkdir(path, 0o777) == 0 || systemError == alreadyThere
}

/// Writes a file beside its place and renames it: never half a file.
func replaceFile(_ path: [CChar], with bytes: [UInt8]) -> Bool {
  let part = path.dropLast() + [0x2E, 0x70, 0x61, 0x72, 0x74, 0]  // .part
  let partial = Array(part)
  let descriptor = creat(partial, 0o666)
  guard descriptor >= 0 else { return false }
  let isWritten = writeFully(descriptor, bytes)
  let isClosed = close(descriptor) == 0
  guard isWritten, isClosed, rename(partial, path) == 0 else {
    let error = systemError
    _ = unlink(partial)
    errnoLocation().pointee = error
    return false
  }
  return true
}

/// Nanoseconds since 1970.
func wallNanoseconds() -> Int64 { nanoseconds(of: 0) }

/// Nanoseconds of a clock that never goes back.
func monotonicNanoseconds() -> Int64 { nanoseconds(of: 1) }

private func nanoseconds(of clock: Int32) -> Int64 {
  withUnsafeTemporaryAllocation(of: Int.self, capacity: 2) { time in
    guard let start = time.baseAddress, clock_gettime(clock, start) == 0 else { return 0 }
    return Int64(start[0]) * 1_000_000_000 + Int64(start[1])
  }
}
