/// The lengths of Huffman codes for symbols of the given frequencies, none above `limit`.
///
/// The lengths are those of an optimal code (two queues: leaves by frequency, and inner nodes in the
/// order in which they are made); where some exceed the limit they are cut to it, and codes of the
/// next shorter length give up one place for two until all codes fit.
///
/// Example: frequencies 1, 1, 2, 4 with a limit of 15 give lengths 3, 3, 2, 1.
///
/// - Parameters:
///   - frequencies: how often each symbol occurs; at least two of them above 0.
///   - limit: the largest length; `2^limit` is at least the number of symbols.
/// - Returns: a length for each symbol, 0 where the frequency is 0.
func codeLengths(frequencies: [Int], limit: Int) -> [UInt8] {
  var order: [Int] = []
  for symbol in frequencies.indices where frequencies[symbol] > 0 {
    order.append(symbol)
  }
  order.sort { a, b in
    frequencies[a] != frequencies[b] ? frequencies[a] < frequencies[b] : a < b
  }
  let leafCount = order.count

  // Nodes: first the leaves, then the inner nodes; the last one is the root.
  var weights = order.map { frequencies[$0] }
  var parents = [Int](repeating: 0, count: 2 * leafCount - 1)
  var leaf = 0
  var inner = leafCount
  for node in leafCount..<2 * leafCount - 1 {
    var weight = 0
    for _ in 0..<2 {
      let takesLeaf = leaf < leafCount && (inner == node || weights[leaf] <= weights[inner])
      let child = takesLeaf ? leaf : inner
      leaf += takesLeaf ? 1 : 0
      inner += takesLeaf ? 0 : 1
      weight += weights[child]
      parents[child] = node
    }
    weights.append(weight)
  }

  var counts = [Int](repeating: 0, count: limit + 1)
  var depths = [Int](repeating: 0, count: 2 * leafCount - 1)
  for node in stride(from: 2 * leafCount - 3, through: 0, by: -1) {
    depths[node] = depths[parents[node]] + 1
    if node < leafCount {
      counts[min(limit, depths[node])] += 1
    }
  }

  // The share of the code space in units of the longest code.
  var used = 0
  for length in 1...limit {
    used += counts[length] << (limit - length)
  }
  while used > 1 << limit {
    var length = limit - 1
    while counts[length] == 0 {
      length -= 1
    }
    // A code of `length` and one of the longest become two of `length + 1`.
    counts[length] -= 1
    counts[length + 1] += 2
    counts[limit] -= 1
    used -= 1
  }

  var lengths = [UInt8](repeating: 0, count: frequencies.count)
  var next = 0
  for length in stride(from: limit, through: 1, by: -1) {
    for _ in 0..<counts[length] {
      lengths[order[next]] = UInt8(length)
      next += 1
    }
  }
  return lengths
}

/// The codes that belong to lengths (RFC 1951, 3.2.2), with their first bit in the lowest place.
func codes(lengths: [UInt8]) -> [Int] {
  var counts = [Int](repeating: 0, count: 17)
  for length in lengths where length > 0 {
    counts[Int(length) + 1] += 1
  }
  var next = 0
  var firstCodes = [Int](repeating: 0, count: 17)
  for length in 1...16 {
    next = (next + counts[length]) << 1
    firstCodes[length] = next
  }
  return lengths.map { length in
    if length == 0 {
      return 0
    }
    let code = firstCodes[Int(length)]
    firstCodes[Int(length)] += 1
    return reversed(code, bits: Int(length))
  }
}
