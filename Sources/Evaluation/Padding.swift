extension String {
  /// The text with spaces after it.
  ///
  /// - Parameter width: the length to reach; a longer text stays as it is.
  /// - Returns: at least `width` characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// The text with spaces before it.
  ///
  /// - Parameter width: the length to reach; a longer text stays as it is.
  /// - Returns: at least `width` characters.
  func aligned(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
