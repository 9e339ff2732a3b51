/// A tile of twelve rows and two vectors: 24 sums, two vectors of weights and one input value of the
/// 32 registers; the twelve row pointers still fit the general registers.
func multiplyTwelveRows(_ tile: MatrixTile) {
  var row0 = emptyTileRow()
  var row1 = emptyTileRow()
  var row2 = emptyTileRow()
  var row3 = emptyTileRow()
  var row4 = emptyTileRow()
  var row5 = emptyTileRow()
  var row6 = emptyTileRow()
  var row7 = emptyTileRow()
  var row8 = emptyTileRow()
  var row9 = emptyTileRow()
  var row10 = emptyTileRow()
  var row11 = emptyTileRow()
  var weights = tile.panel
  var pointers = tile.rowPointers
  for _ in 0..<tile.tapCount {
    let input0 = pointers[0] + tile.depthOffset
    let input1 = pointers[1] + tile.depthOffset
    let input2 = pointers[2] + tile.depthOffset
    let input3 = pointers[3] + tile.depthOffset
    let input4 = pointers[4] + tile.depthOffset
    let input5 = pointers[5] + tile.depthOffset
    let input6 = pointers[6] + tile.depthOffset
    let input7 = pointers[7] + tile.depthOffset
    let input8 = pointers[8] + tile.depthOffset
    let input9 = pointers[9] + tile.depthOffset
    let input10 = pointers[10] + tile.depthOffset
    let input11 = pointers[11] + tile.depthOffset
    pointers += 12
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
      accumulate(&row6, input6[k], left, right)
      accumulate(&row7, input7[k], left, right)
      accumulate(&row8, input8[k], left, right)
      accumulate(&row9, input9[k], left, right)
      accumulate(&row10, input10[k], left, right)
      accumulate(&row11, input11[k], left, right)
    }
  }
  write(row0, row: 0, of: tile)
  write(row1, row: 1, of: tile)
  write(row2, row: 2, of: tile)
  write(row3, row: 3, of: tile)
  write(row4, row: 4, of: tile)
  write(row5, row: 5, of: tile)
  write(row6, row: 6, of: tile)
  write(row7, row: 7, of: tile)
  write(row8, row: 8, of: tile)
  write(row9, row: 9, of: tile)
  write(row10, row: 10, of: tile)
  write(row11, row: 11, of: tile)
}
