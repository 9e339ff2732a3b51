import FixedPoint

extension WordReader {
  mutating func value() throws(ModelError) -> ValueIndex {
    ValueIndex(try number(0...Int32.max))
  }

  mutating func optionalValue() throws(ModelError) -> ValueIndex? {
    let index = try number(-1...Int32.max)
    return index < 0 ? nil : ValueIndex(index)
  }

  mutating func values() throws(ModelError) -> [ValueIndex] {
    // Bounded by the words that are left, so that a hostile count cannot allocate.
    let count = try number(0...Int32(clamping: max(remainingWords - 1, 0)))
    var values: [ValueIndex] = []
    for _ in 0..<count { values.append(try value()) }
    return values
  }

  mutating func blob() throws(ModelError) -> Blob {
    let block = try number(0...(Int32.max / 64))
    return Blob(offset: block * 64, count: try number(0...Int32.max))
  }

  mutating func rescale(
    shifts: ClosedRange<Int32> = 1...62
  ) throws(ModelError) -> Rescale {
    let multiplier = try number(0...Int32.max)
    return Rescale(multiplier: Int32(multiplier), shift: Int32(try number(shifts)))
  }

  mutating func window() throws(ModelError) -> Window {
    // Bounds far above any network keep products of them inside 32 bits.
    Window(
      kernel: try number(1...64),
      stride: try number(1...64),
      padding: try number(0...4096),
      dilation: try number(1...64)
    )
  }

  mutating func text() throws(ModelError) -> TextRange {
    TextRange(offset: try number(0...Int32.max), count: try number(0...Int32.max))
  }
}

extension WordWriter {
  mutating func value(_ value: ValueIndex) { number(value.index) }
  mutating func optionalValue(_ value: ValueIndex?) { number(value?.index ?? -1) }
  mutating func values(_ values: [ValueIndex]) {
    number(values.count)
    for entry in values { value(entry) }
  }
  mutating func blob(_ blob: Blob) {
    number(blob.offset / 64)
    number(blob.count)
  }
  mutating func rescale(_ rescale: Rescale) {
    word(rescale.multiplier)
    word(rescale.shift)
  }
  mutating func window(_ window: Window) {
    number(window.kernel)
    number(window.stride)
    number(window.padding)
    number(window.dilation)
  }
  mutating func text(_ text: TextRange) {
    number(text.offset)
    number(text.count)
  }
}
