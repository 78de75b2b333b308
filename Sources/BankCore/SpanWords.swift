/// How long something took, in the words of screens and reports.
public enum SpanWords {
  /// `0.4 s`, `40 s`, `12 min 5 s`, `3 h 20 min`, `2 d 4 h`; `not known` for none.
  public static func text(milliseconds: Int64?, _ notation: AmountNotation = .point) -> String {
    guard let milliseconds else { return "not known" }
    let seconds = milliseconds / 1000
    switch seconds {
    case ..<10: return "\(seconds)\(notation.decimalSeparator)\(milliseconds % 1000 / 100) s"
    case ..<60: return "\(seconds) s"
    case ..<3_600: return pair(seconds / 60, "min", seconds % 60, "s")
    case ..<86_400: return pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min")
    default: return pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h")
    }
  }

  /// `40 s`, `90 min`, `26 h`, `3 days`: how old something is, in one unit.
  public static func age(seconds: Int64) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7_200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3_600) h"
    default: "\(seconds / 86_400) days"
    }
  }

  private static func pair(
    _ great: Int64, _ greatUnit: String, _ small: Int64, _ unit: String
  ) -> String {
    small == 0 ? "\(great) \(greatUnit)" : "\(great) \(greatUnit) \(small) \(unit)"
  }
}
