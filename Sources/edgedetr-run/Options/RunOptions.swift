import Messages
import Vision

/// What the command line asks for.
struct RunOptions {
  enum Task {
    case pictures, frames, selfTest, information, help
  }

  private(set) var task = Task.pictures
  /// The model, then pictures.
  private(set) var operands: [Word] = []
  private(set) var format: PixelFormat?
  private(set) var frameSize: (width: Int, height: Int)?
  private(set) var stride: Int?
  private(set) var every = 1
  /// Least score to print, Q1.30; nil for the default.
  private(set) var threshold: Int32?
  private(set) var annotationFolder: Word?
  private var wantedThreads: Int?
  private var processors: ProcessorSet?
  private(set) var kernels: Word?
  /// Exact integers and no times.
  private(set) var isRaw = false

  /// Reads the words and, where asked to, moves the program to the wanted processors.
  init(_ words: ArraySlice<Word>) throws(RunError) {
    var rest = words
    var inputs = 0
    func value(_ option: Word) throws(RunError) -> Word {
      guard let word = rest.popFirst() else { throw .usage("\(option.text) needs a value") }
      return word
    }
    while let word = rest.popFirst() {
      guard word.bytes.first == UInt8(ascii: "-") else {
        operands.append(word)
        continue
      }
      if word.spells("--help") || word.spells("-h") {
        task = .help
        return
      } else if word.spells("--info") {
        task = .information
        inputs += 1
      } else if word.spells("--self-test") {
        task = .selfTest
        inputs += 1
      } else if word.spells("--input") {
        task = .frames
        inputs += 1
        format = try Self.format(try value(word))
      } else if word.spells("--frame-size") {
        frameSize = try Self.size(try value(word))
      } else if word.spells("--stride") {
        stride = try Self.number(word, try value(word), 1...999_999_999)
      } else if word.spells("--every") {
        every = try Self.number(word, try value(word), 1...999_999_999)
      } else if word.spells("--threshold") {
        let text = try value(word)
        guard let number = fraction(text.bytes[...]) else {
          throw .usage("--threshold: expected a number from 0 to 1, found '\(text.text)'")
        }
        threshold = number
      } else if word.spells("--annotate-dir") {
        annotationFolder = try value(word)
      } else if word.spells("--threads") {
        wantedThreads = try Self.number(word, try value(word), 1...256)
      } else if word.spells("--cpus") {
        processors = try Self.processors(try value(word))
      } else if word.spells("--isa") {
        kernels = try value(word)
      } else if word.spells("--raw") {
        isRaw = true
      } else {
        throw .usage("unknown option \(word.text)")
      }
    }
    guard inputs <= 1 else { throw .usage("--info, --self-test and --input exclude each other") }
    try check()
    guard processors?.apply() ?? true else {
      throw .usage("--cpus: this machine has none of these processors")
    }
  }

  /// How many threads compute: by default as many as there are processors for this program.
  var threads: Int { wantedThreads ?? min(max(ProcessorSet.allowed.count, 1), 256) }

  /// Refuses options that do not go together.
  private func check() throws(RunError) {
    guard task == .frames || (frameSize == nil && stride == nil && every == 1) else {
      throw .usage("--frame-size, --stride and --every go with --input")
    }
    switch task {
    case .help: break
    case .information:
      guard operands.count <= 1 else { throw .usage("--info takes one model at most") }
    case .selfTest:
      guard operands.count == 1 else {
        throw .usage("--self-test takes one model, found \(operands.count)")
      }
    case .frames:
      guard operands.count == 1 else {
        throw .usage("--input takes one model and no pictures, found \(operands.count) arguments")
      }
      guard frameSize != nil else { throw .usage("--input needs --frame-size WxH") }
    case .pictures:
      guard operands.count >= 2 else {
        throw .usage("expected M.edetr IMAGE…, or M.edetr --input FORMAT --frame-size WxH")
      }
    }
  }

  private static func format(_ word: Word) throws(RunError) -> PixelFormat {
    for format in PixelFormat.allCases where word.spells(format.name) { return format }
    throw .usage(
      "--input: expected rgb24, bgr24, rgba, bgra, nv12 or yuyv, found '\(word.text)'"
    )
  }

  private static func size(_ word: Word) throws(RunError) -> (width: Int, height: Int) {
    let sides = word.bytes.split(separator: UInt8(ascii: "x"), omittingEmptySubsequences: false)
    guard sides.count == 2, let width = wholeNumber(sides[0]), let height = wholeNumber(sides[1])
    else { throw .usage("--frame-size: expected WxH such as 640x480, found '\(word.text)'") }
    return (width, height)
  }

  private static func number(
    _ option: Word,
    _ word: Word,
    _ range: ClosedRange<Int>
  ) throws(RunError) -> Int {
    guard let number = wholeNumber(word.bytes[...]), range.contains(number) else {
      throw .usage(
        "\(option.text): expected a whole number from \(range.lowerBound) to "
          + "\(range.upperBound), found '\(word.text)'"
      )
    }
    return number
  }

  private static func processors(_ word: Word) throws(RunError) -> ProcessorSet {
    guard let set = ProcessorSet(word) else {
      throw .usage("--cpus: expected numbers below 1024 such as 4-7 or 0,2, found '\(word.text)'")
    }
    return set
  }
}
