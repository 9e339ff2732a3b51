import EdgeDETR
import Foundation
import Kernels
import ModelFile
import Runtime
import Testing

@Suite("edgedetr-run")
struct RunCommandTests {
  private func run(_ arguments: String..., input: [UInt8] = []) throws -> Program {
    try Program("edgedetr-run", arguments, input: input)
  }

  private var model: String { get throws { try SmallModel.shared.get().path } }

  private func frames(_ count: Int) -> [Image] {
    (0..<count).map { SmallModel.picture(width: 64, height: 48, seed: UInt64($0) + 20) }
  }

  /// The line that `--raw` prints.
  private func rawLine(_ subject: String, _ detections: [Detection]) -> String {
    let list = detections.map {
      "{\"class\":\($0.label),\"score\":\($0.score),\"box\":[\($0.x),\($0.y),\($0.width),\($0.height)]}"
    }
    return "{\(subject),\"detections\":[\(list.joined(separator: ","))]}"
  }

  @Test("raw frames from standard input, one line each, exactly what a detector finds")
  func rawFrames() throws {
    let frames = frames(5)
    let detector = try Detector(model: model)
    let expected = try frames.enumerated().map {
      rawLine("\"frame\":\($0)", try detector.detect($1))
    }
    let program = try run(
      model,
      "--input",
      "rgb24",
      "--frame-size",
      "64x48",
      "--raw",
      input: frames.flatMap(\.pixels)
    )
    #expect(program.exitCode == 0)
    #expect(program.lines == expected)
    #expect(program.errors == "")

    let thinned = try run(
      model,
      "--input",
      "rgb24",
      "--frame-size",
      "64x48",
      "--raw",
      "--every",
      "2",
      input: frames.flatMap(\.pixels)
    )
    #expect(thinned.lines == [expected[0], expected[2], expected[4]])
  }

  @Test("a line holds time, boxes, scores and labels as JSON")
  func json() throws {
    struct Line: Decodable {
      struct Found: Decodable {
        let label: String
        let `class`: Int
        let score: Double
        let box: [Double]
      }
      let frame: Int
      let time: Double
      let milliseconds: Double
      let detections: [Found]
    }
    let image = frames(1)[0]
    let detector = try Detector(model: model)
    let threshold = 0.2
    let expected = try detector.detect(image).filter { Double($0.score) / 0x1p30 >= threshold }
    #expect(expected.count > 1)
    let program = try run(
      model,
      "--input",
      "rgb24",
      "--frame-size",
      "64x48",
      "--threshold",
      "0.2",
      input: image.pixels
    )
    let line = try JSONDecoder().decode(Line.self, from: Data(program.output.utf8))
    #expect(line.frame == 0)
    #expect(abs(line.time - Date().timeIntervalSince1970) < 60)
    #expect(line.milliseconds > 0)
    #expect(line.detections.count == expected.count)
    for (found, detection) in zip(line.detections, expected) {
      #expect(found.label == detector.name(of: detection))
      #expect(found.class == Int(detection.label))
      #expect(abs(found.score - Double(detection.score) / 0x1p30) <= 0.000_000_51)
      let box = [detection.x, detection.y, detection.width, detection.height]
      for (number, exact) in zip(found.box, box) {
        #expect(abs(number - Double(exact) / 65536) <= 0.005_001)
      }
    }
  }

  @Test("every table and number of threads gives the same bytes")
  func sameBytes() throws {
    let input = frames(3).flatMap(\.pixels)
    var outputs: Set<String> = []
    for table in KernelTable.supported {
      for threads in ["1", "2"] {
        let program = try run(
          model,
          "--input",
          "rgb24",
          "--frame-size",
          "64x48",
          "--raw",
          "--isa",
          "\(table.name)",
          "--threads",
          threads,
          "--cpus",
          "0",
          input: input
        )
        #expect(program.exitCode == 0)
        outputs.insert(program.output)
      }
    }
    #expect(outputs.count == 1)
    #expect(outputs.first?.isEmpty == false)
  }

  @Test("a frame cut short is left out with one line; no frame at all is an error")
  func shortInput() throws {
    let input = frames(2).flatMap(\.pixels)
    let options = ["--input", "rgb24", "--frame-size", "64x48", "--raw"]
    let cut = try Program(
      "edgedetr-run",
      [model] + options,
      input: Array(input.dropLast(5))
    )
    #expect(cut.exitCode == 0)
    #expect(cut.lines.count == 1)
    #expect(
      cut.errorLines == [
        "edgedetr-run: standard input ends inside of frame 1, at byte 9211 of 9216; "
          + "that frame is left out"
      ]
    )
    let empty = try Program("edgedetr-run", [model] + options)
    #expect(empty.exitCode == 3)
    #expect(empty.errorLines == ["edgedetr-run: standard input: no frame in it"])
    let part = try Program("edgedetr-run", [model] + options, input: [1, 2, 3])
    #expect(part.exitCode == 3)
    #expect(part.errorLines.count == 1)
    #expect(part.output == "")
  }

  @Test("pictures: what can be used is done, what cannot is named")
  func pictures() throws {
    let folder = try ScratchFolder()
    let image = SmallModel.picture(width: 96, height: 72, seed: 4)
    let ppm = try folder.write("a \"b\".ppm", image.encodedPPM())
    let png = try folder.write("c.png", image.encodedPNG())
    let text = try folder.write("d.jpg", Array("text".utf8))
    let expected = try Detector(model: model).detect(image)
    let program = try run(model, ppm, text, png, "--raw")
    #expect(program.exitCode == 1)
    #expect(
      program.lines == [
        rawLine("\"image\":\"\(folder.path("a \\\"b\\\".ppm"))\"", expected),
        rawLine("\"image\":\"\(png)\"", expected),
      ]
    )
    #expect(program.errorLines.count == 1)
    #expect(program.errors.hasPrefix("edgedetr-run: \(text): neither JPEG, PNG nor PNM"))
    #expect(try run(model, text).exitCode == 3)
  }

  @Test("annotated pictures and frames are the originals with boxes drawn in")
  func annotations() throws {
    let folder = try ScratchFolder()
    let image = frames(1)[0]
    let ppm = try folder.write("street.ppm", image.encodedPPM())
    let output = folder.path("out")
    for program in [
      try run(model, ppm, "--annotate-dir", output, "--threshold", "0.1"),
      try run(
        model,
        "--input",
        "rgb24",
        "--frame-size",
        "64x48",
        "--annotate-dir",
        output,
        "--threshold",
        "0.1",
        input: image.pixels + image.pixels
      ),
    ] {
      #expect(program.exitCode == 0)
      #expect(program.errors == "")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
    #expect(names == ["frame-000000.png", "frame-000001.png", "street.png"])
    let files = try names.map {
      [UInt8](try Data(contentsOf: folder.url.appending(path: "out/\($0)")))
    }
    #expect(Set(files).count == 1)
    let drawn = try Image(decoding: files[0])
    #expect(drawn.width == 64)
    #expect(drawn.height == 48)
    #expect(drawn != image)
  }

  @Test("the self-test proves a board in one line, and says what is wrong otherwise")
  func selfTest() throws {
    let passed = try run("--self-test", model, "--isa", "all")
    #expect(passed.exitCode == 0)
    #expect(passed.lines.count == 1)
    #expect(passed.output.hasPrefix("\(try model): self-test passed: "))
    for table in KernelTable.supported { #expect(passed.output.contains("\(table.name)")) }

    let folder = try ScratchFolder()
    let file = Array(try SmallModel.shared.get().file.model.bytes)
    // One bit of a weight and one of the sample: the checksum tells both.
    for place in [file.count - 64 - 1000, file.count - 64 - 40_000] {
      var damaged = file
      damaged[place] ^= 0x10
      let path = try folder.write("damaged.edetr", damaged)
      let program = try run("--self-test", path)
      #expect(program.exitCode == 3)
      #expect(program.errorLines.count == 1)
      #expect(program.errors.contains("checksum"))
    }
  }

  @Test("a sample with another digest fails the self-test with both digests, exit code 1")
  func failedSelfTest() throws {
    let folder = try ScratchFolder()
    let model = try SmallModel.shared.get().file.model
    let test = try #require(model.information.selfTest)
    // The digest's words are the last of the information section.
    var file = Array(model.bytes)
    let end = Self.number(file, 40) + Self.number(file, 48)
    file[end - 8] ^= 1
    Self.sign(&file)
    let path = try folder.write("other.edetr", file)
    let program = try run("--self-test", path)
    #expect(program.exitCode == 1)
    #expect(program.lines.count == 1)
    #expect(program.output.hasPrefix("\(path): self-test failed: kernels "))
    #expect(program.output.contains(String(test.digest, radix: 16)))
  }

  /// A 64-bit number of a file's header.
  private static func number(_ file: [UInt8], _ offset: Int) -> Int {
    Int(file.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) })
  }

  /// Puts the structure's checksum right.
  private static func sign(_ file: inout [UInt8]) {
    func mix(_ hash: UInt64, _ bytes: ArraySlice<UInt8>) -> UInt64 {
      var hash = hash
      var place = bytes.startIndex
      while place < bytes.endIndex {
        var word: UInt64 = 0
        for index in 0..<8 { word |= UInt64(bytes[place + index]) << UInt64(8 * index) }
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
        place += 8
      }
      return hash
    }
    let head = mix(0x6564_6574_7200_0D0A, file[8..<24])
    let sum = mix(head, file[32..<number(file, 104)])
    withUnsafeBytes(of: sum.littleEndian) { file.replaceSubrange(24..<32, with: $0) }
  }

  @Test("help, and what this machine and a model are")
  func information() throws {
    let help = try run("--help")
    #expect(help.exitCode == 0)
    #expect(help.lines.count <= 30)
    #expect(help.lines.allSatisfy { $0.utf8.count <= 100 })
    let information = try run("--info", model, "--cpus", "0")
    #expect(information.exitCode == 0)
    #expect(information.output.contains("kernels of this processor: \(KernelTable.supportedNames)"))
    #expect(information.output.contains("processors: 1\nthreads: 1\n"))
    #expect(information.output.contains("self-test: a picture of 96x72, "))
  }

  @Test("every misuse ends with its exit code and one line")
  func misuse() throws {
    let model = try model
    let folder = try ScratchFolder()
    let text = try folder.write("text", Array(repeating: 65, count: 500))
    let frames = ["--input", "rgb24", "--frame-size"]
    let misuses: [(arguments: [String], code: Int32, part: String)] = [
      ([], 2, "expected M.edetr IMAGE"),
      ([model], 2, "expected M.edetr IMAGE"),
      ([model, "--input", "rgb24"], 2, "needs --frame-size"),
      ([model, "--input", "i420", "--frame-size", "4x4"], 2, "found 'i420'"),
      ([model, "--input"], 2, "--input needs a value"),
      ([model] + frames + ["64"], 2, "found '64'"),
      ([model] + frames + ["0x5"], 2, "both sides must be 1 to 32767"),
      ([model] + frames + ["64x48", "--stride", "100"], 2, "at least 192 are needed"),
      ([model] + frames + ["64x48", "--every", "0"], 2, "found '0'"),
      ([model] + frames + ["64x48", "picture.png"], 2, "no pictures"),
      ([model, "a.png", "--every", "2"], 2, "go with --input"),
      ([model, "a.png", "--threshold", "1.5"], 2, "found '1.5'"),
      ([model, "a.png", "--threads", "many"], 2, "found 'many'"),
      ([model, "a.png", "--isa", "mmx"], 2, "found 'mmx'"),
      ([model, "a.png", "--cpus", "1-0"], 2, "found '1-0'"),
      ([model, "a.png", "--cpus", "1000-1023"], 2, "none of these processors"),
      ([model, "a.png", "--fast"], 2, "unknown option --fast"),
      (["--self-test"], 2, "takes one model, found 0"),
      (["--self-test", "--info", model], 2, "exclude each other"),
      ([model, folder.path("none.png")], 3, "none.png: No such file or directory"),
      ([folder.path("none"), "a.png"], 3, "none: No such file or directory"),
      ([folder.url.path, "a.png"], 3, "found a folder"),
      ([text, "a.png"], 3, "\(text): "),
      (["--self-test", text], 3, "\(text): "),
      ([model] + frames + ["64x48", "--annotate-dir", "/proc/none"], 3, "/proc/none: "),
    ]
    for (arguments, code, part) in misuses {
      let program = try Program("edgedetr-run", arguments)
      #expect(program.exitCode == code, "\(arguments)")
      #expect(program.errorLines.count == 1, "\(arguments): \(program.errors)")
      #expect(program.errors.hasPrefix("edgedetr-run: "))
      #expect(program.errors.contains(part), "\(arguments): \(program.errors)")
      #expect(program.output == "")
    }
  }
}
