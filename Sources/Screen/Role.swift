/// What a piece of the screen is for. Themes give roles their looks; screens never name a colour.
///
/// No role is the only carrier of a meaning: modes, sources of balances and refusals also stand
/// on the screen in words.
public enum Role: UInt8, CaseIterable, Hashable, Sendable {
  // Running text. The accent is for what answers to the teller: keys, and what was searched for.
  case text, dim, heading, columnHeading, label, accent
  // The screens by name and digit, the one that is shown, and how much waits there.
  case tab, tabCurrent, tabCount
  // The mode in the first line.
  case modeStarting, modeOnline, modeSuspect, modeManual, modeReconciling, modeQuarantined
  // What is done, what a person should look at, and what is refused or overdrawn.
  case success, warning, danger
  // The balance as the largest thing of a detail, and what is not in the account yet.
  case balance, estimated
  // What the teller has chosen or searched for.
  case selection, selectionInactive, match
  // Forms.
  case field, fieldActive, fieldInvalid
  // Hair rules between the parts of a screen, panels over it, and what lies behind them.
  case rule, behind, border, panel, panelTitle
  // The last line.
  case footerKey, footerText
  // Progress of a reconciliation or an import, and the balance chart.
  case progress, chart, chartNegative, chartAxis
}

extension Role {
  /// How theme files call it.
  public var word: String { Self.words[Int(rawValue)] }

  /// - Returns: nil for a word of no role.
  public init?(word: String) {
    guard let number = Self.words.firstIndex(of: word) else { return nil }
    self = Self.allCases[number]
  }

  private static let words = allCases.map { String(describing: $0) }

  /// The roles on whose background others are written: the page, panels, the bar over a selected
  /// row, and the block that a mode fills.
  public static let grounds: [Role] = [
    .text, .panel, .selection, .selectionInactive, .modeStarting, .modeOnline, .modeSuspect,
    .modeManual, .modeReconciling, .modeQuarantined,
  ]

  /// Whether it says something of words alone: a blank beside them is of no such thing. The others are
  /// surfaces or have their looks in every column.
  var isOfWords: Bool {
    switch self {
    case .success, .warning, .danger, .estimated, .accent: true
    default: false
    }
  }

  /// What shows a role whose own background cannot be shown.
  var attributesForBackground: Attributes {
    switch self {
    case .tabCurrent, .modeOnline, .modeSuspect, .modeManual, .modeReconciling, .modeQuarantined,
      .selection:
      .reverse
    case .field: .underline
    case .fieldActive, .fieldInvalid, .selectionInactive: [.bold, .underline]
    default: []
    }
  }

  /// What it needs at least on its background, by WCAG 2.2's success criteria 1.4.3 and 1.4.11: what
  /// a reader may pass over, and what is drawn, needs less than a text. No amount is among these.
  var leastContrast: Double {
    switch self {
    case .rule: 1.2
    case .dim, .behind, .border, .chart, .chartNegative: 3
    default: 4.5
    }
  }

  /// The look of a role that a theme does not mention: on any terminal's own background, without
  /// any colour.
  var defaultStyle: Style {
    switch self {
    case .text, .dim, .label, .tab, .footerText, .panel, .border, .estimated, .progress, .chart,
      .chartNegative, .chartAxis:
      Style()
    case .rule, .behind: Style(attributes: .dim)
    case .heading, .columnHeading, .accent, .tabCount, .modeStarting, .success, .warning,
      .danger, .balance, .panelTitle, .footerKey:
      Style(attributes: .bold)
    case .field: Style(attributes: .underline)
    case .selectionInactive, .match, .fieldActive, .fieldInvalid:
      Style(attributes: [.bold, .underline])
    case .tabCurrent, .modeOnline, .selection: Style(attributes: .reverse)
    case .modeSuspect: Style(0x1B1300, on: 0xF2CF6B)
    case .modeManual: Style(0x1B1300, on: 0xEDA63A)
    case .modeReconciling: Style(0x03210F, on: 0x74CF98)
    case .modeQuarantined: Style(0xFFFFFF, on: 0xB3261E)
    }
  }
}
