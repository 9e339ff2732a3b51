import FloatGraph
import Kernels
import ModelFile
import Quantizer
import Runtime

/// A model that no file holds yet, run on pictures.
final class ModelTrial {
  let model: Model
  private let memory: UnsafeMutableRawBufferPointer

  init(_ file: [UInt8]) throws(ModelError) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count, alignment: 64)
    memory.copyBytes(from: file)
    // The memory lives as long as this object, which outlives its sessions.
    do { model = try Model(validating: UnsafeRawBufferPointer(memory)) } catch {
      memory.deallocate()
      throw error
    }
    self.memory = memory
  }

  deinit { memory.deallocate() }

  /// Bytes of the arena for one thread and the portable kernels, the same on every machine.
  func arenaByteCount(for size: InputSize) throws(SessionError) -> Int {
    try Session.arenaByteCount(
      model: model,
      height: size.height,
      width: size.width,
      threads: 1,
      table: .scalar
    )
  }

  /// What the model says of pictures of the network's size.
  func answers(_ pictures: [Photograph], threads: Int) throws(SessionError) -> [QueryAnswers] {
    var ranking: ValueIndex?
    for operation in model.operations {
      if case .topRows(let it) = operation { ranking = it.output }
    }
    var answers: [QueryAnswers] = []
    var prepared: Session?
    for picture in pictures {
      let (height, width) = (picture.size.height, picture.size.width)
      let session: Session
      if let prepared {
        try prepared.prepare(height: height, width: width)
        session = prepared
      } else {
        session = try Session(
          model: model,
          height: height,
          width: width,
          threads: threads,
          retention: .values(ranking.map { [$0] } ?? [])
        )
        prepared = session
      }
      picture.pixels.pixels.withUnsafeBufferPointer {
        session.run(picture: $0.baseAddress!, rowStride: width * 3)
      }
      let information = model.information
      answers.append(
        QueryAnswers(
          tokens: ranking.flatMap { session.integers(of: $0) },
          logits: session.realNumbers(of: information.logits) ?? [],
          boxes: session.realNumbers(of: information.boxes) ?? [],
          decoding: information.classDecoding
        )
      )
    }
    return answers
  }
}

/// A model that no file holds yet, as a detector.
struct TrialDetector: ObjectDetector {
  let trial: ModelTrial
  let threads: Int
  var labels: [String] { [] }

  func detect(_ photograph: DecodedPhotograph) throws -> [FoundObject] {
    let image = photograph.image
    let session = try Session(
      model: trial.model,
      photographHeight: image.height,
      photographWidth: image.width,
      threads: threads
    )
    image.pixels.withUnsafeBufferPointer {
      session.run(picture: $0.baseAddress!, rowStride: image.width * 3)
    }
    return session.detections.map { FoundObject($0) }
  }
}
