import Foundation
import Testing

/// The reference data beside the repository, where they are present.
enum SharedFolder {
  static let url: URL? = {
    var folder = URL(filePath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
      if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
        let shared = folder.deletingLastPathComponent().appending(path: "shared")
        return FileManager.default.fileExists(atPath: shared.path) ? shared : nil
      }
      folder.deleteLastPathComponent()
    }
    return nil
  }()

  static var exists: Bool { url != nil }

  static func path(_ name: String) throws -> String {
    try #require(url?.appending(path: name).path)
  }
}
