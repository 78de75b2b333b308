import BankCore
import Screen

/// Frequent entries by name, as a configuration has them: each is a line that the palette takes. A `?`
/// stands for what is typed each time.
public struct EntryTemplates: Sendable {
  /// What is wrong with one of them, in words that follow its name.
  public struct Mistake: Hashable, Sendable {
    public let name: String
    public let text: String
  }

  public struct Mistakes: Error, Hashable, Sendable {
    public let all: [Mistake]
  }

  private static let longestName = 16

  let all: [(name: String, line: String)]

  /// No entry has a name.
  public init() { all = [] }

  /// - Throws: all that is wrong with them.
  public init(_ wishes: [(name: String, line: String)]) throws(Mistakes) {
    var mistakes: [Mistake] = []
    var names: Set<String> = []
    for (name, line) in wishes {
      if let text = Self.mistake(name, line) {
        mistakes.append(Mistake(name: name, text: text))
      } else if !names.insert(name).inserted {
        mistakes.append(Mistake(name: name, text: "two entries have that name"))
      }
    }
    guard mistakes.isEmpty else { throw Mistakes(all: mistakes) }
    all = wishes
  }

  private static func mistake(_ name: String, _ line: String) -> String? {
    let isName = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
    guard isName, (1...longestName).contains(name.count) else {
      return "a name is one word of at most \(longestName) letters, digits and -"
    }
    let words = Palette.wordsOfCommands
    guard !words.contains(name.lowercased()) else { return "a command has that name already" }
    guard PaletteLine(line)?.kind != nil else {
      return "'\(sanitized(line))' is no entry, such as d 2378 1200 rent"
    }
    return nil
  }

  var commands: [PaletteCommand] {
    all.map { PaletteCommand($0.name, $0.line, TemplateAction(line: $0.line)) }
  }
}

/// Opens the review of a frequent entry, or the form where a part is to be typed.
private struct TemplateAction: ConsoleAction {
  let line: String

  func objection(in console: ConsoleState) -> String? {
    PaletteLine(line)?.kind.flatMap(console.context.objectionToEntering)
  }

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    PaletteLine(line)?.open(on: &console) ?? []
  }
}

extension PaletteLine {
  private static let blank = "?"

  /// The kind of the entry, whole or begun; nil for another instruction.
  var kind: EntryKind? {
    switch self {
    case .entry(let kind, _, _, _, _), .begun(let kind, _): kind
    case .goTo, .theme, .receipt: nil
    }
  }

  /// Opens the review where all is given, else the form at what is missing.
  fileprivate func open(on console: inout ConsoleState) -> [ConsoleEffect] {
    func given(_ text: String?) -> TextField { TextField(text == Self.blank ? "" : text ?? "") }
    guard let kind else { return [] }
    var form = EntryForm(kind: kind, currency: console.context.defaultCurrency)
    switch self {
    case .entry(_, let account, let counter, let amount, let memo):
      form.account.field = given(account)
      form.counterAccount.field = given(counter)
      form.amount = given(amount)
      form.memo = TextField(memo)
    case .begun(_, let accounts):
      form.account.field = given(accounts.first)
      form.counterAccount.field = given(accounts.dropFirst().first)
    case .goTo, .theme, .receipt: return []
    }
    let missing = form.fields.first { $0 != .memo && form[$0].isEmpty }
    guard let missing else { return console.grant(form.openFilled(&console.context)) }
    form.focus = missing
    return console.grant(form.openAsLeft(&console.context))
  }
}
