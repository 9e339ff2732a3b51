import CheckedJSON
import Checkpoints
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  @Test(
    "the examples of FIPS 180",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ]
  )
  func examples(text: String, expected: String) {
    var digest = SHA256()
    digest.add(Array(text.utf8))
    #expect(digest.text == expected)
  }

  @Test("a million bytes in pieces of any length, and as a view")
  func pieces() {
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    var whole = SHA256()
    whole.add(ByteView(bytes))
    #expect(whole.text == expected)
    var pieces = SHA256()
    var place = 0
    var length = 1
    while place < bytes.count {
      let end = min(place + length % 199, bytes.count)
      pieces.add(Array(bytes[place..<end]))
      place = end
      length += 1
    }
    #expect(pieces.text == expected)
  }
}
