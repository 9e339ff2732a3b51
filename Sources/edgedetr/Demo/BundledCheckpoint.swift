import Foundation

/// The trained detector of machine parts that lies in the repository.
enum BundledCheckpoint {
  private static let place = "Tests/Fixtures/conveyor"

  /// Finds it from the program's own place, or from the working directory, upwards.
  ///
  /// - Throws: ``InputError`` where it is not there.
  static func path() throws(InputError) -> String {
    let program = (Bundle.main.executablePath ?? "") as NSString
    for start in [program.deletingLastPathComponent, FileManager.default.currentDirectoryPath] {
      var folder = start as NSString
      while true {
        let path = folder.appendingPathComponent(place)
        if FileManager.default.fileExists(atPath: path) { return relative(path) }
        let parent = folder.deletingLastPathComponent
        guard parent != folder as String, !parent.isEmpty else { break }
        folder = parent as NSString
      }
    }
    throw InputError(
      path: place,
      reason: "not found above the program or here: run it inside the repository, or name a "
        + "detector of the scenes with --checkpoint"
    )
  }

  /// The path as seen from the working directory where it lies inside of that.
  private static func relative(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }
}
