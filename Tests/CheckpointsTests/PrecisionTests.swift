import CheckedJSON
import Testing

@testable import Checkpoints

@Suite("Half precision is rounded to nearest")
struct PrecisionTests {
  @Test("every half that is a number survives being read and written")
  func keepsHalves() {
    for bits in UInt16.min...UInt16.max where bits & 0x7C00 != 0x7C00 || bits & 0x3FF == 0 {
      #expect(halfPrecision(singlePrecision(half: bits)) == bits)
    }
    #expect(halfPrecision(.nan) & 0x7FFF > 0x7C00)
    #expect(halfPrecision(-.infinity) == 0xFC00)
  }

  @Test("between two halves the nearer one is taken, in the middle the even one")
  func roundsHalves() {
    for bits in UInt16(0)..<0x7BFF {
      let (lower, upper) = (singlePrecision(half: bits), singlePrecision(half: bits + 1))
      let middle = (lower + upper) / 2
      #expect(halfPrecision(middle) == bits + (bits & 1))
      #expect(halfPrecision(middle.nextDown) == bits)
      #expect(halfPrecision(-middle.nextUp) == 0x8000 | (bits + 1))
    }
    #expect(halfPrecision(Float(65520).nextDown) == 0x7BFF)
    #expect(halfPrecision(65520) == 0x7C00)
  }

  @Test("upper halves likewise")
  func roundsUpperHalves() {
    for bits in UInt16(0)..<0x7F80 {
      let lower = UInt32(bits) << 16
      #expect(upperHalf(Float(bitPattern: lower)) == bits)
      #expect(upperHalf(Float(bitPattern: lower + 0x8000)) == bits + (bits & 1))
      #expect(upperHalf(Float(bitPattern: lower + 0x7FFF)) == bits)
      #expect(upperHalf(Float(bitPattern: lower + 0x8001 | 1 << 31)) == 0x8000 | (bits + 1))
    }
    #expect(upperHalf(.nan) & 0x7FFF > 0x7F80)
  }

  @Test("a file says which precision it holds", arguments: [ElementType.f32, .f16, .bf16])
  func writes(type: ElementType) throws {
    let numbers: [Float] = [0, 1, -2.5, 0.33325195]
    var writer = SafetensorsWriter()
    writer.add("a", shape: [2, 2], storedAs: type, floats: numbers)
    let file = try Safetensors(ByteView(writer.encoded()), file: "a.safetensors")
    #expect(file.tensors[0].dtype == type)
    let read = file.tensors[0].floats()
    for (number, other) in zip(numbers, read) { #expect((number - other).magnitude < 1e-3) }
    #expect(read[..<3] == numbers[..<3])
  }
}
