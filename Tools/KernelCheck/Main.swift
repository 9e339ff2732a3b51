// Embedded Swift has no `CommandLine`: there the C library's entry point is this program's own.

#if hasFeature(Embedded)
  @_cdecl("main")
  func main(
    _ count: Int32,
    _ arguments: UnsafePointer<UnsafePointer<UInt8>?>
  ) -> Int32 {
    var texts: [[UInt8]] = []
    for index in 1..<max(1, Int(count)) {
      guard let text = arguments[index] else { break }
      var length = 0
      while text[length] != 0 { length += 1 }
      texts.append([UInt8](UnsafeBufferPointer(start: text, count: length)))
    }
    return KernelCheck.run(texts[...])
  }
#else
  import Glibc

  @main
  extension KernelCheck {
    static func main() {
      exit(run(CommandLine.arguments.dropFirst().map { [UInt8]($0.utf8) }[...]))
    }
  }
#endif
