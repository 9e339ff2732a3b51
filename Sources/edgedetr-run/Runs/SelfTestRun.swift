import EdgeDETR
import Kernels
import Messages
import ModelFile
import Runtime

/// Proves a board in one line: the model's file is whole, and its sample gives the detections that the
/// file says.
struct SelfTestRun {
  private let options: RunOptions
  private let model: MappedModel
  private let tables: [KernelTable]

  /// With `--isa all` every table that the processor runs is tried, else the one that would be used.
  init(_ options: RunOptions) throws(RunError) {
    self.options = options
    tables =
      options.kernels?.spells("all") == true
      ? KernelTable.supported : [try RunCommand.table(options)]
    model = try RunCommand.model(options)
  }

  func run() throws(RunError) -> Int32 {
    guard let test = model.model.information.selfTest else {
      throw .input(
        "\(model.path): the model carries no self-test; make it with edgedetr quantize --self-test"
      )
    }
    do throws(ModelError) { try model.model.verifyData() } catch {
      throw .input("\(model.path): \(error.description)")
    }
    var names: Message = ""
    let start = monotonicNanoseconds()
    for table in tables {
      let found: SelfTestResult?
      do throws(DetectorError) {
        found = try model.model.runSelfTest(threads: options.threads, table: table)
      } catch { throw .input("\(model.path): \(error.description)") }
      guard let found, found.matches(test) else {
        try StandardOutput.write(
          "\(model.path): self-test failed: kernels \(table.name) find \(found?.detections ?? 0) "
            + "detections with digest \(hexadecimal(found?.digest ?? 0)), expected "
            + "\(test.detections) with \(hexadecimal(test.digest))\n"
        )
        return 1
      }
      names += names.text.isEmpty ? "\(table.name)" : ",\(table.name)"
    }
    let milliseconds = (monotonicNanoseconds() - start) / 1_000_000
    try StandardOutput.write(
      "\(model.path): self-test passed: \(test.detections) detections, digest "
        + "\(hexadecimal(test.digest)), kernels \(names), threads \(options.threads), "
        + "\(milliseconds) ms\n"
    )
    return 0
  }

  private func hexadecimal(_ number: UInt64) -> String {
    var digits: [UInt8] = []
    for shift in stride(from: UInt64(60), through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: number >> shift) & 15
      digits.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
    return String(decoding: digits, as: UTF8.self)
  }
}
