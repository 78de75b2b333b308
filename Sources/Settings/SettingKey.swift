import BankCore

/// Everything that can be configured. The raw value is the key in a configuration file; a dot
/// stands for a level of it.
public enum SettingKey: String, Hashable, Sendable, CaseIterable {
  case database
  case state
  case terminal
  case operatorName = "operator"
  case theme
  case keys
  case mouse
  case amounts
  case reconcile
  case secondCopy = "second_copy"
  case print
  case slip
  case bankName = "bank.name"
  case bankCurrency = "bank.currency"
  case bankTimeZone = "bank.time_zone"
  case lateDebitValue = "bank.late_debit_value"
  case perEntry = "offline.per_entry"
  case perAccount = "offline.per_account"
  case perTerminal = "offline.per_terminal"
  case maximumSnapshotAgeHours = "offline.maximum_snapshot_age_hours"
  case allowedKinds = "offline.kinds"
  case retypeAbove = "control.retype_above"
  case templates
  case logLevel = "log.level"

  /// The variable that sets it: `DAYBOOK_` and the key in upper case.
  public var variable: String {
    "DAYBOOK_" + rawValue.uppercased().split(separator: ".").joined(separator: "_")
  }

  /// The option of the command line that sets it, where there is one.
  public var flag: String? {
    switch self {
    case .database, .state, .terminal, .operatorName: "--\(rawValue)"
    default: nil
    }
  }

  /// What it decides, in one line.
  public var meaning: String {
    switch self {
    case .database: "where the bank's books are"
    case .state: "directory of the manual ledger and the snapshot"
    case .terminal: "the name of this till"
    case .operatorName: "the name of the person who enters"
    case .theme: "the colours of the console"
    case .keys: "further keys of the console, by the names of actions"
    case .mouse: "on: the console uses the mouse; off: it selects text"
    case .amounts: "decimal separator on screen: point or comma"
    case .reconcile: "asked, or automatic when the database is back"
    case .secondCopy: "directory of a second copy of the manual ledger"
    case .retypeAbove:
      "above so many whole units an entry's amount is typed again before p posts it"
    case .templates: "names of frequent entries, each with the entry as the palette takes it"
    case .print: "the command that prints receipts, as a list of its arguments"
    case .slip: "texts in the place of a slip's own, by name"
    case .bankName: "the name that init gives a new bank"
    case .bankCurrency: "the currency that init gives a new bank"
    case .bankTimeZone: "the time zone that init gives a new bank"
    case .lateDebitValue: "a late debit counts from its booking, or from its capture"
    case .perEntry: "offline cap of one withdrawal or transfer, in whole units"
    case .perAccount: "offline cap of an account and outage, in whole units"
    case .perTerminal: "offline cap of this terminal and outage, in whole units"
    case .maximumSnapshotAgeHours: "age of the snapshot beyond which nothing is paid out"
    case .allowedKinds: "kinds of entries that are taken offline"
    case .logLevel: "what is written to daybook.log: error, warning, info or debug"
    }
  }

  /// Whether it limits what may be taken, or how. The bank's policy binds: whoever
  /// enters may make it tighter for a call, by a variable, and never looser.
  public var isLimit: Bool {
    switch self {
    case .perEntry, .perAccount, .perTerminal, .maximumSnapshotAgeHours, .allowedKinds,
      .retypeAbove:
      true
    default: false
    }
  }

  /// What its value looks like.
  var shape: SettingShape {
    switch self {
    case .database: .text
    case .state, .secondCopy: .path
    case .terminal: .terminalName
    case .operatorName, .theme, .bankName: .line
    case .amounts: .choice(AmountNotation.allCases.map(\.rawValue))
    case .reconcile: .choice(["asked", "automatic"])
    case .mouse: .choice(["off", "on"])
    case .print: .words
    case .slip: .texts(SlipTexts.Name.allCases.map(\.rawValue))
    case .keys: .pairs
    case .bankCurrency: .currency
    case .bankTimeZone: .timeZone
    case .lateDebitValue: .choice(LateDebitValue.allCases.map(\.rawValue))
    case .perEntry, .perAccount, .perTerminal, .maximumSnapshotAgeHours, .retypeAbove: .wholeNumber
    case .templates: .entries
    case .allowedKinds: .choices(Self.counterKinds.map(\.rawValue))
    case .logLevel: .choice(["error", "warning", "info", "debug"])
    }
  }

  /// Its value when nobody sets one; what depends on the machine is added by whoever loads.
  var standard: SettingValue? {
    let policy = OfflinePolicy()
    return switch self {
    case .database, .state, .operatorName, .secondCopy, .print, .slip, .keys, .retypeAbove,
      .templates:
      nil
    case .terminal: .text("till-1")
    case .theme: .text("terminal")
    case .amounts: .text(AmountNotation.point.rawValue)
    case .reconcile: .text("asked")
    case .mouse: .text("off")
    case .bankName: .text("Daybook Bank")
    case .bankCurrency: .text("EUR")
    case .bankTimeZone: .text("UTC")
    case .lateDebitValue: .text(LateDebitValue.booking.rawValue)
    case .perEntry: .number(policy.perEntryUnits)
    case .perAccount: .number(policy.perAccountUnits)
    case .perTerminal: .number(policy.perTerminalUnits)
    case .maximumSnapshotAgeHours: .number(policy.maximumSnapshotAgeSeconds / 3600)
    case .allowedKinds:
      .list(Self.counterKinds.filter(policy.allowedKinds.contains).map(\.rawValue))
    case .logLevel: .text("info")
    }
  }

  /// The kinds that a teller can enter.
  static let counterKinds: [EntryKind] = [.deposit, .withdrawal, .transfer, .reversal]
}
