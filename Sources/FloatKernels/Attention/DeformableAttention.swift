/// Samples and sums the values of multi-scale deformable attention, queries shared out over the pool.
///
/// When there are about as many queries as tokens, as in an encoder, the values are first copied so
/// that all tokens of a head stand together: neighbouring pixels then share cache lines and pages.
///
/// - Parameters:
///   - sampling: the operands.
///   - queryCount: the number of queries.
///   - tokenCount: the number of tokens of all levels.
///   - table: the kernels.
///   - pool: the threads.
public func attendDeformable(
  _ sampling: DeformableSampling,
  queryCount: Int,
  tokenCount: Int,
  table: FloatKernelTable,
  pool: WorkerPool
) {
  var sampling = sampling
  if queryCount * 2 >= tokenCount && sampling.heads > 1 {
    let count = tokenCount * sampling.heads * sampling.headWidth
    let copy = pool.sharedScratch(byteCount: count * 4)
      .bindMemory(to: Float.self, capacity: count)
    let (source, width) = (sampling, sampling.headWidth)
    pool.parallelFor(tokenCount) { tokens, _ in
      for token in tokens {
        for head in 0..<source.heads {
          let values = source.value + token * source.tokenStride + head * source.headStride
          (copy + (head * tokenCount + token) * width).update(from: values, count: width)
        }
      }
    }
    sampling.value = UnsafePointer(copy)
    sampling.tokenStride = width
    sampling.headStride = tokenCount * width
  }
  let operands = sampling
  let scratchCount = sampling.scratchCount
  pool.parallelFor(queryCount) { queries, worker in
    let scratch = pool.scratch(worker: worker, byteCount: scratchCount * 4)
      .bindMemory(to: Float.self, capacity: scratchCount)
    table.sampleDeformable(operands, queries, scratch)
  }
}
