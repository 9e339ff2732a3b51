import Checkpoints
import EdgeDETR
import Foundation
import Kernels
import ModelFile
import Runtime

/// The integer model behind the commands.
final class IntegerDetector: DumpingDetector {
  let threads: Int
  let table: KernelTable
  fileprivate let detector: Detector

  init(
    model: MappedModel,
    threads: Int,
    table: KernelTable = .best,
    releasesWeights: Bool = false
  ) {
    self.threads = threads
    self.table = table
    detector = Detector(file: model, threads: threads, table: table)
    detector.releasesWeights = releasesWeights
  }

  var file: MappedModel { detector.file }
  var model: Model { file.model }
  var labels: [String] { detector.labels }

  func detect(_ photograph: DecodedPhotograph) throws -> [FoundObject] {
    do { return try detector.run(photograph.image).map { FoundObject($0) } } catch {
      throw InputError(path: photograph.file.path, reason: error.description)
    }
  }

  // MARK: Debugging

  func detect(_ tensor: InputTensor, dump: Dump?) throws -> [FoundObject] {
    let size = tensor.size
    let session: Session
    do {
      session = try Session(
        model: model,
        height: size.height,
        width: size.width,
        threads: threads,
        retention: dump == nil ? .outputs : .all,
        table: table
      )
      try session.prepare(
        height: size.height,
        width: size.width,
        validHeight: size.validHeight,
        validWidth: size.validWidth
      )
    } catch {
      throw InputError(path: file.path, reason: error.description)
    }
    let bits = model.information.normalizationBits.map { Double(bitPattern: $0) }
    let pixels = tensor.bytes(
      rescale: bits[0],
      mean: Array(bits[1...3]),
      standardDeviation: Array(bits[4...6])
    )
    pixels.withUnsafeBufferPointer {
      session.run(picture: $0.baseAddress!, rowStride: size.width * 3)
    }
    if let dump { try write(session, dump) }
    return session.detections.map { FoundObject($0) }
  }

  private func write(_ session: Session, _ dump: Dump) throws {
    var writer = SafetensorsWriter()
    let information = model.information
    var outputs: [(name: String, value: ValueIndex)] = [
      ("logits", information.logits), ("boxes", information.boxes),
    ]
    if let memory = information.memory { outputs.append(("memory", memory)) }
    if let value = model.mask, let grid = session.grid(of: value) {
      let step = Float(Double(bitPattern: model[value].stepBits))
      let queries = session.rows(of: information.logits)
      let masks = (0..<queries).flatMap { query in
        (session.mask(ofQuery: query).map(Array.init) ?? []).map { Float($0) * step }
      }
      writer.add("masks", shape: [queries, grid.height, grid.width], floats: masks)
    }
    for (name, value) in outputs {
      let numbers = session.realNumbers(of: value) ?? []
      writer.add(name, shape: [session.rows(of: value), model[value].channels], floats: numbers)
    }
    if dump.includesAll {
      var written = Set(outputs.map(\.name))
      for landmark in information.landmarks {
        let name = file.string(landmark.name)
        guard let numbers = session.realNumbers(of: landmark.value), written.insert(name).inserted
        else { continue }
        let shape = [session.rows(of: landmark.value), model[landmark.value].channels]
        writer.add(name, shape: shape, floats: numbers)
      }
      for index in model.values.indices {
        let value = ValueIndex(index)
        let name = file.string(model[value].name)
        guard let bytes = session.elements(of: value), written.insert(name + ".integers").inserted
        else { continue }
        add(bytes, of: value, name: name, session, to: &writer)
      }
    }
    try writer.write(path: dump.path)
  }

  /// The integers of a value, and beside them its step and zero point.
  private func add(
    _ bytes: UnsafeRawBufferPointer,
    of value: ValueIndex,
    name: String,
    _ session: Session,
    to writer: inout SafetensorsWriter
  ) {
    let shape = [session.rows(of: value), model[value].channels]
    let integers = "\(name).integers"
    switch model[value].element {
    case .uint8:
      let numbers = Array(bytes)
      writer.add(integers, shape: shape, uint8s: numbers)
    case .int8:
      let numbers = Array(bytes.bindMemory(to: Int8.self))
      writer.add(integers, shape: shape, int8s: numbers)
    case .int16:
      let numbers = Array(bytes.bindMemory(to: Int16.self))
      writer.add(integers, shape: shape, int16s: numbers)
    case .int32:
      let numbers = Array(bytes.bindMemory(to: Int32.self))
      writer.add(integers, shape: shape, int32s: numbers)
    }
    let step = Float(Double(bitPattern: model[value].stepBits))
    writer.add("\(name).scale", shape: [1], floats: [step])
    let zeroPoint = model[value].zeroPoint
    writer.add("\(name).zero_point", shape: [1], int32s: [zeroPoint])
  }
}

extension FoundObject {
  /// A detection in the runtime's fixed point.
  init(_ detection: Detection) {
    func pixels(_ number: Int32) -> Double { Double(number) / 65536 }
    self.init(
      label: Int(detection.label),
      score: Double(detection.score) / 1_073_741_824,
      x: pixels(detection.x),
      y: pixels(detection.y),
      width: pixels(detection.width),
      height: pixels(detection.height)
    )
  }
}

extension IntegerDetector: MaskingDetector {
  var givesMasks: Bool { detector.givesMasks }

  func detectWithMasks(
    _ photograph: DecodedPhotograph,
    threshold: Double
  ) throws -> (objects: [FoundObject], masks: [Int: MaskMap]) {
    let objects = try detect(photograph)
    var masks: [Int: MaskMap] = [:]
    for (index, object) in objects.enumerated() where object.score >= threshold {
      guard let mask = detector.mask(ofDetection: index) else { continue }
      let step = Float(Double(bitPattern: mask.stepBits))
      masks[index] = MaskMap(
        height: mask.height,
        width: mask.width,
        logits: mask.logits.map { Float($0) * step }
      )
    }
    return (objects, masks)
  }
}
