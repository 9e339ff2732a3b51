import Messages

extension ModelError {
  /// What is wrong, where, what was expected and what was found, in one line without the file's
  /// name.
  public var description: String { message.text }

  private var message: Message {
    switch self {
    case .misaligned(let remainder, let alignment):
      "the bytes begin \(remainder) past a multiple of \(alignment) in memory"
    case .tooShort(let needed, let found):
      "a model has at least \(needed) bytes here, the file holds \(found)"
    case .notAModel: "no edgedetr model: the first bytes differ"
    case .version(let found, let supported):
      "format version \(found), this program reads version \(supported)"
    case .fileLength(let declared, let found):
      "the header declares \(declared) bytes, the file holds \(found)"
    case .section(let index, let offset, let expected):
      "section \(index): starts or ends wrongly: found byte \(offset), expected \(expected)"
    case .padding(let offset): "byte \(offset): expected zero between sections"
    case .checksum(let declared, let computed):
      "checksum \(declared) in the header, \(computed) computed: the file is damaged"
    case .words(let offset, let needed, let available):
      "byte \(offset): \(needed) words needed, \(available) left in the section"
    case .unknownOperation(let offset, let code): "byte \(offset): unknown operation \(code)"
    case .trailingWords(let operation, let count):
      "operation \(operation): \(count) words too many"
    case .number(let offset, let found, let lowest, let highest):
      "byte \(offset): \(found) lies outside of \(lowest)…\(highest)"
    case .valueIndex(let operation, let found, let count):
      "operation \(operation): value \(found) of \(count)"
    case .valueBeforeItsOperation(let operation, let value):
      "operation \(operation): reads value \(value) before it is made"
    case .valueMadeTwice(let operation, let value):
      "operation \(operation): makes value \(value) a second time"
    case .element(let operation, let value):
      "operation \(operation): value \(value) has an element type that does not fit"
    case .channels(let operation, let found, let expected):
      "operation \(operation): \(found) channels, expected \(expected)"
    case .zeroPoint(let operation, let value):
      "operation \(operation): value \(value) has a zero point that does not fit"
    case .zeroPointOfValue(let value, let found, let lowest, let highest):
      "value \(value): zero point \(found) lies outside of \(lowest)…\(highest)"
    case .limits(let operation, let lowest, let highest):
      "operation \(operation): the limits \(lowest)…\(highest) do not fit the result's type"
    case .blobOutside(let operation, let offset, let bytes, let section):
      "operation \(operation): \(bytes) bytes at \(offset) of a data section of \(section)"
    case .blobCount(let operation, let found, let expected):
      "operation \(operation): an array of \(found) elements, expected \(expected)"
    case .blobGap(let offset, let expected):
      "data byte \(offset): arrays leave a hole or overlap, expected byte \(expected)"
    case .text(let offset, let count, let section):
      "text of \(count) bytes at \(offset) of a text section of \(section)"
    case .selfTest(let height, let width, let offset, let count, let section):
      "self-test: a picture of \(height)x\(width) takes \(height * width * 3) bytes inside of a data "
        + "section of \(section), found \(count) at \(offset)"
    case .noOutput: "picture, logits or boxes are missing or of the wrong type"
    }
  }
}
