extension SyntheticFamily {
  /// Refuses counts below one.
  ///
  /// - Parameter counts: each with its name.
  /// - Throws: ``SyntheticCheckpointError/count(option:found:)``.
  func requirePositive(_ counts: [(String, Int)]) throws(SyntheticCheckpointError) {
    for (name, count) in counts where count < 1 { throw .count(option: name, found: count) }
  }

  /// Refuses a width that cannot be divided.
  ///
  /// - Parameters:
  ///   - width: what is to be divided.
  ///   - divisor: into how many parts.
  ///   - reason: what the parts are.
  /// - Throws: ``SyntheticCheckpointError/width(found:divisor:reason:)``.
  func requireWidth(
    _ width: Int,
    divisor: Int,
    reason: String
  ) throws(SyntheticCheckpointError) {
    guard width > 0, width % divisor == 0 else {
      throw .width(found: width, divisor: divisor, reason: reason)
    }
  }
}

extension CheckpointPlan {
  /// The pictures that batch norms are fitted to: four of 192×256 pixels.
  ///
  /// The last map of a ResNet has 192 pixels then, which gives its variances to a tenth.
  ///
  /// - Returns: normalised pictures.
  func fittingPictures() -> FeatureMaps {
    NoisePictures(random: random("pictures")).rendered(
      count: 4,
      height: 192,
      width: 256,
      mean: [0.485, 0.456, 0.406],
      deviation: [0.229, 0.224, 0.225]
    )
  }
}
