import Messages

extension SessionError {
  /// What is wrong, what was found and what is needed, in one line.
  public var description: String { message.text }

  private var message: Message {
    switch self {
    case .pictureSize(let height, let width, let limit):
      "a picture of \(height)x\(width): both sides must be 1 to \(limit)"
    case .validPart(let height, let width, let outerHeight, let outerWidth):
      "a valid part of \(height)x\(width) does not fit a picture of \(outerHeight)x\(outerWidth)"
    case .mapSize(let value, let height, let width, let limit):
      "value \(value): a map of \(height)x\(width), expected sides of 1 to \(limit); "
        + "use another picture size"
    case .notAMap(let operation, let value):
      "operation \(operation): value \(value) is no map, but its height and width are needed"
    case .rows(let operation, let value, let found, let expected):
      "operation \(operation): value \(value) has \(found) rows, expected \(expected)"
    case .learnedPositions(let operation, let found, let needed):
      "operation \(operation): \(found) learned positions, this picture size needs \(needed)"
    case .tooFewRows(let operation, let found, let needed):
      "operation \(operation): \(found) rows, \(needed) are needed; use a larger picture size"
    case .tooManyKeys(let operation, let found, let limit):
      "operation \(operation): attention over \(found) keys, at most \(limit) are possible"
    case .groupTooLarge(let operation, let found, let limit):
      "operation \(operation): a group of \(found) elements to normalise, at most \(limit) are "
        + "possible"
    case .tooManyClasses(let found, let limit):
      "\(found) classes, at most \(limit) are possible"
    case .valueTooLarge(let value): "value \(value): more bytes than this machine can address"
    case .planTooLarge: "all values together have more bytes than this machine can address"
    case .noMemory(let byteCount):
      "the system has no \(byteCount) bytes for the arena; use a smaller picture size"
    case .arenaTooSmall(let needed, let given):
      "the arena needs \(needed) bytes, \(given) are given"
    case .arenaMisaligned(let remainder, let alignment):
      "the arena begins \(remainder) bytes past a multiple of \(alignment)"
    case .threads(let found, let limit): "\(found) threads, expected 1 to \(limit)"
    case .threadNotStarted(let code): "a thread could not be started: error \(code)"
    }
  }
}
