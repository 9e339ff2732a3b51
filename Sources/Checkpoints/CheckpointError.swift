import CheckedJSON
import Foundation

/// Why a checkpoint was refused, one case a cause.
///
/// Descriptions are one line: the file, the place in it, what was expected and what was found.
public enum CheckpointError: Error, Hashable, Sendable {
  /// A file could not be opened or written.
  case file(FileError)
  /// A header or index is not the JSON that it should be.
  case json(JSONError)
  /// A folder holds no checkpoint under the usual names, and none or several under others.
  case noCheckpoint(folder: String, found: [String])
  /// A file is of none of the known formats.
  case unknownFormat(file: String, found: String)
  /// A file is what Git LFS leaves in place of one that was not fetched.
  case largeFilePointer(file: String)

  // What tensors say of themselves.

  /// A tensor was asked for that is not there.
  case missingTensor(TensorPlace)
  /// Two tensors have the same name.
  case duplicateTensor(TensorPlace)
  /// A tensor has more axes than allowed.
  case tooManyAxes(TensorPlace, found: Int, limit: Int)
  /// A shape has a negative extent.
  case negativeExtent(TensorPlace, shape: [Int])
  /// The product of a shape is more than can be addressed.
  case shapeTooLarge(TensorPlace, shape: [Int])
  /// A view has not one stride for each axis.
  case strideCount(TensorPlace, shape: [Int], strides: [Int])
  /// A view leads outside its storage, or has more elements than it.
  case viewOutsideStorage(
    TensorPlace,
    shape: [Int],
    strides: [Int],
    offset: Int,
    elementsHeld: Int
  )
  /// Integers were asked for where there are none.
  case notIntegers(TensorPlace, dtype: ElementType)

  // Safetensors.

  /// A file is too short to say how long its header is.
  case noHeader(file: String, byteCount: Int)
  /// A header is longer than the format allows.
  case headerTooLong(file: String, found: UInt64, limit: Int)
  /// A header is longer than the file.
  case headerBeyondEnd(file: String, found: Int, available: Int)
  /// A tensor's description lacks a member.
  case missingMember(TensorPlace, member: String)
  /// A tensor has elements of an unknown type.
  case unknownElementType(TensorPlace, found: String)
  /// A tensor does not have two offsets with the first not above the second.
  case malformedOffsets(TensorPlace, offsets: [Int])
  /// A tensor's bytes lie beyond the end of the file.
  case beyondEnd(TensorPlace, offsets: Range<Int>, available: Int)
  /// Shape and element type need another number of bytes than the offsets give.
  case sizeMismatch(TensorPlace, shape: [Int], needed: Int, held: Int)
  /// A tensor shares bytes with the one before it.
  case overlap(TensorPlace, begin: Int, previousEnd: Int)
  /// There are bytes between two tensors that belong to none.
  case hole(TensorPlace, begin: Int, previousEnd: Int)
  /// There are bytes after the last tensor.
  case trailingBytes(file: String, count: Int)

  // Indexes of several files.

  /// An index names a file that is not in its folder.
  case shardOutside(index: String, file: String)
  /// An index names a file that is missing.
  case shardMissing(index: String, file: String)
  /// A file lacks a tensor that the index promises.
  case notInShard(TensorPlace, shard: String)

  // PyTorch files.

  /// A zip archive is wrong.
  case archive(file: String, ArchiveError)
  /// A pickle is wrong.
  case pickle(file: String, PickleError)
  /// An archive has not exactly one pickle.
  case pickleCount(file: String, found: Int)
  /// A file was written by a machine whose numbers start with the highest byte.
  case bigEndian(file: String)
  /// A stream of pickles is not one of PyTorch.
  case legacyHeader(file: String, expected: String)
  /// No dictionary of tensors is where state dictionaries are.
  case noStateDictionary(file: String, path: [String], found: String)
  /// A dictionary is looked for in itself.
  case containsItself(file: String, path: [String])
  /// A tensor's name is not a text.
  case malformedName(file: String, found: String)
  /// Something that would have to be executed stands in place of a tensor.
  case notATensor(TensorPlace, found: String)
  /// A storage is not in the file.
  case storageMissing(TensorPlace, storage: String)
  /// A storage has another number of bytes than its description needs.
  case storageSize(TensorPlace, storage: String, needed: Int, held: UInt64)
  /// A storage has another number of elements than its description says.
  case storageLength(TensorPlace, storage: String, expected: Int, found: UInt64)
}
