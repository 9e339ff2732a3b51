import CheckedJSON
import FloatGraph
import Testing

@testable import Architectures

@Suite("Preprocessing is read as transformers writes it")
struct PreprocessingTests {
  private func read(_ text: String) throws -> Preprocessing {
    try Preprocessing(JSON.parse(text).located)
  }

  @Test(
    "every spelling of the size",
    arguments: [
      (#"{"size": 480}"#, Preprocessing.Size.edges(shortest: 480, longest: 1333)),
      (#"{"size": 480, "max_size": 600}"#, .edges(shortest: 480, longest: 600)),
      (#"{"size": {"shortest_edge": 480}, "max_size": 600}"#, .edges(shortest: 480, longest: 600)),
      (
        #"{"size": {"shortest_edge": 480, "longest_edge": 640}, "max_size": null}"#,
        .edges(shortest: 480, longest: 640)
      ),
      (#"{"size": {"height": 240, "width": 320}}"#, .fixed(height: 240, width: 320)),
      (#"{"do_resize": false, "size": {"height": 1}, "resample": 3}"#, .unchanged),
      ("{}", .edges(shortest: 800, longest: 1333)),
      (#"{"size": null, "resample": 2}"#, .edges(shortest: 800, longest: 1333)),
    ]
  )
  func size(text: String, size: Preprocessing.Size) throws {
    #expect(try read(text).size == size)
  }

  @Test("scale, mean and deviation")
  func normalisation() throws {
    let read = try read(
      #"{"rescale_factor": 0.5, "image_mean": [1, 2, 3], "image_std": [4, 5, 6], "do_pad": true}"#
    )
    #expect(read.rescale == 0.5)
    #expect(read.mean == [1, 2, 3])
    #expect(read.standardDeviation == [4, 5, 6])
  }

  @Test("steps that are switched off")
  func switchedOff() throws {
    let read = try read(#"{"do_rescale": false, "do_normalize": false, "image_mean": [1, 2, 3]}"#)
    #expect(read.rescale == 1)
    #expect(read.mean == [0, 0, 0])
    #expect(read.standardDeviation == [1, 1, 1])
  }

  @Test("an absent file means what DETR was trained with")
  func absent() throws {
    let fixture = SmallModels.fixture(SmallModels.detr)
    let detector = try fixture.withFolder { try LoadedDetector(path: $0) }
    #expect(detector.graph.preprocessing == .detr)
    #expect(detector.graph.classes == .softmaxWithNoObject)
  }
}
