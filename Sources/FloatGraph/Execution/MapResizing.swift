import FloatKernels

/// Writes the mean of every square of `size` × `size` pixels; pixels outside of the map do not count.
///
/// - Parameters:
///   - input: `[grid.height · grid.width, channels]`.
///   - grid: the input's map.
///   - channels: the channels of a pixel.
///   - size: the side of a square and the distance of two.
///   - output: `[⌈height / size⌉ · ⌈width / size⌉, channels]`.
///   - pool: the threads.
func writeAveragePool(
  _ input: UnsafePointer<Float>,
  grid: Shape.Grid,
  channels: Int,
  size: Int,
  _ output: UnsafeMutablePointer<Float>,
  pool: WorkerPool
) {
  let columns = (grid.width + size - 1) / size
  pool.parallelFor((grid.height + size - 1) / size) { rows, _ in
    for row in rows {
      for column in 0..<columns {
        let destination = output + (row * columns + column) * channels
        let lines = row * size..<min((row + 1) * size, grid.height)
        let places = column * size..<min((column + 1) * size, grid.width)
        let share = 1 / Float(lines.count * places.count)
        destination.update(repeating: 0, count: channels)
        for y in lines {
          for x in places {
            let pixel = input + (y * grid.width + x) * channels
            for channel in 0..<channels { destination[channel] += pixel[channel] }
          }
        }
        for channel in 0..<channels { destination[channel] *= share }
      }
    }
  }
}

/// Writes every pixel of a map `factor` times in both directions.
///
/// - Parameters:
///   - input: `[grid.height · grid.width, channels]`.
///   - grid: the input's map.
///   - channels: the channels of a pixel.
///   - factor: how many times larger each side becomes.
///   - output: `[grid.height · factor · grid.width · factor, channels]`.
///   - pool: the threads.
func writeUpsampled(
  _ input: UnsafePointer<Float>,
  grid: Shape.Grid,
  channels: Int,
  factor: Int,
  _ output: UnsafeMutablePointer<Float>,
  pool: WorkerPool
) {
  pool.parallelFor(grid.height * factor) { rows, _ in
    for row in rows {
      var destination = output + row * grid.width * factor * channels
      for column in 0..<grid.width * factor {
        let source = input + (row / factor * grid.width + column / factor) * channels
        destination.update(from: source, count: channels)
        destination += channels
      }
    }
  }
}

/// Writes the greatest number of every row.
///
/// - Parameters:
///   - input: `[rows, columns]`.
///   - rows: the number of rows.
///   - columns: the number of columns, at least 1.
///   - output: `[rows]`.
///   - pool: the threads.
func writeRowMaxima(
  _ input: UnsafePointer<Float>,
  rows: Int,
  columns: Int,
  _ output: UnsafeMutablePointer<Float>,
  pool: WorkerPool
) {
  pool.parallelFor(rows, grain: 64) { range, _ in
    for row in range {
      let numbers = input + row * columns
      var greatest = numbers[0]
      for column in 1..<max(columns, 1) where numbers[column] > greatest {
        greatest = numbers[column]
      }
      output[row] = greatest
    }
  }
}
