/// Why bytes are no usable model; places are bytes from the start of the file.
public enum ModelError: Error, Equatable, Sendable {
  case misaligned(remainder: Int, alignment: Int)
  case tooShort(needed: Int, found: Int)
  case notAModel
  case version(found: UInt32, supported: UInt32)
  case fileLength(declared: UInt64, found: Int)
  case section(index: Int, offset: UInt64, expected: Int)
  /// A byte between sections that is not zero.
  case padding(offset: Int)
  case checksum(declared: UInt64, computed: UInt64)
  case words(offset: Int, needed: Int, available: Int)
  case unknownOperation(offset: Int, code: Int32)
  case trailingWords(operation: Int, count: Int)
  case number(offset: Int, found: Int32, lowest: Int32, highest: Int32)
  case valueIndex(operation: Int, found: Int, count: Int)
  case valueBeforeItsOperation(operation: Int, value: Int)
  case valueMadeTwice(operation: Int, value: Int)
  case element(operation: Int, value: Int)
  case channels(operation: Int, found: Int, expected: Int)
  case zeroPoint(operation: Int, value: Int)
  case zeroPointOfValue(value: Int, found: Int32, lowest: Int32, highest: Int32)
  case limits(operation: Int, lowest: Int32, highest: Int32)
  case blobOutside(operation: Int, offset: Int, bytes: Int, section: Int)
  case blobCount(operation: Int, found: Int, expected: Int)
  case blobGap(offset: Int, expected: Int)
  case text(offset: Int, count: Int, section: Int)
  /// A self-test's picture does not have the bytes of its size, or not in the data section.
  case selfTest(height: Int, width: Int, offset: Int, count: Int, section: Int)
  case noOutput
}
