/// Sum of two operands.
func addKernel(_ arguments: ElementwiseOperation) {
  forEachVector(arguments) { left, right in left + right }
}

/// An activation of the first operand.
func activateKernel(_ arguments: ElementwiseOperation, _ kind: Activation) {
  switch kind {
  case .relu:
    forEachVector(arguments) { value in maximum(value, FloatVector(repeating: 0)) }
  case .gelu: forEachVector(arguments) { value in gaussianLinear(value) }
  case .sigmoid: forEachVector(arguments) { value in logistic(value) }
  case .silu: forEachVector(arguments) { value in value * logistic(value) }
  }
}

@inline(__always)
private func forEachVector(
  _ arguments: ElementwiseOperation,
  _ function: (FloatVector) -> FloatVector
) {
  var index = 0
  while index + vectorWidth <= arguments.count {
    store(function(load(arguments.left + index)), arguments.output + index)
    index += vectorWidth
  }
  let remaining = arguments.count - index
  if remaining > 0 {
    let value = function(load(arguments.left + index, count: remaining))
    store(value, arguments.output + index, count: remaining)
  }
}

@inline(__always)
private func forEachVector(
  _ arguments: ElementwiseOperation,
  _ function: (FloatVector, FloatVector) -> FloatVector
) {
  var index = 0
  while index + vectorWidth <= arguments.count {
    let value = function(load(arguments.left + index), load(arguments.right + index))
    store(value, arguments.output + index)
    index += vectorWidth
  }
  let remaining = arguments.count - index
  if remaining > 0 {
    let value = function(
      load(arguments.left + index, count: remaining),
      load(arguments.right + index, count: remaining)
    )
    store(value, arguments.output + index, count: remaining)
  }
}
