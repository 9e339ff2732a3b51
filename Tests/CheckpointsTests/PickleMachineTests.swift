import CheckedJSON
import Testing

@testable import Checkpoints

@Suite struct PickleMachineTests {
  private func load(_ bytes: [UInt8]) throws(PickleError) -> (PickleObjects, PickleValue) {
    let (objects, value, end) = try PickleMachine.load(ByteView(bytes))
    #expect(end == bytes.count)
    return (objects, value)
  }

  private func summary(_ bytes: [UInt8]) throws(PickleError) -> String {
    let (objects, value) = try load(bytes)
    return objects.summary(value)
  }

  @Test("each kind of plain value is built, in the old spellings too")
  func values() throws {
    let cases: [([UInt8], String)] = [
      (Array("N.".utf8), "None"),
      ([0x88, 0x2E], "True"),
      ([0x89, 0x2E], "False"),
      (Array("I01\n.".utf8), "True"),
      (Array("I-7\n.".utf8), "-7"),
      (Array("L12L\n.".utf8), "12"),
      (Array("F2.5\n.".utf8), "2.5"),
      ([0x4A, 0xFE, 0xFF, 0xFF, 0xFF, 0x2E], "-2"),
      ([0x4B, 200, 0x2E], "200"),
      ([0x4D, 0, 1, 0x2E], "256"),
      ([0x8A, 0, 0x2E], "0"),
      ([0x8A, 1, 0xFF, 0x2E], "-1"),
      ([0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x2E], "-9223372036854775808"),
      ([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0x2E], "a long integer"),
      ([0x8B, 2, 0, 0, 0, 0, 1, 0x2E], "256"),
      ([0x47, 0xBF, 0xF8, 0, 0, 0, 0, 0, 0, 0x2E], "-1.5"),
      (Array("S'ab'\n.".utf8), "the text 'ab'"),
      (Array("Vab\n.".utf8), "the text 'ab'"),
      ([0x55, 1, 0x61, 0x2E], "the text 'a'"),
      ([0x54, 1, 0, 0, 0, 0x61, 0x2E], "the text 'a'"),
      ([0x8C, 1, 0x61, 0x2E], "the text 'a'"),
      ([0x8D, 1, 0, 0, 0, 0, 0, 0, 0, 0x61, 0x2E], "the text 'a'"),
      ([0x43, 2, 0, 0, 0x2E], "2 bytes"),
      ([0x42, 2, 0, 0, 0, 0, 0, 0x2E], "2 bytes"),
      ([0x8E, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x2E], "1 bytes"),
      ([0x96, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x2E], "1 bytes"),
      (Array("(NNt.".utf8), "a list of 2"),
      (Array("(NNl.".utf8), "a list of 2"),
      (Array("]Na.".utf8), "a list of 1"),
      (Array("](NNNe.".utf8), "a list of 3"),
      ([0x8F, 0x28, 0x4E, 0x90, 0x2E], "a list of 1"),
      ([0x28, 0x4E, 0x91, 0x2E], "a list of 1"),
      ([0x4E, 0x85, 0x2E], "a list of 1"),
      ([0x4E, 0x4E, 0x86, 0x2E], "a list of 2"),
      ([0x4E, 0x4E, 0x4E, 0x87, 0x2E], "a list of 3"),
      (Array("(NNd.".utf8), "a dictionary of 1"),
      (Array("}NNs.".utf8), "a dictionary of 1"),
      (Array("}(NNNNu.".utf8), "a dictionary of 2"),
      (Array("N2\u{29}01(00.".utf8.filter { $0 != 0x31 }), "None"),
      (Array("N(NN1.".utf8), "None"),
      (Array("Np5\n0g5\n.".utf8), "None"),
      ([0x4E, 0x72, 1, 0, 0, 0, 0x30, 0x6A, 1, 0, 0, 0, 0x2E], "None"),
      ([0x4E, 0x94, 0x30, 0x68, 0, 0x2E], "None"),
      // Remembered as 1 before 0, then 0, then 1 again.
      ([0x88, 0x71, 1, 0x30, 0x4E, 0x71, 0, 0x30, 0x68, 1, 0x2E], "True"),
      ([0x88, 0x71, 1, 0x30, 0x4E, 0x71, 0, 0x71, 1, 0x30, 0x68, 1, 0x2E], "None"),
      ([0x80, 5, 0x95, 1, 0, 0, 0, 0, 0, 0, 0, 0x4E, 0x2E], "None"),
      (Array("ccollections\nOrderedDict\n)R.".utf8), "a dictionary of 0"),
      (
        Array("ccollections\nOrderedDict\n(((NNtttR.".utf8), "a dictionary of 1"
      ),
      (Array("ccollections\ndefaultdict\n)R.".utf8), "a dictionary of 0"),
      (Array("ctorch\nSize\n((NNttR.".utf8), "a list of 2"),
      (Array("ca.b\nc\n)R.".utf8), "an object of 'a.b.c', which is not executed"),
      (
        Array("ca\nb\n)\u{7F}.".utf8.map { $0 == 0x7F ? 0x81 : $0 }),
        "an object of 'a.b', which is not executed"
      ),
      (
        Array("ca\nb\n)}\u{7F}.".utf8.map { $0 == 0x7F ? 0x92 : $0 }),
        "an object of 'a.b', which is not executed"
      ),
      (Array("(ca\nb\nNo.".utf8), "an object of 'a.b', which is not executed"),
      (Array("(Nia\nb\n.".utf8), "an object of 'a.b', which is not executed"),
      (
        Array("ccopy_reg\n_reconstructor\n(ca\nb\ncc\nd\nNtR}b.".utf8),
        "an object of 'a.b', which is not executed"
      ),
      (
        Array(
          "X\u{1}\u{0}\u{0}\u{0}aX\u{1}\u{0}\u{0}\u{0}b\u{7F}.".utf8.map { $0 == 0x7F ? 0x93 : $0 }
        ),
        "the name 'a.b'"
      ),
      (Array("N)R.".utf8), "an object of an unknown kind"),
    ]
    for (bytes, expected) in cases {
      #expect(try summary(bytes) == expected, "\(bytes)")
    }
  }

  @Test("what a machine must not do, or cannot, is refused with its byte")
  func refusals() {
    let cases: [([UInt8], String)] = [
      ([], "pickle byte 0: expected 1 more bytes, found 0"),
      (Array("N".utf8), "pickle byte 1: expected 1 more bytes, found 0"),
      ([0xFF], "pickle byte 0: expected an operation, found byte 0xff"),
      ([0x80, 6], "pickle byte 0: expected protocol 0 to 5, found 6"),
      (Array(".".utf8), "pickle byte 0: expected a value on the stack, found none"),
      (Array("(N0000.".utf8), "pickle byte 4: expected a value on the stack, found none"),
      (Array("N(.".utf8), "pickle byte 2: expected a value on the stack, found none"),
      (Array("NN.".utf8), "pickle byte 2: expected one value at the end, found 2"),
      (Array("Nt.".utf8), "pickle byte 1: expected a mark, found none"),
      (Array("}(Nu.".utf8), "pickle byte 3: expected a value on the stack, found none"),
      (Array("}s.".utf8), "pickle byte 1: expected a value on the stack, found none"),
      (Array("2.".utf8), "pickle byte 0: expected a value on the stack, found none"),
      (Array("(o.".utf8), "pickle byte 1: expected a value on the stack, found none"),
      (Array("h\u{3}.".utf8), "pickle byte 0: expected a value remembered as 3, found none"),
      (Array("NNa.".utf8), "pickle byte 2: expected a list to append to, found None"),
      (Array("NNNs.".utf8), "pickle byte 3: expected a dictionary to add to, found None"),
      (Array("NNb.".utf8), "pickle byte 2: expected an object to set attributes of, found None"),
      (Array("S'a\n.".utf8), "pickle byte 0: expected a plain text, found other bytes"),
      (Array("S'\\x00'\n.".utf8), "pickle byte 0: expected a plain text, found other bytes"),
      (Array("Ix\n.".utf8), "pickle byte 0: expected a number, found other bytes"),
      (Array("Fx\n.".utf8), "pickle byte 0: expected a number, found other bytes"),
      (Array("gx\n.".utf8), "pickle byte 0: expected a number, found other bytes"),
      (
        [0x8B, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], "pickle byte 0: expected a number, found other bytes"
      ),
      (
        [0x54, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], "pickle byte 0: expected a number, found other bytes"
      ),
      ([0x49, 0xFF, 0x0A, 0x2E], "pickle byte 0: expected a plain text, found other bytes"),
      ([0x58, 0xFF, 0xFF, 0xFF, 0x7F], "pickle byte 5: expected 2147483647 more bytes, found 0"),
      (
        [0x8D] + [UInt8](repeating: 0xFF, count: 8),
        "pickle byte 9: expected 18446744073709551615 more bytes, found 0"
      ),
      ([0x4E, 0x4E, 0x93, 0x2E], "pickle byte 2: expected a name, found None"),
      ([0x58, 0, 0, 0, 0, 0x4E, 0x93], "pickle byte 6: expected a name, found None"),
      (
        Array("c\(String(repeating: "a", count: 257))\nb\n.".utf8),
        "pickle byte 0: expected a plain text, found other bytes"
      ),
      (
        Array("P1\n.".utf8),
        "pickle byte 0: expected an operation of checkpoints, found a persistent id as text"
      ),
      ([0x82, 1], "pickle byte 0: expected an operation of checkpoints, found an extension code"),
      ([0x97], "pickle byte 0: expected an operation of checkpoints, found an out-of-band buffer"),
      (
        Array("NQ.".utf8),
        "pickle byte 1: expected the description of a storage, found something else"
      ),
      (
        Array("ccollections\nOrderedDict\n((Ntt\u{85}R.".utf8.filter { $0 != 0xC2 }),
        "pickle byte 31: expected pairs of a dictionary, found a list of 1"
      ),
      (Array("ctorch\nSize\n)R.".utf8), "pickle byte 13: expected a shape, found a list of 0"),
      (
        Array("ccopy_reg\n_reconstructor\n)R.".utf8),
        "pickle byte 26: expected a class, found a list of 0"
      ),
      (
        Array("ctorch._utils\n_rebuild_tensor_v2\n)R.".utf8),
        "pickle byte 34: expected a storage, an offset, a shape and strides, found something else"
      ),
      (
        Array("ctorch._utils\n_rebuild_tensor_v3\n)R.".utf8),
        "pickle byte 34: expected a tensor with a known type, found something else"
      ),
      (
        Array("ctorch._utils\n_rebuild_parameter\n)R.".utf8),
        "pickle byte 34: expected a tensor for a parameter, found something else"
      ),
      (
        Array("ctorch._tensor\n_rebuild_from_type_v2\n)R.".utf8),
        "pickle byte 38: expected a tensor of a class, found something else"
      ),
    ]
    for (bytes, message) in cases {
      let error = #expect(throws: PickleError.self, "\(message)") { try load(bytes) }
      #expect(error?.description == message)
    }
    let twice = PickleBytes.value { pickle in
      pickle.storage("k", count: 4)
      pickle.storage("k", count: 5)
    }
    #expect(throws: PickleError.storageMismatch(offset: 119, storage: "k")) { try load(twice) }
    let kind = PickleBytes.value { $0.storage("k", count: 4, kind: "Parameter") }
    let error = #expect(throws: PickleError.self) { try load(kind) }
    #expect(
      error?.description
        == "pickle byte 57: expected a class of storages, found the name 'torch.Parameter'"
    )
  }

  @Test("a rebuilding function cannot call itself without end")
  func recursion() {
    // _rebuild_from_type_v2(_rebuild_from_type_v2, …, itself as its arguments)
    let bytes = PickleBytes.value { pickle in
      pickle.global("torch._tensor", "_rebuild_from_type_v2")
      pickle.operation("2")
      pickle.operation("N")
      pickle.operation(")")
      pickle.raw([0x87])
      pickle.operation("R")
    }
    let error = #expect(throws: PickleError.self) { try load(bytes) }
    #expect(error?.description.contains("expected a tensor of a class") == true)
  }

  @Test("a pickle of too many operations is refused in bounded time and memory")
  func operations() {
    let count = PickleMachine.maximumOperations
    let patterns: [([UInt8], UInt8)] = [
      ([], 0x5D), ([], 0x7D), ([], 0x4E), ([0x4E], 0x94), ([0x29], 0x85), ([], 0x28),
    ]
    for (first, repeated) in patterns {
      let bytes = first + [UInt8](repeating: repeated, count: count)
      let start = threadTime()
      #expect(throws: PickleError.tooManyOperations(limit: PickleMachine.maximumOperations)) {
        try load(bytes)
      }
      #expect(threadTime() - start < .seconds(1))
    }
    // One list of pairs given to many dictionaries counts each time.
    var bytes: [UInt8] = [0x5D, 0x28]
    for _ in 0..<2000 { bytes += [0x4E, 0x4E, 0x86] }
    bytes += [0x65, 0x85, 0x71, 0, 0x30]
    let dictionary = Array("ccollections\nOrderedDict\nh\u{0}R".utf8)
    for _ in 0..<2000 { bytes += dictionary }
    #expect(throws: PickleError.tooManyOperations(limit: PickleMachine.maximumOperations)) {
      try load(bytes + [0x2E])
    }
  }

  @Test("nesting of any depth and references in circles are let go without recursion")
  func nesting() throws {
    // ((((…)))) a hundred thousand deep, and a list that contains itself.
    let deep = [0x29] + [UInt8](repeating: 0x85, count: 100_000) + [0x2E]
    #expect(try summary(deep) == "a list of 1")
    #expect(try summary(Array("]q\u{0}h\u{0}a.".utf8)) == "a list of 1")
  }
}
