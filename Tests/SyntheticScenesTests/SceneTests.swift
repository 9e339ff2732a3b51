import Foundation
import Testing
import Vision

@testable import SyntheticScenes

@Suite("Scenes of machine parts")
struct SceneTests {
  /// The digest was printed by this program; it pins the arithmetic on every machine.
  @Test("a seed gives the same bytes everywhere")
  func isDeterministic() {
    let scene = Scene(seed: 1, index: 3, width: 160, height: 120)
    let digest = scene.image.pixels.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    #expect(digest == 0x3890CE40FC1E17DD, "0x\(String(digest, radix: 16))")
    #expect(scene.objects == Scene(seed: 1, index: 3, width: 160, height: 120).objects)
  }

  @Test("seed and index choose the scene")
  func dependsOnSeedAndIndex() {
    let scene = Scene(seed: 1, index: 0, width: 64, height: 48)
    #expect(scene.image != Scene(seed: 2, index: 0, width: 64, height: 48).image)
    #expect(scene.image != Scene(seed: 1, index: 1, width: 64, height: 48).image)
  }

  @Test("boxes lie inside of the picture and hold the area that is stated")
  func boxesAreInside() {
    for index in 0..<12 {
      let scene = Scene(seed: 5, index: index, width: 320, height: 240)
      for object in scene.objects {
        #expect(object.x >= 0 && object.x + object.width <= 320)
        #expect(object.y >= 0 && object.y + object.height <= 240)
        #expect(object.area >= Scene.visiblePixels)
        #expect(object.area <= object.width * object.height)
      }
    }
  }

  @Test("every class comes, in sizes from small to large")
  func isVaried() {
    var counts = [PartClass: Int]()
    var longest: [Int] = []
    for index in 0..<60 {
      for object in Scene(seed: 9, index: index).objects {
        counts[object.partClass, default: 0] += 1
        longest.append(max(object.width, object.height))
      }
    }
    for partClass in PartClass.allCases { #expect(counts[partClass, default: 0] >= 20) }
    #expect(longest.min()! <= 12)
    // A bracket is nearly as high as long: turned, its box is up to √2 times 200 pixels wide.
    #expect(longest.max()! >= 130 && longest.max()! <= 283)
  }

  @Test("a part that lies under others shows two fifths of itself, or is not there")
  func hiddenPartsAreTakenAway() {
    var random = SceneRandom(seed: 1, index: 1)
    func part(_ x: Float, length: Float) -> PlacedPart {
      PlacedPart(
        partClass: .washer,
        shape: Washer(&random),
        metal: Metal(&random),
        centre: Vector2(x, 50),
        length: length,
        rotation: Rotation(turns: 0)
      )
    }
    let parts = [part(50, length: 20), part(50, length: 38), part(100, length: 60)]
    let seen = Visibility(parts, width: 100, height: 100)
    #expect(seen.parts[1].visible == seen.parts[1].whole)
    // The third one's right half lies outside of the picture.
    let share = Float(seen.parts[2].visible) / Float(seen.parts[2].whole)
    #expect(abs(share - 0.5) < 0.03)
    #expect(seen.parts[2].columns == (first: 70, last: 99))
  }

  @Test("sine and angle are as exact as they state")
  func functionsAreExact() {
    for step in -4000...4000 {
      let turns = Float(step) / 1000
      let exact = sin(Double(turns) * 2 * .pi)
      #expect(abs(Double(sine(turns: turns)) - exact) < 0.0012)
      let point = Vector2(cosine(turns: turns), sine(turns: turns))
      var difference = Double(SyntheticScenes.turns(of: point)) - Double(turns)
      difference -= difference.rounded()
      #expect(abs(difference) < 0.0014)
    }
  }
}
