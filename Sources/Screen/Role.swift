/// What a piece of the screen is for. Themes give roles their colours; screens never name a colour.
///
/// No role is the only carrier of a meaning: modes, sources of balances and refusals also stand
/// on the screen in words.
public enum Role: String, CaseIterable, Hashable, Sendable {
  // Running text.
  case text, dim, heading, columnHeading, label, accent
  // The screens by name and digit, the one that is shown, and how much waits there.
  case tab, tabCurrent, tabCount
  // The mode in the first line.
  case modeStarting, modeOnline, modeSuspect, modeManual, modeReconciling, modeQuarantined
  // Announcements and outcomes.
  case banner, information, success, warning, danger
  // The balance as the largest thing of a detail; amounts, and where a balance comes from.
  case balance, credit, debit, estimated, snapshot
  // What the teller has chosen or searched for.
  case selection, selectionInactive, match
  // Forms.
  case field, fieldActive, fieldInvalid
  // Hair rules between the parts of a screen, and panels over it.
  case rule, border, panel, panelTitle
  // The last line.
  case footerKey, footerText
  // Progress of a reconciliation or an import, and the balance chart.
  case progress, chart, chartNegative, chartAxis
}

extension Role {
  /// The look of a role that a theme does not mention: the terminal's own sixteen colours on its
  /// own background, and readable without any colour.
  var defaultStyle: Style {
    switch self {
    case .text, .panel, .footerText, .field, .tab: Style()
    case .dim, .chartAxis, .rule, .border, .label, .snapshot: Style(attributes: .dim)
    case .heading, .panelTitle, .footerKey, .tabCount, .balance: Style(attributes: .bold)
    case .columnHeading: Style(attributes: .underline)
    case .accent, .information, .chart, .progress: Style(.cyan)
    case .modeStarting: Style(attributes: [.bold, .dim])
    case .modeOnline: Style(.green, attributes: .bold)
    case .modeSuspect: Style(.black, on: .yellow)
    case .modeManual: Style(.black, on: .yellow, .bold)
    case .modeReconciling: Style(.black, on: .cyan, .bold)
    case .modeQuarantined: Style(.brightWhite, on: .red, .bold)
    case .banner: Style(.yellow, attributes: .bold)
    case .success, .credit: Style(.green)
    case .warning, .estimated: Style(.yellow)
    case .danger: Style(.red, attributes: .bold)
    case .debit, .chartNegative: Style(.red)
    case .selection, .tabCurrent: Style(attributes: .reverse)
    case .selectionInactive, .match: Style(attributes: [.bold, .underline])
    case .fieldActive: Style(attributes: [.bold, .underline])
    case .fieldInvalid: Style(.red, attributes: [.bold, .underline])
    }
  }
}
