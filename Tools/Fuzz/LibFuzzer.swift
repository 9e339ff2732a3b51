#if LIBFUZZER
  import Foundation

  /// What libFuzzer calls with every input; the reader is named by `EDGEDETR_FUZZ_READER`.
  ///
  /// A refusal is a good end. Traps and the sanitizer's errors end the process, time and memory are
  /// limited by libFuzzer's own options.
  @_cdecl("LLVMFuzzerTestOneInput")
  public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    var input = [UInt8](UnsafeBufferPointer(start: data, count: count))
    chosen.reader.repair?(&input)
    try? chosen.reader.read(input, chosen.place)
    return 0
  }

  private let chosen: (reader: FuzzReader, place: Workplace) = {
    let name = ProcessInfo.processInfo.environment["EDGEDETR_FUZZ_READER"] ?? ""
    guard let reader = FuzzReader.all.first(where: { $0.name == name }) else {
      let names = FuzzReader.all.map(\.name).joined(separator: ", ")
      FileHandle.standardError.write(Data("EDGEDETR_FUZZ_READER: one of \(names)\n".utf8))
      exit(2)
    }
    do { return (reader, try Workplace()) } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(2)
    }
  }()
#endif
