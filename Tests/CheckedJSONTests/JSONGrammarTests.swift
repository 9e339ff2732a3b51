import CheckedJSON
import Testing

@Suite struct JSONGrammarTests {
  @Test("each kind of value is read")
  func kinds() throws {
    #expect(try JSON.parse("null") == .null)
    #expect(try JSON.parse(" true ") == true)
    #expect(try JSON.parse("\tfalse\r\n") == false)
    #expect(try JSON.parse("-12") == -12)
    #expect(try JSON.parse("1.5e1") == .double(15))
    #expect(try JSON.parse(#""a\"\\\/\b\f\n\r\té😀""#) == "a\"\\/\u{8}\u{c}\n\r\té😀")
    #expect(try JSON.parse("[]") == [])
    #expect(try JSON.parse("{}") == [:])
    #expect(
      try JSON.parse(#"{"b": [1, 2.0, {"c": null}], "a": ""}"#)
        == ["b": [1, 2.0, ["c": .null]], "a": ""]
    )
  }

  @Test(
    "what the grammar does not allow is refused where it stands",
    arguments: [
      ("", "byte 0: expected a value, found the end of the text"),
      ("  ", "byte 2: expected a value, found the end of the text"),
      ("{", "byte 1: expected a key or '}', found the end of the text"),
      ("[1", "byte 2: expected ',' or ']', found the end of the text"),
      ("[1,]", "byte 3: expected a value, found ']'"),
      ("[,1]", "byte 1: expected a value, found ','"),
      ("[1 2]", "byte 3: expected ',' or ']', found '2'"),
      (#"{"a":1,}"#, "byte 7: expected a key, found '}'"),
      (#"{"a" 1}"#, "byte 5: expected ':', found '1'"),
      (#"{"a":1 "b":2}"#, "byte 7: expected ',' or '}', found '\"'"),
      ("{a:1}", "byte 1: expected a key or '}', found 'a'"),
      ("tru", "byte 0: expected 'true', found tru"),
      ("nul1", "byte 0: expected 'null', found nul1"),
      ("1 2", "byte 2: expected the end of the text, found '2'"),
      ("[] \u{1}", "byte 3: expected the end of the text, found byte 0x01"),
      ("'a'", "byte 0: expected a value, found '''"),
      ("\"a", "byte 2: expected the end of a string, found the end of the text"),
      ("\"\u{7}\"", "byte 1: expected a string without control characters, found byte 0x07"),
      (#""\x""#, "byte 1: expected an escape such as \\n or \\u00e9, found 'x'"),
      (#""\u12G4""#, "byte 5: expected an escape such as \\n or \\u00e9, found 'G'"),
      (#""\ud800""#, "byte 1: expected a surrogate pair, found half of one"),
      (#""\udc00""#, "byte 1: expected a surrogate pair, found half of one"),
      (#""\ud800\u0041""#, "byte 1: expected a surrogate pair, found half of one"),
      ("01", "byte 0: expected a number without leading zeros, found 01"),
      ("-", "byte 1: expected a digit, found the end of the text"),
      ("1.", "byte 2: expected a digit, found the end of the text"),
      ("1e+", "byte 3: expected a digit, found the end of the text"),
      (".5", "byte 0: expected a value, found '.'"),
      ("+1", "byte 0: expected a value, found '+'"),
      ("NaN", "byte 0: expected a finite number, found NaN"),
      ("[-Infinity]", "byte 1: expected a finite number, found -Infinity"),
      ("1e400", "byte 0: expected a finite number, found 1e400"),
      ("\u{FEFF}{}", "byte 0: expected a JSON value, found a byte order mark"),
      (#"{"a": 1, "a": 2}"#, "byte 9: expected each key once, found 'a' again"),
    ]
  )
  func refused(text: String, message: String) {
    let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
    #expect(error?.description == message)
  }

  @Test("a byte sequence that is not UTF-8 is refused")
  func notUTF8() {
    let sequences: [[UInt8]] = [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
      [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80],
      [0xE2, 0x82], [0xFF],
    ]
    for sequence in sequences {
      let error = #expect(throws: JSONError.self) {
        try JSON.parse(ByteView([0x22] + sequence + [0x22]), source: "x.json")
      }
      guard case .invalidUTF8("x.json", 1, sequence[0]) = error else {
        Issue.record("\(sequence): \(String(describing: error))")
        continue
      }
    }
  }

  @Test("nesting is limited to 64 containers, and no depth exhausts the stack")
  func depth() throws {
    let allowed = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    _ = try JSON.parse(allowed)
    for text in ["[\(allowed)]", String(repeating: "[", count: 1_000_000)] {
      #expect(throws: JSONError.tooDeep(source: "", offset: 64, limit: 64)) {
        try JSON.parse(text)
      }
    }
    let objects = String(repeating: #"{"a":"#, count: 100_000)
    #expect(throws: JSONError.tooDeep(source: "", offset: 320, limit: 64)) {
      try JSON.parse(objects)
    }
  }

  @Test("a tree holds at most as many values as allowed")
  func valueLimit() throws {
    let text = ByteView(utf8: "[1,[2],3]")
    _ = try JSON.parse(text, source: "", maximumValues: 5)
    #expect(throws: JSONError.tooManyValues(source: "", offset: 7, limit: 4)) {
      try JSON.parse(text, source: "", maximumValues: 4)
    }
  }

  @Test("a key that comes twice is found among few and many, escaped or not")
  func duplicates() throws {
    for count in [2, 8, 9, 10, 1000] {
      let distinct = (0..<count).map { "\"key\($0)\":\($0)" }
      _ = try JSON.parse("{\(distinct.joined(separator: ","))}")
      for again in [#""key1":0"#, #""\u006bey1":0"#, #""k\u0065y1":0"#] {
        let text = "{\((distinct + [again]).joined(separator: ","))}"
        let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
        let offset = text.utf8.count - again.utf8.count - 1
        #expect(error == .duplicateKey(source: "", offset: offset, key: "key1"))
      }
    }
    // The same key in different objects is no duplicate.
    _ = try JSON.parse(#"{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}"#)
  }

  @Test("a key is limited to 65536 bytes, a number to 1024 characters")
  func lengths() throws {
    let key = String(repeating: "k", count: 65536)
    _ = try JSON.parse("{\"\(key)\":0}")
    #expect(throws: JSONError.keyTooLong(source: "", offset: 1, limit: 65536)) {
      try JSON.parse("{\"\(key)k\":0}")
    }
    let number = "0." + String(repeating: "1", count: 1022)
    #expect(try JSON.parse(number) == .double(0.1111111111111111111111111111))
    #expect(throws: JSONError.numberTooLong(source: "", offset: 0, limit: 1024)) {
      try JSON.parse(number + "1")
    }
  }
}
