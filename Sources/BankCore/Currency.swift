/// An ISO 4217 currency: its code and the number of decimals of its minor unit.
///
/// Codes and minor units follow ISO 4217 list one. Codes without a minor unit of their own
/// (precious metals, testing codes) are left out: no till holds them.
public struct Currency: Hashable, Sendable {
  /// Three upper-case letters, such as `EUR`.
  public let code: String
  /// Decimals of the minor unit: 2 for `EUR`, 0 for `JPY`, 3 for `BHD`.
  public let decimals: Int

  /// The currency of that code, or nil if ISO 4217 does not list it.
  public init?(_ code: String) {
    guard let decimals = Self.decimalsByCode[code] else { return nil }
    self.code = code
    self.decimals = decimals
  }

  /// Minor units in one major unit: 100 for `EUR`.
  public var minorUnitsPerUnit: Int64 {
    (0..<decimals).reduce(1) { product, _ in product * 10 }
  }

  private static let decimalsByCode: [String: Int] = {
    let listed: [(decimals: Int, codes: String)] = [
      (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
      (3, "BHD IQD JOD KWD LYD OMR TND"),
      (4, "CLF UYW"),
      (
        2,
        """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD \
        CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP \
        GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD \
        LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB \
        PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC \
        SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG
        """
      ),
    ]
    var table: [String: Int] = [:]
    for (decimals, codes) in listed {
      for code in codes.split(separator: " ") { table[String(code)] = decimals }
    }
    return table
  }()
}

extension Currency: CustomStringConvertible, Comparable {
  public var description: String { code }
  public static func < (a: Currency, b: Currency) -> Bool { a.code < b.code }
}
