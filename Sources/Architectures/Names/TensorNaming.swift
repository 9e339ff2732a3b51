/// How one family of files calls the arrays of a detector.
///
/// A naming is all that is known of a source of checkpoints apart from its configuration: one file a
/// naming, so that a new source is a new file here.
protocol TensorNaming: Sendable {
  /// The naming's name for people, such as `Hugging Face`.
  var title: String { get }

  /// Whether such files have a `config.json` beside them, as Hugging Face's have.
  var hasConfigurationBeside: Bool { get }

  /// What an array may be called, best name first.
  ///
  /// - Parameter name: the array.
  /// - Returns: groups of sources, none for an array that such files do not have; the tensors of a group are tied, that is, equal where several are
  ///   present. A later group is for files without any tensor of the earlier ones.
  func sources(of name: WeightName) -> [[ArraySource]]

  /// What stands before the number of a part in the names of its tensors, so that parts can be counted.
  ///
  /// - Parameter series: the blocks of a stage or the layers of a stack.
  /// - Returns: a prefix that is followed by a number and a dot.
  func prefix(of series: Series) -> String

  /// Whether each decoder layer has a box head of its own that refines the boxes before it.
  ///
  /// - Parameter reader: the file.
  /// - Returns: what the names tell, or nil when they do not.
  func refinesBoxes(_ reader: WeightReader) -> Stated<Bool>?

  /// Why a tensor that no part of the model needs may stand in a file.
  ///
  /// - Parameter tensor: its name in the file.
  /// - Returns: a reason, or nil when there is none.
  func reasonToIgnore(_ tensor: String) -> String?
}

extension TensorNaming {
  var hasConfigurationBeside: Bool { true }
}

/// Parts that are numbered in the names of the tensors.
enum Series: Hashable, Sendable {
  /// The blocks of a stage of the backbone.
  case blocks(stage: Int)
  case layers(Module.Stack)
}

/// Where the numbers of an array are: a tensor of a file, or a part of its rows.
struct ArraySource: Hashable, Sendable {
  let tensor: String
  /// Which of `parts` equal ranges of rows is meant.
  let part: Int
  let parts: Int

  /// A whole tensor.
  init(_ tensor: String) {
    self.init(tensor, part: 0, of: 1)
  }

  init(_ tensor: String, part: Int, of parts: Int) {
    self.tensor = tensor
    self.part = part
    self.parts = parts
  }
}
