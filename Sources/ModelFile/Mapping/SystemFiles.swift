// The few functions of the C library that reading files needs, declared here so that the same source
// compiles as Embedded Swift. `Int` has the size of `off_t` and `size_t` on every Linux C library
// that these symbols belong to.

@_extern(c, "open")
func open(_ path: UnsafePointer<CChar>, _ flags: Int32) -> Int32

@_extern(c, "close")
func close(_ descriptor: Int32) -> Int32

@_extern(c, "read")
func read(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int

@_extern(c, "lseek")
func lseek(_ descriptor: Int32, _ offset: Int, _ origin: Int32) -> Int

@_extern(c, "mmap")
func mmap(
  _ address: UnsafeMutableRawPointer?,
  _ count: Int,
  _ protection: Int32,
  _ flags: Int32,
  _ descriptor: Int32,
  _ offset: Int
) -> UnsafeMutableRawPointer?

@_extern(c, "munmap")
func munmap(_ address: UnsafeMutableRawPointer, _ count: Int) -> Int32

@_extern(c, "strerror")
func strerror(_ code: Int32) -> UnsafePointer<CChar>?

@_extern(c, "__errno_location")
func errnoLocation() -> UnsafeMutablePointer<Int32>

/// Numbers of the Linux kernel that are the same on x86 and ARM.
enum SystemNumber {
  static let readOnly: Int32 = 0
  static let nonBlocking: Int32 = 0o4000
  static let closeOnExec: Int32 = 0o2_000_000
  static let fromEnd: Int32 = 2
  static let readable: Int32 = 1
  static let privately: Int32 = 2
  static let isDirectory: Int32 = 21
}
