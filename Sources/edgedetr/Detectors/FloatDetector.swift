import FloatGraph
import Quantizer

/// The float model behind the commands.
struct FloatDetector: ObjectDetector {
  let executor: FloatExecutor

  init(executor: FloatExecutor) { self.executor = executor }

  init(graph: FloatGraph, threads: Int) {
    self.init(executor: FloatExecutor(graph: graph, threads: threads))
  }

  var graph: FloatGraph { executor.graph }
  var labels: [String] { graph.labels }

  func detect(_ image: DecodedPhotograph) throws -> [FoundObject] {
    let photograph = Photograph(image.image, preprocessing: graph.preprocessing)
    let result = try executor.run(
      picture: photograph.normalized(graph.preprocessing),
      size: photograph.size
    )
    return objects(result, height: image.image.height, width: image.image.width)
  }

  /// The detections of a run, in pixels of a picture of the given size.
  func objects(_ result: FloatExecutor.Result, height: Int, width: Int) -> [FoundObject] {
    guard let logits = graph.logits, let boxes = graph.boxes else { return [] }
    return graph.objects(
      logits: result[logits],
      boxes: result[boxes],
      height: height,
      width: width
    )
  }
}

extension FloatGraph {
  /// The detections behind logits and boxes, in pixels of a picture of the given size.
  func objects(logits: [Float], boxes: [Float], height: Int, width: Int) -> [FoundObject] {
    let scaleX = Double(width)
    let scaleY = Double(height)
    return detections(logits: logits, boxes: boxes).map {
      FoundObject(
        label: $0.label,
        score: $0.score,
        x: $0.x * scaleX,
        y: $0.y * scaleY,
        width: $0.width * scaleX,
        height: $0.height * scaleY
      )
    }
  }
}

extension FloatDetector: MaskingDetector {
  var givesMasks: Bool { graph.perQuery != nil }

  func detectWithMasks(
    _ image: DecodedPhotograph,
    threshold: Double
  ) throws -> (objects: [FoundObject], masks: [Int: MaskMap]) {
    let photograph = Photograph(image.image, preprocessing: graph.preprocessing)
    let (height, width) = (image.image.height, image.image.width)
    // With a class "no object" there is one detection a query, in their order.
    let result = try executor.run(
      picture: photograph.normalized(graph.preprocessing),
      size: photograph.size,
      masksOf: { result in
        objects(result, height: height, width: width).enumerated()
          .filter { $1.score >= threshold }.map(\.offset)
      }
    )
    return (objects(result, height: height, width: width), masks(of: result))
  }

  /// The masks of a run, by query.
  func masks(of result: FloatExecutor.Result) -> [Int: MaskMap] {
    guard let mask = graph.perQuery?.mask, let grid = result.shapes[mask.index].grid else {
      return [:]
    }
    return result.masks.mapValues {
      MaskMap(height: grid.height, width: grid.width, logits: $0)
    }
  }
}
