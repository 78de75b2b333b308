import BankCore

/// What the console is told once, when it opens.
public struct ConsoleOptions: Sendable {
  /// How amounts are read and written.
  public var notation: AmountNotation
  /// Seconds to add to UTC for the wall clock of an IANA time zone at that moment: the bank's, once
  /// the bank is known, and nil before. Must be a pure function: the console is a value and paints
  /// the same frame for the same state.
  public var clockOffsetSeconds: @Sendable (Instant, _ timeZone: String?) -> Int
  /// The sample bank: the first screen says what to try.
  public var isDemo: Bool
  /// The console is told line by line, by `speak`: no charts, and nothing that changes by itself while
  /// all is well.
  public var isPlain: Bool
  /// The themes that `:theme` may choose.
  public var themes: [String]
  /// The mouse chooses from the start; `:mouse` changes it.
  public var usesMouse = false
  /// What people call the currency of that ISO 4217 code where it is heard; nil for one without a
  /// name. Must be a pure function.
  public var currencyName: @Sendable (String) -> String? = { _ in nil }
  /// A command for printing slips is configured.
  public var printsSlips = false
  /// Above so many whole units of its currency an entry's amount is typed again before it is posted;
  /// nil where none is.
  public var retypesAboveUnits: Int64?
  /// Further keys that the configuration asks for.
  public var keymap = Keymap()
  /// Frequent entries, by the names that the configuration gives them.
  public var templates = EntryTemplates()
  /// The currency of an account that neither the bank nor the snapshot knows.
  public var currency: Currency?

  public init(
    notation: AmountNotation = .point, isDemo: Bool = false,
    isPlain: Bool = false, themes: [String] = [], currency: Currency? = nil,
    clockOffsetSeconds: @escaping @Sendable (Instant, String?) -> Int = { _, _ in 0 }
  ) {
    self.notation = notation
    self.isDemo = isDemo
    self.isPlain = isPlain
    self.themes = themes
    self.currency = currency
    self.clockOffsetSeconds = clockOffsetSeconds
  }
}
