import Kernels
import ModelFile

/// The steps of tables and of what moves the pixels of maps.
extension ProgramBuilder {
  func tableLookup(_ it: ModelFile.TableLookup) -> TableLookupStep {
    let input = place(it.input)
    let output = place(it.output)
    return TableLookupStep(
      call: TableLookup(
        input: UnsafeRawPointer(input.base),
        inputElement: element(it.input),
        count: 0,
        table: UnsafeRawPointer(plan.model.elements(it.table, as: UInt8.self)),
        last: Int32(truncatingIfNeeded: it.table.count - 1),
        output: output.base,
        outputElement: element(it.output)
      ),
      input: input,
      output: output,
      rows: rows(it.output),
      channels: channels(it.output)
    )
  }

  func averagePool(_ it: ModelFile.AveragePool, _ index: Int) -> AveragePoolStep {
    AveragePoolStep(
      input: place(it.input),
      element: element(it.input),
      channels: channels(it.input),
      inputHeight: grid(it.input).height,
      inputWidth: grid(it.input).width,
      outputWidth: grid(it.output).width,
      outputRows: rows(it.output),
      output: place(it.output),
      scratch: scratch(operation: index)
    )
  }

  func upsample(_ it: Upsample) -> UpsampleStep {
    UpsampleStep(
      input: input(it.input),
      inputWidth: grid(it.input).width,
      factor: it.factor,
      output: place(it.output),
      outputWidth: grid(it.output).width,
      outputRows: rows(it.output)
    )
  }

  func columnJoin(_ it: Concatenation) -> ColumnJoinStep {
    ColumnJoinStep(
      inputs: program.keep(it.inputs.map { place($0) }),
      count: it.inputs.count,
      output: place(it.output),
      rows: rows(it.output)
    )
  }

  func rowMaximum(_ it: ModelFile.RowMaximum) -> RowMaximumStep {
    RowMaximumStep(
      input: place(it.input),
      output: place(it.output),
      rows: rows(it.output),
      columns: channels(it.input)
    )
  }
}
