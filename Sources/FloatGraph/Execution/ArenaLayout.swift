/// Places blocks that live for a while in one piece of memory.
///
/// The largest block is placed first, each at the lowest offset where it overlaps no block placed
/// before that lives at the same time ("greedy by size").
struct ArenaLayout {
  /// A block and the steps, first and last, during which it holds something.
  struct Block {
    var count: Int
    var lifetime: ClosedRange<Int>
  }

  /// The offset of every block, in elements, a multiple of 16.
  let offsets: [Int]
  /// The size of the whole, in elements.
  let count: Int

  init(_ blocks: [Block]) {
    var offsets = [Int](repeating: 0, count: blocks.count)
    var placed: [Int] = []
    var end = 0
    // Ties keep their order, so a layout is the same in every run.
    let order = blocks.indices.sorted { left, right in
      blocks[left].count != blocks[right].count
        ? blocks[left].count > blocks[right].count : left < right
    }
    for index in order {
      let size = (blocks[index].count + 15) / 16 * 16
      let neighbours =
        placed
        .filter { blocks[$0].lifetime.overlaps(blocks[index].lifetime) }
        .map { offsets[$0]..<offsets[$0] + (blocks[$0].count + 15) / 16 * 16 }
        .sorted { $0.lowerBound < $1.lowerBound }
      var offset = 0
      for neighbour in neighbours {
        if offset + size <= neighbour.lowerBound { break }
        offset = max(offset, neighbour.upperBound)
      }
      offsets[index] = offset
      placed.append(index)
      end = max(end, offset + size)
    }
    self.offsets = offsets
    count = end
  }
}
