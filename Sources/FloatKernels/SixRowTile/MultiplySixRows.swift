/// A tile of six rows and two vectors: twelve sums, two vectors of weights and one input value fill
/// fifteen of the sixteen registers of SSE and AVX.
func multiplySixRows(_ tile: MatrixTile) {
  var row0 = emptyTileRow()
  var row1 = emptyTileRow()
  var row2 = emptyTileRow()
  var row3 = emptyTileRow()
  var row4 = emptyTileRow()
  var row5 = emptyTileRow()
  var weights = tile.panel
  var pointers = tile.rowPointers
  for _ in 0..<tile.tapCount {
    let input0 = pointers[0] + tile.depthOffset
    let input1 = pointers[1] + tile.depthOffset
    let input2 = pointers[2] + tile.depthOffset
    let input3 = pointers[3] + tile.depthOffset
    let input4 = pointers[4] + tile.depthOffset
    let input5 = pointers[5] + tile.depthOffset
    pointers += 6
    for k in 0..<tile.depth {
      let left = load(weights)
      let right = load(weights + vectorWidth)
      weights += 2 * vectorWidth
      accumulate(&row0, input0[k], left, right)
      accumulate(&row1, input1[k], left, right)
      accumulate(&row2, input2[k], left, right)
      accumulate(&row3, input3[k], left, right)
      accumulate(&row4, input4[k], left, right)
      accumulate(&row5, input5[k], left, right)
    }
  }
  write(row0, row: 0, of: tile)
  write(row1, row: 1, of: tile)
  write(row2, row: 2, of: tile)
  write(row3, row: 3, of: tile)
  write(row4, row: 4, of: tile)
  write(row5, row: 5, of: tile)
}
