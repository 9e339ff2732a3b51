/// The machine parts of the scenes; raw values are COCO category ids.
public enum PartClass: Int, CaseIterable, Sendable {
  case hexNut, washer, bolt, gear, screw, spring, bracket

  public var name: String {
    switch self {
    case .hexNut: "hex nut"
    case .washer: "washer"
    case .bolt: "bolt"
    case .gear: "gear"
    case .screw: "screw"
    case .spring: "spring"
    case .bracket: "bracket"
    }
  }

  /// How long the part is against others at the same distance of the camera.
  var relativeLength: ClosedRange<Float> {
    switch self {
    case .hexNut: 0.45...0.8
    case .washer: 0.4...0.8
    case .bolt: 0.9...1.6
    case .gear: 0.8...1.6
    case .screw: 0.8...1.5
    case .spring: 0.8...1.4
    case .bracket: 1...1.6
    }
  }

  func shape(_ random: inout SceneRandom) -> any PartShape {
    switch self {
    case .hexNut: HexNut(&random)
    case .washer: Washer(&random)
    case .bolt: Bolt(&random)
    case .gear: Gear(&random)
    case .screw: Screw(&random)
    case .spring: Spring(&random)
    case .bracket: Bracket(&random)
    }
  }
}
