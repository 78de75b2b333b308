import BankCore
import Screen

// What the other panels say: what they are about, the field, and the key that goes on.

extension NotePanel {
  func spoken(_ console: ConsoleState) -> [Speech.Part] {
    let words = console.context.spoken
    let entry = view.entry
    let verb = purpose == .void ? "Void" : "Keep"
    let head = SpokenWords.sentences([
      SpokenWords.list(
        "\(verb) \(words.label(entry.label))", "\(entry.kind.word) of \(words.money(entry.amount))",
        SpokenWords.plain(customers.replacing("  ", with: ", "))), entry.memo,
      NoteView(context: console.context, panel: self).consequence,
    ])
    guard confirmsSince != nil else { return [.init(.panel, head), .field("Note", note)] }
    let question = "Press y to \(verb.lowercased()) it, or escape to go back."
    return [
      .init(.panel, head), .init(.panel, note.isEmpty ? "" : "Note \(note.text)."),
      .init(.item, question),
    ]
  }
}

extension NoticePanel {
  func spoken(_ console: ConsoleState) -> [Speech.Part] {
    let context = console.context
    let known =
      "Captured \(context.spoken.moment(notice.entry.capturedAt)) by "
      + "\(notice.entry.operatorName), known since \(context.spoken.moment(notice.at))"
    return [
      .init(
        .panel, SpokenWords.sentences([context.spoken.labels(in: context.text(of: notice)), known])),
      .init(.item, "Press y to mark it as done, or escape to leave it open."),
    ]
  }
}

extension ChangePanel {
  func spoken(_ console: ConsoleState) -> [Speech.Part] {
    let view = ChangeView(context: console.context, panel: self)
    var parts: [Speech.Part] = [.init(.panel, SpokenWords.sentences([view.title, about(console)]))]
    if let failure {
      parts.append(.init(.panel, SpokenWords.sentences([failure.text, failure.fix])))
    }
    switch step {
    case .typing:
      parts += [
        .field(view.label(focus), texts[focus] ?? TextField()),
        .init(.hint, SpokenWords.sentences([errors[focus] ?? view.hint(focus)])),
      ]
    case .asking: parts.append(.init(.item, "The bank is being asked."))
    case .confirm:
      let typed = fields.map { field in
        SpokenWords.list("\(view.label(field)) \(text(field).isEmpty ? "none" : text(field))")
      }
      let back = fields.isEmpty ? "escape to go back" : "escape to edit"
      parts += [
        .init(.panel, SpokenWords.sentences(typed + [view.consequence])),
        .init(
          .item,
          SpokenWords.sentences([
            "Press y: it \(view.question). Press \(back)"
          ])),
      ]
    }
    return parts
  }

  private func about(_ console: ConsoleState) -> String {
    guard case .status(let view, let status) = change else { return "" }
    return "\(view.spokenRow(console.context.spoken)) It will be \(status.rawValue)"
  }
}

extension SettlePanel {
  func spoken(_ console: ConsoleState) -> [Speech.Part] {
    let context = console.context
    let head = Speech.Part(
      .panel,
      SpokenWords.sentences(
        others.isEmpty ? ["Settle", record.spokenRow(context.spoken)] : spokenMany(context)))
    let chosen = SpokenWords.sentences(["\(word(way)): \(explanation(way))"])
    switch step {
    case .way: return [head, spokenWay]
    case .target:
      let isAccount = way == .to
      return [
        head, .init(.panel, chosen),
        .field(isAccount ? "Account" : "Entry", isAccount ? account.field : booked.field),
        isAccount ? accountHint(context) : bookedHint(context),
      ]
    case .note:
      return [head, .init(.panel, chosen), target(context), .field("Note", note)]
    case .confirm:
      return [
        head, .init(.panel, chosen), target(context), .init(.panel, "Note \(note.text)."),
        .init(
          .item,
          "Press y to settle \(others.isEmpty ? "it" : "all"): \(word(way)). "
            + "Press escape to go back."),
      ]
    }
  }

  /// Of many: how many, how much in each currency, and why they are open.
  private func spokenMany(_ context: Context) -> [String] {
    let count = context.words.count(records.count)
    return [
      "Settle \(count) exceptions: \(context.words.sums(records.lazy.map(\.amount)))",
      "Each is settled by itself", "What the bank refuses stays marked", record.need,
    ]
  }

  private var spokenWay: Speech.Part {
    let ways = Way.allCases
    let place = "\((ways.firstIndex(of: way) ?? 0) + 1) of \(ways.count)"
    let refusal = foretoldRefusal(of: way).map { "It would be refused: \($0.text) \($0.fix)" }
    let name = SpokenWords.list(
      word(way), "key \(Key.character(key(way)).spokenName)")
    return .init(
      .item,
      SpokenWords.sentences([
        place, name, refusal ?? objection(to: way) ?? explanation(way),
      ]), edge: "Nothing has changed.")
  }

  private func accountHint(_ context: Context) -> Speech.Part {
    if account.field.isEmpty { return .init(.hint, AccountChoice.nothingTyped) }
    if let failure = account.failure {
      return .init(.hint, SpokenWords.sentences([failure.text, failure.fix]))
    }
    guard account.isAnswered else { return .init(.hint, "") }
    return account.candidates.isEmpty
      ? .init(.hint, account.noMatch) : account.spokenCandidate(context)
  }

  private func bookedHint(_ context: Context) -> Speech.Part {
    let standing = SettleView(context: context, panel: self).standing(of: booked)
    guard booked.shown.indices.contains(booked.highlight) else {
      return .init(.hint, SpokenWords.sentences([standing]))
    }
    let transaction = booked.shown[booked.highlight]
    let place = "\(booked.highlight + 1) of \(booked.shown.count)"
    return .init(
      .hint,
      SpokenWords.sentences([
        place, transaction.entry.spokenRow(context.spoken),
        "Booked \(context.spoken.day(transaction.bookingDate))",
      ]))
  }

  private func target(_ context: Context) -> Speech.Part {
    guard needsTarget else { return .init(.panel, "") }
    if way == .to, let chosen = account.chosen {
      return .init(.panel, "To \(chosen.spokenRow(context.spoken))")
    }
    let entry = booked.chosen.map { context.spoken.label($0.entry.label) } ?? booked.field.trimmed
    return .init(.panel, "Entry \(entry).")
  }
}

extension Palette {
  func spoken(_ console: ConsoleState) -> [Speech.Part] {
    let answers = answers(in: console)
    return [
      .init(.panel, "Commands. Type a name, or a whole entry."), .field("Command", field),
      .init(.hint, SpokenWords.sentences(hint(console, answers.map(\.command)))),
    ]
  }

  private func hint(_ console: ConsoleState, _ commands: [PaletteCommand]) -> [String] {
    if let line = line(among: commands) {
      // Whose account it is comes with the answer.
      let known = line.accounts.filter { lookups[$0] != nil }.map { lookups.inWords($0).text }
      return [line.inWords] + known + [line.enterInWords(lookups, console.context).text]
    }
    guard commands.indices.contains(highlight) else { return ["No command has that name"] }
    let command = commands[highlight]
    let key = Key(name: command.keyName)?.spokenName ?? command.keyName
    return [
      "\(highlight + 1) of \(commands.count)",
      SpokenWords.list(command.word, key.isEmpty ? nil : "key \(key)"),
      command.action.objection(in: console) ?? command.help,
    ]
  }
}

extension HelpPanel {
  func spoken(_ console: ConsoleState) -> [Speech.Part] {
    let view = HelpView(console: console, help: self)
    let bindings = view.bindings
    let offered = console.bindingsBelow.filter {
      $0.footer > .absent && $0.objection(console) == nil
    }.map { "\($0.keys.first?.spokenName ?? "") \($0.word)" }
    let count = bindings.count == 1 ? "1 key" : "\(bindings.count) keys"
    let head = Speech.Part(
      .panel,
      SpokenWords.sentences(
        [view.title] + view.about + offered + ["\(count). Press down for each, or escape"]),
      identity: "help \(filter.text)")
    if isFiltering { return [head, .field("Find", filter), view.hint(of: bindings)] }
    return [head, view.item(of: bindings)]
  }
}

extension HelpView {
  /// The key that the arrows have come to.
  fileprivate func item(of bindings: [Binding]) -> Speech.Part {
    guard !bindings.isEmpty else { return .init(.item, "No key here does that.") }
    let index = max(0, min(help.firstRow, bindings.count - 1))
    let binding = bindings[index]
    let keys = binding.keys.map(\.spokenName).joined(separator: ", ")
    let edge =
      index == 0
      ? "This is the first key." : index == bindings.count - 1 ? "This is the last key." : ""
    return .init(
      .item,
      SpokenWords.sentences([
        "\(index + 1) of \(bindings.count)", "\(keys): \(binding.help(in: console))",
        binding.objection(console).map { "Now: \($0)" } ?? "",
      ]), edge: edge.isEmpty ? "Nothing has changed." : edge)
  }

  fileprivate func hint(of bindings: [Binding]) -> Speech.Part {
    .init(.hint, bindings.isEmpty ? "No key here does that." : "\(bindings.count) found.")
  }
}

extension KeptDraftPanel {
  func spoken(_ console: ConsoleState) -> [Speech.Part] {
    let words = console.context.spoken
    return [
      .init(
        .panel,
        SpokenWords.sentences([
          "\(draft.inWords(label: words.label)) was kept",
          draft.reversal.map { "\($0.kind.word) of \(words.money($0.amount.magnitude))" } ?? "",
          draft.amount.isEmpty ? "" : "amount \(draft.amount)",
          draft.memo.isEmpty
            ? "" : "\(FieldName.memo.label(draft.kind)) \(draft.memo)",
          "Typed by \(draft.operatorName), \(words.moment(draft.at))",
          "Nothing of it was entered",
        ])),
      .init(.item, "Press enter to go on with it, or x to drop it."),
    ]
  }
}
