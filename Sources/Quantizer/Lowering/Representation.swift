import FixedPoint
import ModelFile

/// The integer form in which an operation wants one of its inputs.
enum Form: Hashable {
  /// uint8 with a zero point: operands of most matrix products, feature maps.
  case byte
  /// int8 around zero: what deformable attention samples.
  case signedByte
  /// int16 around zero: the stream that residuals add into, inputs of norms, islands.
  case wide
  /// int16 within ±2047: queries and keys, so that a head's score fits 32 bits.
  case key
  /// int16 within ±16383: values of attention.
  case attentionValue
  /// int32 natural logarithms of odds, Q7.24.
  case logit
  /// int32 numbers in 0…1, Q1.30.
  case probability
  /// int32 row numbers.
  case index
  /// int16 in 0…4095: what a table is read with.
  case tableIndex

  var element: Element {
    switch self {
    case .byte: .uint8
    case .signedByte: .int8
    case .wide, .key, .attentionValue: .int16
    case .logit, .probability, .index: .int32
    case .tableIndex: .int16
    }
  }

  /// The form in which a value is made when its readers want different ones.
  static func primary(of wanted: Set<Form>) -> Form {
    wanted.count == 1 ? wanted.first! : .wide
  }
}

/// Element type, step, zero point and bounds: `real = (integer − zeroPoint) · step`.
struct Quantization: Equatable {
  var element: Element
  var step: Double
  var zeroPoint: Int32
  /// The least and the greatest integer that the value may take.
  var bounds: ClosedRange<Int32>

  /// A quarter more than the measured range fits into 16 bits: there the step is so fine that
  /// clipping is the only loss to fear.
  static let wideHeadroom = 1.25

  /// Entries of an activation's table.
  ///
  /// Rounding an activation's input to 8 bits would cost more than rounding its result does: with SiLU, whose
  /// inputs reach about as far below zero as its results do above it, the inputs' steps are twice as wide.
  /// With 12 bits they are an eighth, and the table fits a first-level cache.
  static let tableEntries = 4096

  /// Spreads a form's integers over a range.
  ///
  /// - Parameters:
  ///   - form: what to spread.
  ///   - range: real numbers that must be representable, around 0.
  ///   - extremes: all numbers ever seen, used where there are bits enough.
  init(_ form: Form, range: ClosedRange<Double>, extremes: ClosedRange<Double>) {
    element = form.element
    zeroPoint = 0
    bounds = form.element.lowest...form.element.highest
    let magnitude = max(-range.lowerBound, range.upperBound)
    let largest = max(-extremes.lowerBound, extremes.upperBound)
    switch form {
    case .byte:
      let width = range.upperBound - range.lowerBound
      step = Self.usable(width / 255)
      zeroPoint = Int32((-range.lowerBound / step).rounded())
      zeroPoint = min(max(zeroPoint, 0), 255)
    case .signedByte:
      step = Self.usable(magnitude / 127)
      bounds = -127...127
    case .wide: step = Self.usable(largest * Self.wideHeadroom / 32767)
    case .attentionValue:
      step = Self.usable(largest * Self.wideHeadroom / 16383)
      bounds = -16383...16383
    case .key:
      step = Self.usable(largest / 2047)
      bounds = -2047...2047
    case .logit: step = Self.power(-Int(FractionBits.logit))
    case .probability: step = Self.power(-Int(FractionBits.probability))
    case .index: step = 1
    case .tableIndex:
      let highest = Double(Self.tableEntries - 1)
      step = Self.usable(
        (extremes.upperBound - extremes.lowerBound) * Self.wideHeadroom / highest
      )
      // As much room above the measured range as below it.
      zeroPoint = Int32(
        ((highest - (extremes.upperBound + extremes.lowerBound) / step) / 2).rounded()
      )
      zeroPoint = min(max(zeroPoint, 0), Int32(Self.tableEntries - 1))
      bounds = 0...Int32(Self.tableEntries - 1)
    }
  }

  init(element: Element, step: Double, zeroPoint: Int32 = 0) {
    self.element = element
    self.step = step
    self.zeroPoint = zeroPoint
    bounds = element.lowest...element.highest
  }

  /// A value that is zero everywhere still needs a step.
  private static func usable(_ step: Double) -> Double {
    step.isFinite && step > 1e-30 ? step : 1e-6
  }

  static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}

extension Rescale {
  /// The nearest factor `multiplier · 2^-shift`; nil where the ratio is no finite number in
  /// 0…2^30.
  init?(_ ratio: Double) {
    guard ratio.isFinite, ratio >= 0, ratio < 1_073_741_824 else { return nil }
    if ratio < 1e-18 {
      self.init(multiplier: 0, shift: 31)
      return
    }
    var shift = 30 - ratio.exponent
    shift = min(max(shift, 1), 62)
    var multiplier = (ratio * Quantization.power(shift)).rounded()
    if multiplier > Double(Int32.max) {
      shift -= 1
      multiplier = (ratio * Quantization.power(shift)).rounded()
    }
    guard shift >= 1 else { return nil }
    self.init(multiplier: Int32(multiplier), shift: Int32(shift))
  }
}

/// Several factors with one shift, as large as the greatest of them allows.
struct CommonShift {
  let shift: Int32
  let multipliers: [Int32]

  init?(_ ratios: [Double]) {
    guard let greatest = ratios.max(), greatest.isFinite, ratios.allSatisfy({ $0 >= 0 }) else {
      return nil
    }
    var shift = greatest > 0 ? min(30 - greatest.exponent, 62) : 31
    if (greatest * Quantization.power(shift)).rounded() > Double(Int32.max) { shift -= 1 }
    guard shift >= 1 else { return nil }
    self.shift = Int32(shift)
    multipliers = ratios.map { Int32(($0 * Quantization.power(shift)).rounded()) }
  }
}
