import Checkpoints
import Foundation
import RandomNumbers
import SyntheticCheckpoints
import Testing

@testable import SyntheticCheckpoints

@Suite("The seed decides every byte")
struct SeedTests {
  /// The digests were printed by this program; they pin its arithmetic on every machine.
  @Test(
    "a seed gives the same bytes everywhere",
    arguments: [
      ("detr-tiny", 0xCAE0_A60A_7AD1_C08A as UInt64),
      ("deformable-detr-tiny-two-stage", 0x2E6D_A243_AB12_CE15),
    ]
  )
  func isDeterministic(name: String, pinned: UInt64) throws {
    let folder = TemporaryFolder()
    try SyntheticCheckpoint.write(architecture: name, seed: 1, to: folder.path)
    let found = digest(try folder.bytes("model.safetensors"))
    #expect(found == pinned, "0x\(String(found, radix: 16))")
  }

  @Test("another seed gives other weights, but the same configuration")
  func differsBySeed() throws {
    let (one, other) = (TemporaryFolder(), TemporaryFolder())
    try SyntheticCheckpoint.write(.tinyDETR, seed: 1, to: one.path)
    try SyntheticCheckpoint.write(.tinyDETR, seed: 2, to: other.path)
    #expect(try one.bytes("config.json") == other.bytes("config.json"))
    let left = try TensorMap.open(path: one.path)
    let right = try TensorMap.open(path: other.path)
    for tensor in left {
      #expect(try tensor.floats() != right.tensor(named: tensor.name).floats(), "\(tensor.name)")
    }
  }

  @Test(
    "half precision holds the same weights, rounded",
    arguments: [
      (SyntheticCheckpoint.Storage.float16, ElementType.f16, 0x1p-11 as Float),
      (.bfloat16, .bf16, 0x1p-8),
    ]
  )
  func rounds(
    storage: SyntheticCheckpoint.Storage,
    type: ElementType,
    precision: Float
  ) throws {
    let (exact, rounded) = (TemporaryFolder(), TemporaryFolder())
    try SyntheticCheckpoint.write(.tinyDETR, seed: 1, to: exact.path)
    try SyntheticCheckpoint.write(.tinyDETR, seed: 1, storage: storage, to: rounded.path)
    let halves = try TensorMap.open(path: rounded.path)
    for tensor in try TensorMap.open(path: exact.path) {
      let half = try halves.tensor(named: tensor.name)
      #expect(half.dtype == type)
      for (number, other) in zip(tensor.floats(), half.floats()) {
        #expect((number - other).magnitude <= max(number.magnitude, 0x1p-14) * precision)
      }
    }
    #expect(try rounded.json("config.json").located["dtype"].string == storage.rawValue)
  }

  @Test("random numbers have mean 0, variance 1 and the kurtosis that is stated")
  func hasMoments() {
    let numbers = NamedRandomNumbers(seed: 7, name: "moments").normals(1 << 20, deviation: 1)
    func moment(_ power: Int) -> Double {
      numbers.reduce(0) { sum, number in
        sum + (0..<power).reduce(1) { product, _ in product * Double(number) }
      } / Double(numbers.count)
    }
    // Five standard errors each.
    #expect(moment(1).magnitude < 5 / 1024)
    #expect((moment(2) - 1).magnitude < 5 * 3.1.squareRoot() / 1024)
    #expect((moment(3)).magnitude < 5 * 40.0.squareRoot() / 1024)
    #expect((moment(4) - 4.1).magnitude < 0.15)
    let uniform = NamedRandomNumbers(seed: 7, name: "moments").uniforms(1 << 16, in: 2...4)
    #expect(uniform.allSatisfy { (2..<4).contains($0) })
    let mean = uniform.reduce(0, +) / Float(uniform.count)
    #expect((2.989...3.011).contains(mean))
  }
}

extension SyntheticFamily where Self == SyntheticDETR {
  static var tinyDETR: SyntheticDETR { .tiny }
}
