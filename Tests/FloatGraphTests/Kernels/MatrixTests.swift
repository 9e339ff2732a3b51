import FloatGraph
import FloatKernels
import Testing

struct MatrixTests {
  struct Size: CustomTestStringConvertible {
    var rows: Int
    var depth: Int
    var columns: Int
    var testDescription: String { "\(rows)x\(depth)x\(columns)" }
  }

  static let sizes: [Size] = {
    var sizes: [Size] = []
    for rows in [1, 5, 6, 7, 11, 12, 13, 25, 200] {
      for columns in [1, 4, 8, 9, 16, 31, 32, 33, 64, 91] {
        sizes.append(Size(rows: rows, depth: 17, columns: columns))
      }
    }
    for depth in [1, 2, 255, 256, 257, 512, 700] {
      sizes.append(Size(rows: 14, depth: depth, columns: 40))
    }
    return sizes
  }()

  @Test(
    "a product with bias, residual and rectifier equals its definition",
    arguments: FloatKernelTable.available
  )
  func product(table: FloatKernelTable) {
    for size in Self.sizes {
      let (rows, depth, columns) = (size.rows, size.depth, size.columns)
      var numbers = SeededNumbers(seed: UInt64(rows * 1_000_000 + depth * 1000 + columns))
      let inputStride = depth + 3
      let outputStride = columns + 2
      let input = numbers.floats(rows * inputStride)
      let weights = numbers.floats(columns * depth)
      let bias = numbers.floats(columns)
      let residual = numbers.floats(rows * outputStride)
      let rectifies = rows % 2 == 1
      let hasResidual = columns % 3 != 0
      let matrix = PackedMatrix(
        weights,
        depth: depth,
        columns: columns,
        rowStride: 1,
        columnStride: depth,
        bias: bias,
        table: table
      )
      let result = sameBits { pool in
        guarded(rows * outputStride) { output in
          residual.withUnsafeBufferPointer { residual in
            multiply(
              input,
              inputStride: inputStride,
              rows: rows,
              by: matrix,
              into: output,
              outputStride: outputStride,
              epilogue: MatrixEpilogue(
                residual: hasResidual ? residual.baseAddress! : nil,
                residualStride: outputStride,
                rectifies: rectifies
              ),
              pool: pool
            )
          }
        }
      }
      var worst = 0.0
      for row in 0..<rows {
        for column in 0..<columns {
          var sum = Double(bias[column])
          for k in 0..<depth {
            sum += Double(input[row * inputStride + k]) * Double(weights[column * depth + k])
          }
          if hasResidual { sum += Double(residual[row * outputStride + column]) }
          if rectifies { sum = max(sum, 0) }
          worst = max(worst, abs(sum - Double(result[row * outputStride + column])))
        }
        for column in columns..<outputStride {
          #expect(result[row * outputStride + column] == -12345, "written between rows")
        }
      }
      // Rounding of sums of `depth` terms below 1 in magnitude, added up one by one.
      let bound = Double(depth + 3) * (Double(depth) / 3).squareRoot() * 0x1p-24 * 2 + 0x1p-22
      #expect(worst <= bound, "\(size.testDescription): \(worst) exceeds \(bound)")
    }
  }

  @Test(
    "a convolution equals its definition for every stride, padding and dilation",
    arguments: FloatKernelTable.available
  )
  func convolution(table: FloatKernelTable) {
    for channels in [1, 3, 15, 16, 20, 300] {
      for (kernel, stride, padding, dilation) in [
        (1, 1, 0, 1), (1, 2, 0, 1), (3, 1, 1, 1), (3, 2, 1, 1), (3, 1, 2, 2), (7, 2, 3, 1),
        (3, 1, 0, 1), (2, 1, 1, 1),
      ] where channels < 300 || kernel == 3 {
        let geometry = WindowGeometry(
          inputHeight: 9,
          inputWidth: 11,
          kernel: kernel,
          stride: stride,
          padding: padding,
          dilation: dilation
        )
        let outputs = 37
        var numbers = SeededNumbers(seed: UInt64(channels * 100 + kernel * 10 + stride))
        let input = numbers.floats(9 * 11 * channels)
        let weights = numbers.floats(outputs * kernel * kernel * channels)
        let taps = kernel * kernel
        let matrix = PackedMatrix(
          weights,
          tapCount: taps,
          depth: channels,
          columns: outputs,
          tapStride: channels,
          rowStride: 1,
          columnStride: taps * channels,
          table: table
        )
        let (height, width) = (geometry.outputHeight, geometry.outputWidth)
        let result = sameBits { pool in
          guarded(height * width * outputs) {
            convolve(input, geometry: geometry, weights: matrix, into: $0, pool: pool)
          }
        }
        var reference = [Double](repeating: 0, count: height * width * outputs)
        for pixel in 0..<height * width {
          for tap in 0..<taps {
            let y = pixel / width * stride + tap / kernel * dilation - padding
            let x = pixel % width * stride + tap % kernel * dilation - padding
            guard (0..<9).contains(y), (0..<11).contains(x) else { continue }
            for output in 0..<outputs {
              for channel in 0..<channels {
                reference[pixel * outputs + output] +=
                  Double(input[(y * 11 + x) * channels + channel])
                  * Double(weights[(output * taps + tap) * channels + channel])
              }
            }
          }
        }
        let depth = Double(taps * channels)
        let bound = depth * (depth / 3).squareRoot() * 0x1p-24 * 2 + 0x1p-22
        let worst = largestDifference(result, reference)
        #expect(worst <= bound, "\(channels) channels, \(geometry): \(worst) exceeds \(bound)")
      }
    }
  }

  @Test(
    "a max pool equals its definition and ignores what lies outside",
    arguments: FloatKernelTable.available
  )
  func pool(table: FloatKernelTable) {
    for channels in [1, 4, 15, 16, 33] {
      let geometry = WindowGeometry(
        inputHeight: 7,
        inputWidth: 10,
        kernel: 3,
        stride: 2,
        padding: 1
      )
      var numbers = SeededNumbers(seed: UInt64(channels))
      // All negative: a zero from outside would win.
      let input = numbers.floats(7 * 10 * channels, in: -9 ... -1)
      let (height, width) = (geometry.outputHeight, geometry.outputWidth)
      let result = sameBits { pool in
        guarded(height * width * channels) {
          maxPool(
            input,
            channels: channels,
            geometry: geometry,
            into: $0,
            table: table,
            pool: pool
          )
        }
      }
      for y in 0..<height {
        for x in 0..<width {
          for channel in 0..<channels {
            var greatest = -Float.infinity
            for inputY in max(2 * y - 1, 0)...min(2 * y + 1, 6) {
              for inputX in max(2 * x - 1, 0)...min(2 * x + 1, 9) {
                greatest = max(greatest, input[(inputY * 10 + inputX) * channels + channel])
              }
            }
            #expect(result[(y * width + x) * channels + channel] == greatest)
          }
        }
      }
    }
  }
}
