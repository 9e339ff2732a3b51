import Evaluation
import Report
import Vision

/// A page with made-up content, names as given.
enum SamplePage {
  static let layers = (0..<40).map { "encoder.layers.\($0).fc1" }

  static func make(
    layers: [String] = layers,
    classes: [String] = ["cell", "plate"],
    name: String = "model.edetr"
  ) -> ReportPage {
    ReportPage(
      title: name,
      subtitle: "a detector",
      summary: SummarySection(
        figures: [.init(value: "0.991", name: "matched share", note: name)],
        agreement: [.init(value: "0.9", name: "mean IoU", note: name)],
        note: "on 16 photographs"
      ),
      examples: ExampleSection(
        examples: [example(name, label: 0), example(name, label: classes.count - 1)],
        classes: classes,
        note: "the worst"
      ),
      layers: LayerSection(layers: layers.enumerated().map { layer($1, error: $0) }, note: "note"),
      activations: ActivationSection(activations: layers.map(activation), note: "note"),
      wideProducts: WideProductSection(
        products: layers.prefix(5).map {
          .init(name: $0, reason: name, multiplyAdds: 1_200_000, extraBytes: 400)
        },
        allMultiplyAdds: 80_000_000
      ),
      memory: memory(layers),
      origin: OriginSection(classes: classes, facts: [("source", name), (name, "text")])
    )
  }

  private static func layer(_ name: String, error step: Int) -> LayerSection.Layer {
    var error = SignalError()
    error.add(reference: [1, -2, 4, 8], tested: [1, -2, 4, 8 + Float(step) / 100])
    return LayerSection.Layer(
      name: name,
      operation: "linear",
      element: step % 2 == 0 ? .uint8 : .int16,
      error: error,
      multiplyAdds: 1000 * step,
      weightBytes: 64 * step
    )
  }

  private static func activation(_ name: String) -> ActivationSection.Activation {
    ActivationSection.Activation(
      name: name,
      element: .uint8,
      counts: (0..<75).map { $0 * $0 },
      lowest: -1,
      highest: 3,
      extremes: -0.9...3,
      range: -0.5...2,
      step: 0.01,
      zeroPoint: 50,
      observer: "entropy",
      clippedShare: 0.001,
      signalToNoise: Double(name.count)
    )
  }

  static func example(_ name: String, label: Int) -> ExampleSection.Example {
    let box = ExampleSection.Object(
      label: label,
      score: 0.75,
      x: 1,
      y: 2,
      width: 5,
      height: 4,
      hasPartner: label == 0
    )
    return ExampleSection.Example(
      name: name,
      note: name,
      picture: Image(width: 8, height: 6),
      width: 16,
      height: 12,
      float: [box],
      integer: [box, box]
    )
  }

  static func memory(_ names: [String]) -> MemorySection {
    let pieces = names.enumerated().map { index, name in
      MemorySection.Piece(
        name: name,
        content: .int16,
        byteCount: 640,
        offset: index % 3 * 640,
        firstStep: index,
        lastStep: index + 2
      )
    }
    return MemorySection(
      pieces: pieces,
      byteCount: 1984,
      lowerBound: 1984,
      steps: (0..<names.count + 2).map { "step \($0)" },
      occasion: "240x320"
    )
  }
}
