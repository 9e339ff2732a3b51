import FixedPoint
import Kernels
import ModelFile

extension ProgramBuilder {
  func multiplication(_ it: Multiplication) -> MultiplicationStep {
    let a = place(it.a)
    let b = place(it.b)
    let output = place(it.output)
    let call = ElementProduct(
      a: ElementProduct.Factor(
        elements: UnsafeRawPointer(a.base),
        element: element(it.a),
        zeroPoint: zeroPoint(it.a)
      ),
      b: ElementProduct.Factor(
        elements: UnsafeRawPointer(b.base),
        element: element(it.b),
        zeroPoint: zeroPoint(it.b)
      ),
      count: 0,
      rescale: it.rescale,
      zeroPoint: zeroPoint(it.output),
      output: output.base,
      outputElement: element(it.output)
    )
    return MultiplicationStep(
      call: call,
      a: a,
      b: b,
      output: output,
      rows: rows(it.output),
      channels: channels(it.output)
    )
  }

  func rectification(_ it: Rectification) -> RectificationStep {
    let input = place(it.input)
    let output = place(it.output)
    let call = SlopedRectifier(
      input: UnsafeRawPointer(input.base),
      inputElement: element(it.input),
      inputZeroPoint: zeroPoint(it.input),
      count: 0,
      positive: it.multiplier,
      negative: it.negativeMultiplier,
      shift: it.shift,
      zeroPoint: zeroPoint(it.output),
      output: output.base,
      outputElement: element(it.output)
    )
    return RectificationStep(
      call: call,
      input: input,
      output: output,
      rows: rows(it.output),
      channels: channels(it.output)
    )
  }

  func modulation(_ it: SideModulation) -> ModulationStep {
    ModulationStep(
      input: shorts(it.input),
      channels: channels(it.input),
      sides: integers(it.sides),
      boxes: integers(it.boxes),
      rows: rows(it.output),
      multiplier: it.rescale.multiplier,
      shift: it.rescale.shift,
      zeroPoint: zeroPoint(it.output),
      output: output(it.output),
      isInt16: element(it.output) == .int16
    )
  }
}
