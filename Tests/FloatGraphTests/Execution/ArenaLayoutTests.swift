import Testing

@testable import FloatGraph

struct ArenaLayoutTests {
  @Test("blocks that live at the same time never overlap", arguments: 0..<50)
  func disjoint(seed: Int) {
    var numbers = SeededNumbers(seed: UInt64(seed))
    let blocks = (0..<40).map { _ in
      let first = Int.random(in: 0..<30, using: &numbers)
      let last = first + Int.random(in: 0..<6, using: &numbers)
      return ArenaLayout.Block(
        count: Int.random(in: 1..<500, using: &numbers),
        lifetime: first...last
      )
    }
    let layout = ArenaLayout(blocks)
    for left in blocks.indices {
      #expect(layout.offsets[left] % 16 == 0)
      #expect(layout.offsets[left] + blocks[left].count <= layout.count)
      for right in 0..<left where blocks[left].lifetime.overlaps(blocks[right].lifetime) {
        let first = layout.offsets[left]..<layout.offsets[left] + blocks[left].count
        let second = layout.offsets[right]..<layout.offsets[right] + blocks[right].count
        #expect(!first.overlaps(second), "seed \(seed): blocks \(left) and \(right)")
      }
    }
  }

  @Test("blocks that follow each other share their memory")
  func reuse() {
    let layout = ArenaLayout(
      (0..<9).map { ArenaLayout.Block(count: 160, lifetime: $0...$0 + 1) }
    )
    #expect(layout.count == 320)
  }
}
