import CheckedJSON
import Foundation

extension CheckpointError: CustomStringConvertible, LocalizedError {
  /// One line: file, place, expected, found.
  public var description: String {
    switch self {
    case .file(let error): return error.description
    case .json(let error): return error.description
    case .noCheckpoint(let folder, let found):
      let names = found.prefix(5).joined(separator: ", ")
      let more = found.count > 5 ? " and \(found.count - 5) more" : ""
      let others = found.isEmpty ? "none" : "\(onOneLine(names))\(more): name the file itself"
      return """
        \(onOneLine(folder)): expected model.safetensors, pytorch_model.bin, one of them with \
        .index.json, or a single .safetensors, .pth, .pt or .bin file, found \(others)
        """
    case .unknownFormat(let file, let found):
      return "\(onOneLine(file)): expected a checkpoint of PyTorch or safetensors, found \(found)"
    case .largeFilePointer(let file):
      return """
        \(onOneLine(file)): expected a checkpoint, found a Git LFS pointer to one: \
        fetch it with 'git lfs pull'
        """

    case .missingTensor(let place): return "\(place): expected in the checkpoint, found nothing"
    case .duplicateTensor(let place): return "\(place): expected once, found twice"
    case .tooManyAxes(let place, let found, let limit):
      return "\(place): expected at most \(limit) axes, found \(found)"
    case .negativeExtent(let place, let shape):
      return "\(place): expected extents that are not negative, found shape \(short(shape))"
    case .shapeTooLarge(let place, let shape):
      return "\(place): shape \(short(shape)) has more elements than can be addressed"
    case .strideCount(let place, let shape, let strides):
      return "\(place): shape \(short(shape)) needs \(shape.count) strides, found \(strides.count)"
    case .viewOutsideStorage(let place, let shape, let strides, let offset, let elementsHeld):
      return """
        \(place): shape \(short(shape)) with strides \(short(strides)) from element \(offset) on \
        does not fit its storage, which holds \(elementsHeld) elements
        """
    case .notIntegers(let place, let dtype):
      return "\(place): expected integers that fit 64 bits, found \(dtype.rawValue)"

    case .noHeader(let file, let byteCount):
      return """
        \(onOneLine(file)): expected 8 bytes with the length of the header, found \(byteCount)
        """
    case .headerTooLong(let file, let found, let limit):
      return "\(onOneLine(file)): expected a header of at most \(limit) bytes, found \(found)"
    case .headerBeyondEnd(let file, let found, let available):
      return "\(onOneLine(file)): the header needs \(found) bytes, the file holds \(available)"
    case .missingMember(let place, let member):
      return "\(place): expected '\(member)', found nothing"
    case .unknownElementType(let place, let found):
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      return """
        \(place): expected an element type among \(known), found '\(onOneLine(found, limit: 40))'
        """
    case .malformedOffsets(let place, let offsets):
      return "\(place): expected two offsets in ascending order, found \(short(offsets))"
    case .beyondEnd(let place, let offsets, let available):
      return """
        \(place): bytes \(offsets.lowerBound) to \(offsets.upperBound) of the data are needed, \
        the file holds \(available)
        """
    case .sizeMismatch(let place, let shape, let needed, let held):
      return "\(place): shape \(short(shape)) needs \(needed) bytes, the file holds \(held)"
    case .overlap(let place, let begin, let previousEnd):
      return """
        \(place): expected data from byte \(previousEnd) on, where the tensor before it ends, \
        found byte \(begin)
        """
    case .hole(let place, let begin, let previousEnd):
      return """
        \(place): expected data from byte \(previousEnd) on without a hole, found byte \(begin)
        """
    case .trailingBytes(let file, let count):
      return "\(onOneLine(file)): expected the end after the last tensor, found \(count) bytes"

    case .shardOutside(let index, let file):
      return """
        \(onOneLine(index)): expected names of files in its folder, found '\(onOneLine(file))'
        """
    case .shardMissing(let index, let file):
      return "\(onOneLine(index)): expected the file '\(onOneLine(file))' beside it, found nothing"
    case .notInShard(let place, let shard):
      return "\(place): expected in \(onOneLine(shard)), found nothing there"

    case .archive(let file, let error): return "\(onOneLine(file)): \(error.description)"
    case .pickle(let file, let error): return "\(onOneLine(file)): \(error.description)"
    case .pickleCount(let file, let found):
      return "\(onOneLine(file)): expected one data.pkl in the archive, found \(found)"
    case .bigEndian(let file):
      return "\(onOneLine(file)): expected little-endian numbers, found big-endian ones"
    case .legacyHeader(let file, let expected):
      return "\(onOneLine(file)): expected \(expected), found something else"
    case .noStateDictionary(let file, let path, let found):
      let place = path.isEmpty ? "" : " in '\(path.joined(separator: "."))'"
      return "\(onOneLine(file)): expected a dictionary of tensors\(place), found \(found)"
    case .containsItself(let file, let path):
      return """
        \(onOneLine(file)): expected a dictionary of tensors in \
        '\(path.joined(separator: "."))', found the dictionary that contains it
        """
    case .malformedName(let file, let found):
      return "\(onOneLine(file)): expected names of tensors, found \(found)"
    case .notATensor(let place, let found): return "\(place): expected a tensor, found \(found)"
    case .storageMissing(let place, let storage):
      return "\(place): expected its storage '\(onOneLine(storage))' in the file, found nothing"
    case .storageSize(let place, let storage, let needed, let held):
      return """
        \(place): its storage '\(onOneLine(storage))' needs \(needed) bytes, the file holds \(held)
        """
    case .storageLength(let place, let storage, let expected, let found):
      return """
        \(place): expected \(expected) elements in storage '\(onOneLine(storage))', found \(found)
        """
    }
  }

  /// The same line, for code that asks errors for their localized description.
  public var errorDescription: String? { description }

  private func short(_ numbers: [Int]) -> String {
    let some = numbers.prefix(8).map { String($0) }.joined(separator: ", ")
    return numbers.count <= 8 ? "[\(some)]" : "[\(some), …]"
  }
}
