import CheckedJSON
import Checkpoints

/// Why a synthetic checkpoint could not be made.
public enum SyntheticCheckpointError: Error, CustomStringConvertible {
  /// No architecture has this name.
  case unknownArchitecture(found: String)
  /// A ResNet has four stages of at least one block.
  case backboneStages(depths: [Int], widths: [Int])
  /// A width of the backbone is not positive, or cannot be divided as its blocks need.
  case backboneWidth(found: Int, divisor: Int)
  /// timm has no ResNet of these blocks, so that its names cannot be used.
  case unknownBackbone(block: SyntheticResNet.Block, depths: [Int])
  /// transformers' own ResNet cannot be dilated.
  case dilationWithoutTimm
  /// The transformer's width cannot be divided as heads, position codes or group norms need.
  case width(found: Int, divisor: Int, reason: String)
  /// A count that must be at least one.
  case count(option: String, found: Int)
  /// The folder cannot be made.
  case folder(path: String, reason: String)
  /// The tensors cannot be written.
  case checkpoint(CheckpointError)
  /// A configuration cannot be written.
  case configuration(JSONError)
  /// A file cannot be written.
  case file(FileError)

  /// One line: what, where, found, expected.
  public var description: String {
    switch self {
    case .unknownArchitecture(let found):
      "unknown architecture '\(onOneLine(found, limit: 60))', expected one of "
        + SyntheticArchitecture.all.map(\.name).joined(separator: ", ")
    case .backboneStages(let depths, let widths):
      "backbone: depths \(depths) and widths \(widths), expected four stages of at least one block"
    case .backboneWidth(let found, let divisor):
      "backbone: width \(found), expected a positive multiple of \(divisor)"
    case .unknownBackbone(let block, let depths):
      "backbone: timm has no ResNet of \(block.rawValue) blocks \(depths); use transformers' names"
    case .dilationWithoutTimm:
      "backbone: transformers' own ResNet cannot be dilated; use timm's names"
    case .width(let found, let divisor, let reason):
      "width \(found), expected a positive multiple of \(divisor) (\(reason))"
    case .count(let option, let found): "\(option) \(found), expected at least 1"
    case .folder(let path, let reason): "\(path): cannot be made: \(reason)"
    case .checkpoint(let error): "\(error)"
    case .configuration(let error): "\(error)"
    case .file(let error): "\(error)"
    }
  }
}
