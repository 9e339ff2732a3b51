/// The matrix products that read int16 in place of 8 bits, and what that costs.
public struct WideProductSection {
  public struct Product {
    public var name: String
    /// Why, such as `few rows`.
    public var reason: String
    public var multiplyAdds: Int
    /// Bytes of the activation that it reads, beyond those of 8 bits.
    public var extraBytes: Int

    public init(name: String, reason: String, multiplyAdds: Int, extraBytes: Int) {
      self.name = name
      self.reason = reason
      self.multiplyAdds = multiplyAdds
      self.extraBytes = extraBytes
    }
  }

  public var products: [Product]
  /// Multiply-adds of all products of the model, those with 8-bit inputs included.
  public var allMultiplyAdds: Int

  public init(products: [Product], allMultiplyAdds: Int) {
    self.products = products
    self.allMultiplyAdds = allMultiplyAdds
  }

  /// The share of the multiply-adds that these products have.
  public var share: Double {
    let wide = products.reduce(0) { $0 + $1.multiplyAdds }
    return allMultiplyAdds > 0 ? Double(wide) / Double(allMultiplyAdds) : 0
  }

  var content: [Markup] {
    guard !products.isEmpty else {
      return [Markup("p", ["class": "note"], text: "Every matrix product reads 8-bit integers.")]
    }
    let note =
      "\(products.count) matrix products read int16: \(Figures.percent(share)) of the "
      + "multiply-adds. Each costs about twice the instructions of an 8-bit one, and a byte more "
      + "for each number that it reads."
    let groups = Dictionary(grouping: products, by: \.reason).map { reason, products in
      (reason, products, products.reduce(0) { $0 + $1.multiplyAdds })
    }.sorted { ($1.2, $0.0) < ($0.2, $1.0) }
    return [Markup("p", ["class": "note"], text: note)]
      + groups.map { reason, products, multiplyAdds in
        Markup(
          "details",
          [:],
          [
            Markup(
              "summary",
              text: "\(reason): \(products.count) products, "
                + "\(Figures.multiplyAdds(multiplyAdds)) multiply-adds"
            ),
            table(products),
          ]
        )
      }
  }

  private func table(_ products: [Product]) -> Markup {
    let titles = ["product", "MACs", "share", "more bytes"]
    let head = titles.enumerated().map { index, title in
      Markup("th", ["scope": "col", "class": index > 0 ? "number" : ""], text: title)
    }
    let rows = products.sorted { $0.multiplyAdds > $1.multiplyAdds }.map { product in
      let share = Double(product.multiplyAdds) / Double(max(allMultiplyAdds, 1))
      return Markup(
        "tr",
        [:],
        [
          Markup("td", [:], [Markup("code", text: product.name)]),
          Markup("td", ["class": "number"], text: Figures.multiplyAdds(product.multiplyAdds)),
          Markup("td", ["class": "number"], text: Figures.percent(share, 2)),
          Markup("td", ["class": "number"], text: Figures.bytes(product.extraBytes)),
        ]
      )
    }
    return Markup(
      "table",
      ["class": "figures"],
      [Markup("thead", [:], [Markup("tr", [:], head)]), Markup("tbody", [:], rows)]
    )
  }
}
