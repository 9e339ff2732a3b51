import FixedPoint

/// `sigmoid` of every element: logits in, probabilities (Q1.30) out.
///
/// The output may be the input itself.
public struct SigmoidMap {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (SigmoidMap) -> Void

  public var input: UnsafePointer<Int32>
  public var count: Int
  public var output: UnsafeMutablePointer<Int32>

  public init(
    input: UnsafePointer<Int32>,
    count: Int,
    output: UnsafeMutablePointer<Int32>
  ) {
    self.input = input
    self.count = count
    self.output = output
  }
}

/// The reference.
func scalarSigmoid(_ call: SigmoidMap) {
  var index = 0
  while index < call.count {
    call.output[index] = sigmoid(call.input[index])
    index &+= 1
  }
}

/// Boxes moved by logits: `sigmoid(delta + inverseSigmoid(reference))`, the sum saturating.
///
/// delta: logits [rows, 4]; reference: Q1.30 [rows, referenceChannels], where two channels are the
/// centre and sides come from the deltas alone; output: Q1.30 [rows, 4], which may be `delta` itself.
public struct BoxUpdate {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (BoxUpdate) -> Void

  public var delta: UnsafePointer<Int32>
  public var reference: UnsafePointer<Int32>
  /// 2 or 4.
  public var referenceChannels: Int
  public var rows: Int
  public var output: UnsafeMutablePointer<Int32>

  public init(
    delta: UnsafePointer<Int32>,
    reference: UnsafePointer<Int32>,
    referenceChannels: Int,
    rows: Int,
    output: UnsafeMutablePointer<Int32>
  ) {
    self.delta = delta
    self.reference = reference
    self.referenceChannels = referenceChannels
    self.rows = rows
    self.output = output
  }
}

/// The reference.
func scalarBoxUpdate(_ call: BoxUpdate) {
  var row = 0
  while row < call.rows {
    var channel = 0
    while channel < 4 {
      var logit = call.delta[4 &* row &+ channel]
      if channel < call.referenceChannels {
        let anchor = inverseSigmoid(call.reference[call.referenceChannels &* row &+ channel])
        logit = saturatingSum(logit, anchor)
      }
      call.output[4 &* row &+ channel] = sigmoid(logit)
      channel &+= 1
    }
    row &+= 1
  }
}

/// The sum kept inside of 32 bits.
@inlinable @inline(__always)
public func saturatingSum(_ a: Int32, _ b: Int32) -> Int32 {
  let sum = Int64(a) &+ Int64(b)
  return Int32(truncatingIfNeeded: min(max(sum, Int64(Int32.min)), Int64(Int32.max)))
}
