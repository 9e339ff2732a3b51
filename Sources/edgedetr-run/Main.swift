// Embedded Swift has no `CommandLine`: there the C library's entry point is this program's own.

#if hasFeature(Embedded)
  @c
  public func main(
    _ count: Int32,
    _ arguments: UnsafePointer<UnsafePointer<CChar>?>
  ) -> Int32 {
    var words: [Word] = []
    // The C library passes `count` pointers, the first of them the program's name.
    for index in 1..<max(1, Int(count)) {
      if let start = arguments[index] { words.append(Word(start)) }
    }
    return RunCommand.run(words[...])
  }
#else
  @main
  extension RunCommand {
    static func main() {
      var words: [Word] = []
      for index in 1..<max(1, Int(CommandLine.argc)) {
        if let start = CommandLine.unsafeArgv[index] { words.append(Word(UnsafePointer(start))) }
      }
      exit(run(words[...]))
    }
  }
#endif
