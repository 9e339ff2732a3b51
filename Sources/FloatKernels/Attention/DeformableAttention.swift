/// Samples and sums the values of multi-scale deformable attention, queries shared out over the pool.
///
/// - Parameters:
///   - sampling: the operands.
///   - queryCount: the number of queries.
///   - table: the kernels.
///   - pool: the threads.
public func attendDeformable(
  _ sampling: DeformableSampling,
  queryCount: Int,
  table: FloatKernelTable,
  pool: WorkerPool
) {
  let scratchCount = sampling.scratchCount
  pool.parallelFor(queryCount) { queries, worker in
    let scratch = pool.scratch(worker: worker, byteCount: scratchCount * 4)
      .bindMemory(to: Float.self, capacity: scratchCount)
    table.sampleDeformable(sampling, queries, scratch)
  }
}
