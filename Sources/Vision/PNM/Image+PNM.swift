extension Image {
  /// The picture as a PNM of the kind P6 with a maximum of 255, without loss.
  public func encodedPPM() -> [UInt8] {
    var file: [UInt8] = [UInt8(ascii: "P"), UInt8(ascii: "6"), UInt8(ascii: "\n")]
    appendDecimal(width, to: &file)
    file.append(UInt8(ascii: " "))
    appendDecimal(height, to: &file)
    file.append(UInt8(ascii: "\n"))
    appendDecimal(255, to: &file)
    file.append(UInt8(ascii: "\n"))
    return file + pixels
  }
}

private func appendDecimal(_ number: Int, to file: inout [UInt8]) {
  var divisor = 1
  while number / divisor >= 10 {
    divisor *= 10
  }
  while divisor > 0 {
    file.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
    divisor /= 10
  }
}
