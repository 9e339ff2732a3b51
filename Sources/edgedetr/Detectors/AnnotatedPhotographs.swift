import Evaluation
import Foundation

extension PhotographList {
  /// The photographs of a folder, or of those only the ones that a COCO file lists, in its order.
  static func select(
    folder: String,
    annotations: CocoAnnotations?
  ) throws(InputError) -> [PhotographFile] {
    guard let annotations else { return try expand([folder]) }
    var files: [PhotographFile] = []
    for image in annotations.images {
      guard let name = image.fileName else {
        throw InputError(
          path: annotations.source,
          reason: "image \(image.id): 'file_name' is missing"
        )
      }
      let path = (folder as NSString).appendingPathComponent(name)
      files.append(PhotographFile(path: path, imageID: image.id))
    }
    guard !files.isEmpty else {
      throw InputError(path: annotations.source, reason: "lists no image")
    }
    return files
  }
}

extension CocoAnnotations {
  /// Gives photographs the image ids that stand beside their names here.
  func identify(_ files: [PhotographFile]) throws(InputError) -> [PhotographFile] {
    var ids: [String: Int] = [:]
    for image in images {
      if let name = image.fileName { ids[(name as NSString).lastPathComponent] = image.id }
    }
    var identified: [PhotographFile] = []
    for file in files {
      guard let id = ids[file.name] else {
        throw InputError(path: source, reason: "no image has the file_name '\(file.name)'")
      }
      identified.append(PhotographFile(path: file.path, imageID: id))
    }
    return identified
  }
}

/// The category id of each class of a detector.
///
/// Classes and categories are matched by name where every class has one among the categories; else a
/// class is the category of the same number, as in checkpoints trained on COCO.
struct CategoryNumbers {
  private let byClass: [Int]

  init(labels: [String], annotations: CocoAnnotations?) {
    var ids: [String: Int] = [:]
    for category in annotations?.categories ?? [] { ids[category.name] = category.id }
    let matched = labels.compactMap { ids[$0] }
    byClass = matched.count == labels.count ? matched : []
  }

  subscript(label: Int) -> Int { label < byClass.count ? byClass[label] : label }

  /// The detections of an outcome as COCO results: all of them, without a threshold.
  func detections(_ outcome: DetectionRun.Outcome) -> [Detection] {
    outcome.found.flatMap { file, objects in
      objects.map {
        Detection(
          imageID: file.imageID,
          categoryID: self[$0.label],
          x: $0.x,
          y: $0.y,
          width: $0.width,
          height: $0.height,
          score: $0.score,
          mask: $0.mask
        )
      }
    }
  }
}
