import Testing

@testable import ModelFile

@Suite("The documented format")
struct FormatTests {
  private static let file: [UInt8] = {
    var sample = RoundTripTests.everything()
    return sample.file()
  }()

  private func text(_ text: FormatWalk.Text) -> String {
    String(decoding: text.bytes, as: UTF8.self)
  }

  @Test("a written file reads by its documentation as the reader reads it")
  func walk() throws {
    let walk = try FormatWalk(Self.file)
    let aligned = AlignedFile(Self.file)
    let model = try aligned.model()
    func string(_ range: TextRange) -> String { String(decoding: model.text(range), as: UTF8.self) }
    #expect(walk.values.count == model.values.count)
    for (walked, value) in zip(walk.values, model.values) {
      #expect(walked.element == Int32(value.element.rawValue))
      #expect(walked.channels == Int32(value.channels) && walked.zeroPoint == value.zeroPoint)
      #expect(text(walked.name) == string(value.name))
    }
    #expect(walk.operations.count == model.operations.count)
    #expect(
      Set(walk.operations.map(\.code))
        == Set(1...20).union(64...69).union(80...86).union(96...101)
    )
    for (walked, operation) in zip(walk.operations, model.operations) {
      let expected = (operation.inputs + operation.grids + [operation.output]).map(\.index)
      #expect(walked.values.sorted() == expected.sorted(), "operation \(walked.code)")
    }
    let information = model.information
    #expect(walk.rules == [0, 800, 1333, 0, 100])
    #expect(walk.outputs[0] == Int32(information.logits.index))
    #expect(walk.outputs[2] == Int32(information.memory?.index ?? -1))
    #expect(walk.normalization == information.normalizationBits)
    #expect(walk.labels.map(text) == ["cell", "плод"])
    #expect(walk.facts.map { text($0.name) } == ["made"])
    #expect(walk.facts.map { text($0.text) } == ["by a test"])
    #expect(walk.landmarks.map { text($0.name) } == ["C5"])
    withExtendedLifetime(aligned) {}
  }

  @Test("facts are added behind the others and nothing else changes")
  func facts() throws {
    let aligned = AlignedFile(Self.file)
    let changed = try aligned.model().file(adding: [("arena", "4096 bytes"), ("größe", "")])
    let walk = try FormatWalk(changed)
    #expect(walk.facts.map { text($0.name) } == ["made", "arena", "größe"])
    #expect(walk.facts.map { text($0.text) } == ["by a test", "4096 bytes", ""])
    let before = try FormatWalk(Self.file)
    for section in [1, 2, 4] {
      #expect(changed[walk.sections[section]] == Self.file[before.sections[section]])
    }
    #expect(walk.labels == before.labels)
    #expect(try aligned.model().file(adding: []) == Self.file)
    let whole = AlignedFile(changed)
    try whole.model().verifyData()
    withExtendedLifetime((aligned, whole)) {}
  }

  @Test("bytes between sections are zeros, others are refused where they stand")
  func padding() throws {
    let walk = try FormatWalk(Self.file)
    var places = Array(120..<128)
    for (section, next) in zip(walk.sections, walk.sections.dropFirst()) {
      places += section.upperBound..<next.lowerBound
    }
    #expect(places.count > 64)
    for place in places {
      var file = Self.file
      file[place] = 1
      #expect(refusal(signed(file)) == .padding(offset: place))
    }
  }
}
