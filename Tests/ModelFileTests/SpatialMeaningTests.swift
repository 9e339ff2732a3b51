import Testing

@testable import ModelFile

@Suite("Operations on regions and points that contradict themselves are refused")
struct SpatialMeaningTests {
  private func refusal(_ change: (inout Sample) -> Operation) -> ModelError? {
    Sample.refusal { $0.append(change(&$0)) }
  }

  @Test("the sample's own operations are not")
  func accepted() {
    #expect(Sample.refusal { $0.appendSpatialOperations() } == nil)
  }

  @Test("elements of another type")
  func elements() {
    #expect(
      refusal {
        var it = $0.spatialAttention()
        it.key = $0.bytes
        return .spatialAttention(it)
      } == .element(operation: 3, value: 1)
    )
    #expect(
      refusal {
        var it = $0.spatialAttention()
        it.gaussian = $0.gaussian(scales: 0)
        it.gaussian?.references = $0.shorts
        return .spatialAttention(it)
      } == .element(operation: 3, value: 2)
    )
    #expect(
      refusal {
        var it = $0.positionSum()
        it.position = $0.shorts
        return .positionSum(it)
      } == .element(operation: 3, value: 2)
    )
    #expect(
      refusal {
        var it = $0.regionPooling()
        it.map = $0.bytes
        return .regionPooling(it)
      } == .element(operation: 3, value: 1)
    )
    #expect(
      refusal {
        var it = $0.regionSampling()
        it.places = $0.shorts
        return .regionSampling(it)
      } == .element(operation: 3, value: 2)
    )
    #expect(
      refusal {
        let output = $0.value(.int32, 8)
        return .pointsInBoxes(PointsInBoxes(boxes: $0.words, places: $0.shorts, output: output))
      } == .element(operation: 3, value: 2)
    )
    #expect(
      refusal {
        var it = $0.gate()
        it.gates = $0.bytes
        return .gate(it)
      } == .element(operation: 3, value: 1)
    )
  }

  @Test("channels and arrays that do not fit each other")
  func sizes() {
    #expect(
      refusal {
        var it = $0.spatialAttention()
        it.heads = 3
        return .spatialAttention(it)
      } == .channels(operation: 3, found: 8, expected: 3)
    )
    #expect(
      refusal {
        var it = $0.spatialAttention()
        it.heads = 4
        it.gaussian = $0.gaussian(scales: 0)
        return .spatialAttention(it)
      } == .channels(operation: 3, found: 4, expected: 8)
    )
    #expect(
      refusal {
        var it = $0.spatialAttention()
        it.gaussian = $0.gaussian(scales: 3)
        return .spatialAttention(it)
      } == .channels(operation: 3, found: 8, expected: 6)
    )
    #expect(
      refusal {
        var it = $0.spatialAttention()
        it.gaussian = $0.gaussian(scales: 0)
        it.gaussian?.scaleCount = 2
        return .spatialAttention(it)
      } == .channels(operation: 3, found: 2, expected: 0)
    )
    #expect(
      refusal {
        var it = $0.spatialAttention()
        it.gaussian = $0.gaussian(scales: 0)
        it.gaussian?.offsets = $0.shorts
        return .spatialAttention(it)
      } == .channels(operation: 3, found: 8, expected: 4)
    )
    #expect(
      refusal {
        var it = $0.positionSum()
        it.bias = $0.writer.blob([Int32](1...3))
        return .positionSum(it)
      } == .blobCount(operation: 3, found: 3, expected: 4)
    )
    #expect(
      refusal {
        var it = $0.regionPooling()
        it.bins = 4
        return .regionPooling(it)
      } == .channels(operation: 3, found: 72, expected: 128)
    )
    #expect(
      refusal {
        var it = $0.regionSampling()
        it.places = $0.value(.int32, 3)
        return .regionSampling(it)
      } != nil
    )
    #expect(
      refusal {
        var it = $0.gate()
        it.rows = 3
        return .gate(it)
      } == .channels(operation: 3, found: 8, expected: 12)
    )
    #expect(
      refusal {
        var it = $0.gate()
        it.table = $0.writer.blob([Int32](0...255))
        return .gate(it)
      } == .blobCount(operation: 3, found: 256, expected: 257)
    )
  }
}
