import FloatGraph
import FloatKernels
import Foundation
import Testing

/// Prints how fast the heavy kernels are, as a share of the peak measured next to them.
@Suite(
  .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["EDGEDETR_MEASURE"] != nil,
    "set EDGEDETR_MEASURE=1 to print the speed of the float kernels"
  )
)
struct KernelSpeedTests {
  struct Product {
    var name: String
    var geometry: WindowGeometry
    var channels: Int
    var outputs: Int
  }

  static let products = [
    Product(
      name: "linear 13600x256x1024",
      geometry: WindowGeometry(inputHeight: 1, inputWidth: 13600, kernel: 1),
      channels: 256,
      outputs: 1024
    ),
    Product(
      name: "linear 13600x1024x256",
      geometry: WindowGeometry(inputHeight: 1, inputWidth: 13600, kernel: 1),
      channels: 1024,
      outputs: 256
    ),
    Product(
      name: "linear 13600x256x256",
      geometry: WindowGeometry(inputHeight: 1, inputWidth: 13600, kernel: 1),
      channels: 256,
      outputs: 256
    ),
    Product(
      name: "conv 3x3 100x134x128x128",
      geometry: WindowGeometry(inputHeight: 100, inputWidth: 134, kernel: 3, padding: 1),
      channels: 128,
      outputs: 128
    ),
    Product(
      name: "conv 3x3 200x267x64x64",
      geometry: WindowGeometry(inputHeight: 200, inputWidth: 267, kernel: 3, padding: 1),
      channels: 64,
      outputs: 64
    ),
    Product(
      name: "conv 3x3 25x34x512x512",
      geometry: WindowGeometry(inputHeight: 25, inputWidth: 34, kernel: 3, padding: 1),
      channels: 512,
      outputs: 512
    ),
    Product(
      name: "conv 1x1 100x134x512x128",
      geometry: WindowGeometry(inputHeight: 100, inputWidth: 134, kernel: 1),
      channels: 512,
      outputs: 128
    ),
    Product(
      name: "conv 1x1 200x267x64x256",
      geometry: WindowGeometry(inputHeight: 200, inputWidth: 267, kernel: 1),
      channels: 64,
      outputs: 256
    ),
    Product(
      name: "conv 7x7/2 800x1066x3x64",
      geometry: WindowGeometry(
        inputHeight: 800,
        inputWidth: 1066,
        kernel: 7,
        stride: 2,
        padding: 3
      ),
      channels: 3,
      outputs: 64
    ),
  ]

  @Test("products", arguments: FloatKernelTable.available, [1, 2])
  func products(table: FloatKernelTable, threads: Int) {
    let pool = WorkerPool(threads: threads)
    for product in Self.products {
      let geometry = product.geometry
      let taps = geometry.kernel * geometry.kernel
      var numbers = SeededNumbers(seed: 1)
      let input = numbers.floats(geometry.inputHeight * geometry.inputWidth * product.channels)
      let weights = numbers.floats(product.outputs * taps * product.channels)
      let matrix = PackedMatrix(
        weights,
        tapCount: taps,
        depth: product.channels,
        columns: product.outputs,
        tapStride: product.channels,
        rowStride: 1,
        columnStride: taps * product.channels,
        bias: weights,
        table: table
      )
      let rows = geometry.outputHeight * geometry.outputWidth
      let output = UnsafeMutablePointer<Float>.allocate(capacity: rows * product.outputs)
      defer { output.deallocate() }
      output.initialize(repeating: 0, count: rows * product.outputs)
      var shares: [Double] = []
      for _ in 0..<9 {
        let peak = table.measureMultiplyAddPeak(pool: pool, runs: 2)
        let elapsed = ContinuousClock().measure {
          convolve(input, geometry: geometry, weights: matrix, into: output, pool: pool)
        }
        let count = Double(rows * product.outputs * taps * product.channels)
        shares.append(count / (elapsed / .seconds(1)) / peak)
      }
      let peak = table.measureMultiplyAddPeak(pool: pool)
      shares.sort()
      print(
        "\(table.name) \(threads) threads, \(product.name):",
        String(format: "%.1f %% of %.1f GFMA/s", shares[4] * 100, peak / 1e9)
      )
    }
  }
}
