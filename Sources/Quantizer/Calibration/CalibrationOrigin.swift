/// What statistics were taken of: they hold for nothing else.
public struct CalibrationOrigin: Sendable, Equatable {
  /// A digest of the checkpoint's files and of what the command line said about them.
  public var checkpoint: String
  /// How photographs are brought to the network's input.
  public var preprocessing: String
  /// A digest of the photographs, in their order.
  public var photographs: String

  public init(checkpoint: String, preprocessing: String, photographs: String) {
    self.checkpoint = checkpoint
    self.preprocessing = preprocessing
    self.photographs = photographs
  }

  /// The facts by name, as a file of statistics states them.
  var facts: [(name: String, text: String)] {
    [
      ("checkpoint", checkpoint), ("preprocessing", preprocessing), ("photographs", photographs),
    ]
  }
}
