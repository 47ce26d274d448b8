/// A product that line items of the demo data are made from.
struct CatalogueProduct: Sendable {
  var sku: String
  var name: String
  /// List prices of earlier years, oldest first, in hundredths.
  var listPrices: [Int]
  var cost: Int
  var frequency: String?
  var productType: String

  /// `12345` as `123.45`.
  static func money(_ hundredths: Int) -> String { ExactDecimal(coefficient: Int128(hundredths), scale: 2).text }
}

/// The catalogue of an invented reseller: six managed services, and goods, licences, support and consulting around
/// them. All names are invented.
enum Catalogue {
  /// `SRV-1` to `SRV-6`, with the list prices of four years: what a price round changes.
  static let managedServices: [CatalogueProduct] = [
    service(1, "Managed Workplace", [3900, 4100, 4250, 4400]),
    service(2, "Managed Network", [11_900, 12_400, 12_900, 13_500]),
    service(3, "Managed Backup", [2450, 2600, 2750, 2900]),
    service(4, "Managed Firewall", [8900, 9250, 9500, 9800]),
    service(5, "Managed Cloud Server", [14_900, 15_500, 16_200, 16_900]),
    service(6, "Managed Detection and Response", [690, 740, 790, 820]),
  ]

  private static func service(_ number: Int, _ name: String, _ prices: [Int]) -> CatalogueProduct {
    CatalogueProduct(
      sku: "SRV-\(number)", name: name, listPrices: prices, cost: prices[0] * 6 / 10, frequency: "monthly",
      productType: "service")
  }

  private struct Family {
    var prefix: String
    var type: String
    var frequencies: [String?]
    var makers: [String]
    var things: [String]
    var priceRange: ClosedRange<Int>
  }

  private static let families = [
    Family(
      prefix: "HW", type: "inventory", frequencies: [nil], makers: ["Norda", "Kelvin", "Tarn", "Orvik"],
      things: [
        "Notebook 14", "Notebook 16", "Dock", "Monitor 27", "Monitor 34", "Switch 24", "Access Point", "UPS",
        "Keyboard",
      ],
      priceRange: 4900...249_900),
    Family(
      prefix: "LIC", type: "non-inventory", frequencies: ["annually", "monthly", "annually", "per_three_years"],
      makers: ["Fjell", "Lumen", "Pareto", "Quill"],
      things: ["Office Suite", "Endpoint", "Mail Archive", "Design", "Database", "Signing", "Analytics"],
      priceRange: 390...48_000),
    Family(
      prefix: "SUP", type: "service", frequencies: ["quarterly", "annually", "per_six_months"],
      makers: ["Silver", "Gold", "Platinum"],
      things: ["Hardware Support", "Software Support", "On-site Support", "Hotline"], priceRange: 4500...180_000),
    Family(
      prefix: "CON", type: "service", frequencies: [nil], makers: ["Junior", "Senior", "Principal"],
      things: ["Consulting Day", "Migration Day", "Workshop", "Audit Day", "Training Day"],
      priceRange: 68_000...189_000),
    Family(
      prefix: "OLD", type: "inventory", frequencies: [nil, "monthly"], makers: ["Legacy"],
      things: ["Phone System", "Fax Gateway", "Tape Drive", "Terminal", "Web Hosting"], priceRange: 900...60_000),
  ]

  /// Products come from the families in turn, so that every so many one is of the first.
  static let familyCount = families.count

  /// Products beside the managed services; 194 of them, always the same.
  static func others() -> [CatalogueProduct] {
    var random = SplitMix64(seed: 0x6C69_7321)
    return (0..<194).map { index in
      let family = families[index % families.count]
      let span = family.priceRange.upperBound - family.priceRange.lowerBound
      let price = family.priceRange.lowerBound + random.below(span / 10) * 10
      let maker = random.pick(family.makers)
      let thing = random.pick(family.things)
      return CatalogueProduct(
        sku: "\(family.prefix)-\(1000 + index)", name: "\(maker) \(thing)",
        listPrices: [price * 94 / 100, price * 97 / 100, price], cost: price * (55 + random.below(25)) / 100,
        frequency: random.pick(family.frequencies), productType: family.type)
    }
  }
}
