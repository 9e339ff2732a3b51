import Dispatch
import Evaluation
import Foundation
import Synchronization
import SyntheticScenes
import Vision

/// The rendered scenes of one seed as files.
struct SceneSet {
  let seed: UInt64
  let size: (height: Int, width: Int)

  /// A scene of the set.
  func scene(_ index: Int) -> Scene {
    Scene(seed: seed, index: index, width: size.width, height: size.height)
  }

  static func fileName(_ index: Int) -> String {
    let digits = String(index)
    return "scene_" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".png"
  }

  /// Renders the first scenes into a folder: `images/*.png` and `annotations.json`.
  ///
  /// - Parameters:
  ///   - count: how many scenes.
  ///   - folder: made where it is missing.
  ///   - threads: scenes that are rendered at a time.
  /// - Returns: the number of parts in them.
  /// - Throws: ``OutputError`` where a file cannot be written.
  func write(count: Int, to folder: String, threads: Int) throws -> Int {
    let images = "\(folder)/images"
    try AtomicFile.createDirectory(images)
    var progress = ProgressBar("rendering", total: count, unit: "scenes")
    var objects: [[Scene.Object]] = []
    while objects.count < count {
      let first = objects.count
      let next = first..<min(count, first + 4 * threads)
      let batch = try write(next, to: images, threads: threads)
      for _ in batch { progress.advance() }
      objects += batch
    }
    progress.finish()
    try annotations(objects).write(path: "\(folder)/annotations.json")
    return objects.reduce(0) { $0 + $1.count }
  }

  /// Renders scenes into a folder, several at a time.
  ///
  /// - Returns: the objects of each, in order.
  private func write(
    _ range: Range<Int>,
    to folder: String,
    threads: Int
  ) throws -> [[Scene.Object]] {
    let results = Mutex<[Int: Result<[Scene.Object], OutputError>]>([:])
    let next = Atomic<Int>(range.lowerBound)
    DispatchQueue.concurrentPerform(iterations: min(threads, range.count)) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < range.upperBound else { return }
        let scene = scene(index)
        let result = Result { () throws(OutputError) in
          try AtomicFile.write(
            scene.image.encodedPNG(),
            to: "\(folder)/\(Self.fileName(index))"
          )
          return scene.objects
        }
        results.withLock { $0[index] = result }
      }
    }
    let all = results.withLock { $0 }
    return try range.map { try all[$0]!.get() }
  }

  /// The annotations of scenes 0 up to the number of lists given.
  private func annotations(_ objects: [[Scene.Object]]) throws -> CocoAnnotations {
    var annotations: [CocoAnnotations.Annotation] = []
    for (image, list) in objects.enumerated() {
      for object in list {
        annotations.append(
          CocoAnnotations.Annotation(
            id: annotations.count + 1,
            imageID: image,
            categoryID: object.partClass.rawValue,
            box: BoundingBox(
              x: Double(object.x),
              y: Double(object.y),
              width: Double(object.width),
              height: Double(object.height)
            ),
            area: Double(object.area)
          )
        )
      }
    }
    return try CocoAnnotations(
      images: objects.indices.map {
        CocoAnnotations.Image(
          id: $0,
          fileName: Self.fileName($0),
          width: size.width,
          height: size.height
        )
      },
      categories: PartClass.allCases.map {
        CocoAnnotations.Category(id: $0.rawValue, name: $0.name)
      },
      annotations: annotations
    )
  }
}
