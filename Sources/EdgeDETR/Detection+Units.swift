import Runtime

extension Detection {
  /// What ``score`` is for certainty; a score in percent is `100 * Int(score) / scoreOne`.
  public static let scoreOne = 1 << 30
  /// What a coordinate is for one pixel; `Int(x) / pixelOne` is a whole column.
  public static let pixelOne = 1 << 16
}
