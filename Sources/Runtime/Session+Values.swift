import ModelFile

extension Session {
  /// The rows of a value at the present size.
  public func rows(of value: ValueIndex) -> Int { shapes[value.index].rows }

  /// The height and width of a value that is a map.
  public func grid(of value: ValueIndex) -> ValueShape.Grid? { shapes[value.index].grid }

  /// The elements of a value after a run: rows × channels of the value's type, row by row.
  ///
  /// Logits and boxes are always there, others where the session's ``Retention`` keeps them; nil stands
  /// for a value that is not kept and for a picture that only the caller has.
  public func elements(of value: ValueIndex) -> UnsafeRawBufferPointer? {
    let information = model.information
    guard
      value == information.logits || value == information.boxes || retention.contains(value)
    else { return nil }
    return memory(of: value)
  }
}
