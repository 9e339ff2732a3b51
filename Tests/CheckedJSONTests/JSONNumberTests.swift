import CheckedJSON
import Testing

@Suite struct JSONNumberTests {
  @Test("integers are kept exactly up to the ends of Int64, and are doubles beyond")
  func integers() throws {
    #expect(try JSON.parse("9223372036854775807") == .integer(.max))
    #expect(try JSON.parse("-9223372036854775808") == .integer(.min))
    #expect(try JSON.parse("9223372036854775808") == .double(9_223_372_036_854_775_808))
    #expect(try JSON.parse("-9223372036854775809") == .double(-9_223_372_036_854_775_808))
    #expect(try JSON.parse("18446744073709551616") == .double(18_446_744_073_709_551_616))
    #expect(try JSON.parse("-0") == .integer(0))
    #expect(try JSON.parse("-0.0")["x"].source == "")
    guard case .double(let zero) = try JSON.parse("-0.0") else {
      Issue.record("-0.0 is no double")
      return
    }
    #expect(zero.sign == .minus)
  }

  @Test("decimals become the nearest double, as the standard library finds it")
  func nearest() throws {
    let seed: UInt64 = 20_240_117
    print("JSONNumberTests seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200_000 {
      let digits = Int.random(in: 1...20, using: &generator)
      var text = String(Int.random(in: 1...9, using: &generator))
      for _ in 1..<max(digits, 2) { text += String(Int.random(in: 0...9, using: &generator)) }
      let point = Int.random(in: 0...digits, using: &generator)
      text = point == 0 ? "0.\(text)" : "\(text.prefix(point)).\(text.dropFirst(point))0"
      if Int.random(in: 0..<4, using: &generator) == 0 {
        text += "e\(Int.random(in: -30...30, using: &generator))"
      }
      #expect(try JSON.parse(text) == .double(Double(text)!), "\(text)")
    }
  }

  @Test("a decimal half way between two doubles goes to the even one")
  func halves() throws {
    // 2^53 + 1 and its neighbours, and the same scaled by powers of ten.
    for text in [
      "9007199254740993.0", "9007199254740993.00", "9007199254740995.0", "900719925474099.3",
      "0.9007199254740993", "1.00000000000000011102230246251565404e0", "4503599627370496.5",
      "4503599627370497.5", "0.500000000000000166", "0.000000001", "123456789012345678e-19",
      "1152921504606846976e-18", "9223372036854775807e-19", "18446744073709551615e-19",
      "1e-19", "10000000000000000000e-19",
    ] {
      #expect(try JSON.parse(text) == .double(Double(text)!), "\(text)")
    }
  }

  @Test("a double is written with the digits that read back as itself")
  func roundTrip() throws {
    let seed: UInt64 = 7
    print("JSONNumberTests seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100_000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      let text = try JSON.double(number).encoded()
      guard case .double(let back) = try JSON.parse(ByteView(text), source: "") else {
        Issue.record("\(number) came back as an integer")
        continue
      }
      #expect(back.bitPattern == number.bitPattern)
    }
  }

  @Test("tiny numbers become zero or subnormal, huge ones are refused")
  func extremes() throws {
    #expect(try JSON.parse("1e-400") == .double(0))
    #expect(try JSON.parse("5e-324") == .double(.leastNonzeroMagnitude))
    #expect(try JSON.parse("1.7976931348623157e308") == .double(.greatestFiniteMagnitude))
    #expect(try JSON.parse("0e999999999999999999999") == .double(0))
    #expect(throws: JSONError.self) { try JSON.parse("1.8e308") }
    #expect(throws: JSONError.self) { try JSON.parse("1e99999999999999999999") }
  }
}
