import CheckedJSON
import FloatGraph

extension Preprocessing {
  /// What DETR and Deformable DETR were trained with: 800 to 1333 pixels, the mean and deviation of
  /// ImageNet.
  static let detr = Preprocessing(
    size: .edges(shortest: 800, longest: 1333),
    rescale: 1.0 / 255,
    mean: [0.485, 0.456, 0.406],
    standardDeviation: [0.229, 0.224, 0.225]
  )

  /// What RT-DETR was trained with: 640 × 640 pixels, only divided by 255.
  static let rtDETR = Preprocessing(
    size: .fixed(height: 640, width: 640),
    rescale: 1.0 / 255,
    mean: [0, 0, 0],
    standardDeviation: [1, 1, 1]
  )

  /// What a family was trained with.
  static func standard(_ family: Family?) -> Preprocessing {
    family == .rtDETR || family == .rtDETRv2 ? rtDETR : detr
  }

  /// Reads `preprocessor_config.json` as transformers writes it for the image processors of the family.
  ///
  /// - Parameters:
  ///   - file: the root; what it leaves out is as in ``standard(_:)``.
  ///   - family: the family that `config.json` states.
  /// - Throws: ``ArchitectureError`` for what this package does not do.
  init(_ file: JSON.Located, family: Family? = nil) throws(ArchitectureError) {
    self = .standard(family)
    let normalizes = self != .rtDETR
    if try file.flag("do_resize")?.value == false {
      size = .unchanged
    } else {
      if file["size"].optional != nil { size = try Self.size(file) }
      if let filter = try file.count("resample", minimum: 0), filter.value != 2 {
        throw .unsupported(place: filter.place, found: "\(filter.value)", supported: "2 (bilinear)")
      }
    }
    if try file.flag("do_rescale")?.value == false {
      rescale = 1
    } else if let factor = try file.positive("rescale_factor") {
      rescale = factor.value
    }
    if try !(file.flag("do_normalize")?.value ?? normalizes) {
      mean = [0, 0, 0]
      standardDeviation = [1, 1, 1]
    } else {
      mean = try file.channels("image_mean", mustBePositive: false) ?? mean
      standardDeviation = try file.channels("image_std", mustBePositive: true) ?? standardDeviation
    }
    if let padding = file["pad_size"].optional {
      throw .unsupported(
        place: "\(file.source): '\(padding.path)'",
        found: padding.value?.summary ?? "nothing",
        supported: "null"
      )
    }
  }

  /// `size` is a number with `max_size` beside it, or an object of edges, or one of height and width.
  private static func size(_ file: JSON.Located) throws(ArchitectureError) -> Size {
    let size = file["size"]
    guard case .object = size.value else {
      return .edges(
        shortest: try file.count("size")!.value,
        longest: try file.count("max_size")?.value ?? 1333
      )
    }
    if let height = try size.count("height"), let width = try size.count("width") {
      return .fixed(height: height.value, width: width.value)
    }
    if let shortest = try size.count("shortest_edge") {
      let longest = try size.count("longest_edge")
      let beside = try file.count("max_size")
      if let longest = longest ?? beside {
        return .edges(shortest: shortest.value, longest: longest.value)
      }
    }
    throw .configuration(
      size.notAllowed(expected: "'shortest_edge' and 'longest_edge', or 'height' and 'width'")
    )
  }
}

extension JSON.Located {
  func positive(_ key: String) throws(ArchitectureError) -> Stated<Double>? {
    try stated(key) { place throws(JSONError) in
      let number = try place.double
      guard number > 0 else { throw place.notAllowed(expected: "a positive number") }
      return number
    }
  }

  /// Three numbers, one a channel.
  func channels(
    _ key: String,
    mustBePositive: Bool
  ) throws(ArchitectureError) -> [Double]? {
    try stated(key) { place throws(JSONError) in
      let numbers = try place.doubles
      guard numbers.count == 3, !mustBePositive || numbers.allSatisfy({ $0 > 0 }) else {
        let kind = mustBePositive ? "positive numbers" : "numbers"
        throw place.notAllowed(expected: "three \(kind)")
      }
      return numbers
    }?.value
  }
}
