/// One output row of a tile while its products are added up: two vectors in registers.
///
/// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
typealias TileRow = (left: FloatVector, right: FloatVector)

@inline(__always)
func emptyTileRow() -> TileRow {
  (left: FloatVector(repeating: 0), right: FloatVector(repeating: 0))
}

@inline(__always)
func accumulate(_ row: inout TileRow, _ input: Float, _ left: FloatVector, _ right: FloatVector) {
  let value = FloatVector(repeating: input)
  row.left = multiplyAdd(value, left, row.left)
  row.right = multiplyAdd(value, right, row.right)
}

/// Writes the sums of one row; rows past the end of the matrix were computed and are dropped here.
@_transparent
func write(_ sums: TileRow, row: Int, of tile: MatrixTile) {
  guard row < tile.rows else { return }
  let output = tile.output + row * tile.outputStride
  var left = sums.left
  var right = sums.right
  if tile.accumulates {
    left += load(output)
    right += load(output + vectorWidth)
  }
  if let bias = tile.bias {
    left += load(bias)
    right += load(bias + vectorWidth)
  }
  if let residuals = tile.residual {
    let residual = residuals + row * tile.residualStride
    left += load(residual)
    right += load(residual + vectorWidth)
  }
  if tile.rectifies {
    let zero = FloatVector(repeating: 0)
    left = maximum(left, zero)
    right = maximum(right, zero)
  }
  store(left, output)
  store(right, output + vectorWidth)
}
