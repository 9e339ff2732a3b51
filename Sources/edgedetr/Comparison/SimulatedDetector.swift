import FloatGraph
import ModelFile
import Quantizer
import Runtime
import Simulation

/// The integer model simulated in floating point, as a detector.
struct SimulatedDetector: ObjectDetector {
  let graph: FloatGraph
  let file: MappedModel
  let threads: Int

  var labels: [String] { graph.labels }

  func detect(_ photograph: DecodedPhotograph) throws -> [FoundObject] {
    let resized = Photograph(photograph.image, preprocessing: graph.preprocessing).pixels
    let simulation: ModelSimulation
    do {
      simulation = try ModelSimulation(
        model: file.model,
        size: PictureSize(height: resized.height, width: resized.width),
        threads: threads
      )
    } catch {
      throw InputError(path: photograph.file.path, reason: error.description)
    }
    let values = simulation.run(picture: resized.pixels)
    func real(_ value: ValueIndex) -> [Float] {
      file.model[value].realNumbers(values[value] ?? [])
    }
    return graph.objects(
      logits: real(file.model.information.logits),
      boxes: real(file.model.information.boxes),
      height: photograph.image.height,
      width: photograph.image.width
    )
  }
}
