/// Why a model cannot run at a size, in a piece of memory or on a number of threads.
///
/// Operations and values are indices into the model.
public enum SessionError: Error, Equatable, Sendable {
  case pictureSize(height: Int, width: Int, limit: Int)
  case validPart(height: Int, width: Int, of: Int, by: Int)
  /// A map is empty, or larger than a side may be.
  case mapSize(value: Int, height: Int, width: Int, limit: Int)
  case notAMap(operation: Int, value: Int)
  case rows(operation: Int, value: Int, found: Int, expected: Int)
  case learnedPositions(operation: Int, found: Int, needed: Int)
  case tooFewRows(operation: Int, found: Int, needed: Int)
  case tooManyKeys(operation: Int, found: Int, limit: Int)
  case groupTooLarge(operation: Int, found: Int, limit: Int)
  case tooManyClasses(found: Int, limit: Int)
  /// More bytes than this machine can address.
  case valueTooLarge(value: Int)
  case planTooLarge
  case noMemory(byteCount: Int)
  case arenaTooSmall(needed: Int, given: Int)
  case arenaMisaligned(remainder: Int, alignment: Int)
  case threads(found: Int, limit: Int)
  case threadNotStarted(code: Int32)
}
