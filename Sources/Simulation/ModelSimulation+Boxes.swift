import FixedPoint
import Foundation
import ModelFile

extension ModelSimulation {
  func sigmoid(_ it: Sigmoid, _ input: Integers) -> Integers {
    input.map { probability(Double($0) * powerOfTwo(-FractionBits.logit)) }
  }

  func refine(_ it: BoxRefinement, _ delta: Integers, _ reference: Integers) -> Integers {
    let columns = channels(it.reference)
    return delta.indices.map { index in
      let own = Double(delta[index]) * powerOfTwo(-FractionBits.logit)
      let (row, coordinate) = (index / 4, index % 4)
      guard coordinate < columns else { return probability(own) }
      let anchor = Double(reference[row * columns + coordinate])
      return probability(own + logit(anchor * powerOfTwo(-FractionBits.probability)))
    }
  }

  func proposals(_ it: ProposalBoxes, _ delta: Integers, _ indices: Integers) -> Integers {
    let tokens = tokens(it.levels)
    let one = powerOfTwo(FractionBits.probability)
    return delta.indices.map { index in
      let token = tokens[Int(indices[index / 4])]
      guard token.isProposal else { return Int32(one) }
      let anchor =
        switch index % 4 {
        case 0: (Double(token.x) + 0.5) / Double(token.grid.validWidth)
        case 1: (Double(token.y) + 0.5) / Double(token.grid.validHeight)
        default: 0.05 * powerOfTwo(Int32(token.level))
        }
      // The operation's definition rounds the anchor first.
      let rounded = (anchor * one).rounded() / one
      return probability(Double(delta[index]) * powerOfTwo(-FractionBits.logit) + logit(rounded))
    }
  }

  /// The sigmoid with 30 fraction bits.
  private func probability(_ logit: Double) -> Int32 {
    Int32((powerOfTwo(FractionBits.probability) / (1 + exp(-logit))).rounded())
  }

  /// The inverse sigmoid of the reference: ln(max(p, 10⁻⁵) / max(1 − p, 10⁻⁵)), p clamped to 0…1.
  private func logit(_ probability: Double) -> Double {
    let clamped = min(max(probability, 0), 1)
    return log(max(clamped, 1e-5) / max(1 - clamped, 1e-5))
  }
}
