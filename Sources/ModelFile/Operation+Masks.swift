import FixedPoint

// Operations of the part of a model that is computed for one query at a time: masks.
//
// The part begins with the first selection of a query and reaches to the last operation, whose result, one
// channel of int16, are the logits of the query's mask.

/// The row of the query that the part is computed for.
public struct QuerySelection: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public init(input: ValueIndex, output: ValueIndex) {
    self.input = input
    self.output = output
  }
}

/// How much one query attends to each key, head by head: one softmax over all keys and heads together.
///
///     score[j, h] = Σ query[c] · key[j, c]      over the channels of head h, |q|, |k| ≤ 2047, 32 bits, wrapping
///     out[j, h]   = clamp(z + preciseSoftmaxUnits(score, unit))
///
/// with the arithmetic of `PreciseSoftmax` in `FixedPoint`. query: one row, int16 with zero point 0; key: int16 with
/// zero point 0; output: uint8 or int16 with as many channels as heads. Keys in the padding of `keyGrid` do not
/// exist and have the zero point; at most 65536 scores are left.
public struct AttentionMap: Sendable {
  public var query: ValueIndex
  public var key: ValueIndex
  public var output: ValueIndex
  public var heads: Int
  public var keyGrid: ValueIndex?
  /// To octaves with 26 fraction bits.
  public var scoreRescale: Rescale
  /// Units of the output in one, 1…2³¹ − 1.
  public var unit: Int32
  public init(
    query: ValueIndex,
    key: ValueIndex,
    output: ValueIndex,
    heads: Int,
    keyGrid: ValueIndex?,
    scoreRescale: Rescale,
    unit: Int32
  ) {
    self.query = query
    self.key = key
    self.output = output
    self.heads = heads
    self.keyGrid = keyGrid
    self.scoreRescale = scoreRescale
    self.unit = unit
  }
}

/// A map in the size of another one, whose numbers are not read: pixel i of m stands for pixel
/// `min(⌊i · scale⌋, n − 1)` of n with `scale = n / m`, quotient and product as binary32 rounds them. Exact.
public struct Enlargement: Sendable {
  public var input: ValueIndex
  public var target: ValueIndex
  public var output: ValueIndex
  public init(input: ValueIndex, target: ValueIndex, output: ValueIndex) {
    self.input = input
    self.target = target
    self.output = output
  }
}

extension Model {
  /// The first operation of the part that is computed for one query at a time; the number of operations where
  /// there is no such part.
  public var firstPerQuery: Int {
    operations.firstIndex { operation in
      if case .selectQuery = operation { return true }
      return false
    } ?? operations.count
  }

  /// The logits of a query's mask; nil where the model gives none.
  public var mask: ValueIndex? {
    firstPerQuery < operations.count ? operations[operations.count - 1].output : nil
  }
}
