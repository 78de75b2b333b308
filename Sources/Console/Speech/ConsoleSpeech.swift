import BankCore
import Screen

/// What is to be told of a state, as a value. The same state gives the same speech.
public func speak(_ state: ConsoleState) -> Speech {
  var parts = [SpokenMode(state).part] + SpokenNotices(state).parts
  if let message = state.message, !SpokenMode(state).says(message) {
    parts.append(.init(.message, SpokenWords.plain(message.text)))
  }
  parts += state.shownScreen.spokenPlace(state.context)
  if let overlay = state.overlay {
    parts += overlay.spoken(state)
  } else if let form = state.form {
    parts += form.spoken(state)
  } else {
    parts += state.shownScreen.dayField?.spoken ?? []
    parts += state.shownScreen.spokenItem(state.context)
  }
  let words = state.context.spoken
  // What is typed is said as it was typed.
  return Speech(parts.map { $0.kind == .field ? $0 : $0.said(words.inWords) })
}

/// What may be promised now: the mode, why it is so, and what may be taken.
struct SpokenMode {
  private let state: ConsoleState
  private var status: ServiceStatus { state.status }
  private var context: Context { state.context }

  init(_ state: ConsoleState) { self.state = state }

  var part: Speech.Part {
    let code = status.cause?.code.description ?? ""
    return .init(.mode, brief, identity: "\(status.banner) \(code) \(context.drillWords)")
  }

  /// It tells of the loss, and of the way back, itself.
  func says(_ message: Message) -> Bool {
    switch message.subject {
    case .loss: status.isCutOff
    case .wayBack: status.mode == .reconciling && status.progress == nil
    default: false
    }
  }

  /// `Manual ledger. Server stopped or wrong port at db.branch. Deposits open.`
  private var brief: String {
    guard status.hasBlock else { return SpokenWords.sentences([banner, place]) }
    return SpokenWords.sentences([banner, cause, offer])
  }

  /// The same with what waits and what the customer is told, as `m` repeats it.
  var full: String {
    SpokenWords.sentences(
      [banner, place] + (status.hasBlock ? [cause, since, offer, header.saying] : [])
        + [status.waiting == 0 ? "Nothing waits" : header.waitingWords] + standing)
  }

  private var header: Header { Header(state) }
  private var banner: String { SpokenWords.list(status.banner, context.drillWords) }

  private var place: String {
    SpokenWords.list(status.bank?.name, status.terminal, status.operatorName)
  }

  private var cause: String {
    CauseLine(state: state).text(columns: .max) ?? header.unknownCause
  }

  private var since: String {
    guard let cause = status.cause else { return "" }
    if let until = status.hold?.until { return "Until \(context.spoken.moment(until))" }
    return "Since \(context.spoken.moment(cause.since))"
  }

  private var offer: String { header.offer(columns: .max) }

  private var standing: [String] { SpokenNotices(state).parts.map(\.text) }
}

/// What must not be overlooked: it is told once, and again when it has changed.
struct SpokenNotices {
  private let state: ConsoleState
  private var context: Context { state.context }

  init(_ state: ConsoleState) { self.state = state }

  var parts: [Speech.Part] {
    var parts = context.openNotices.map { notice in
      Speech.Part(
        .notice,
        SpokenWords.sentences([
          context.spoken.labels(in: context.text(of: notice)),
          context.pointer(to: .reconcile, "Press 5 to see to it"),
        ]), identity: notice.text(amount: ""))
    }
    if let notice = state.status.ledgerNotice {
      parts.append(.init(.notice, SpokenWords.sentences([context.spoken.labels(in: notice)])))
    }
    if let line { parts.append(line) }
    if let marked = state.markedInWords {
      parts.append(.init(.notice, SpokenWords.sentences([marked])))
    }
    // It stays known while it does not stand on the screen.
    if state.options.isDemo {
      parts.append(.init(.notice, NoticeLine.sampleBank, identity: "sample bank"))
    }
    return parts
  }

  private var line: Speech.Part? {
    guard let text = NoticeLine(state).beside?.text, text != NoticeLine.sampleBank else {
      return nil
    }
    // Figures that move would be told again and again.
    let moves = state.status.progress != nil
    let clock = state.status.clock?.sentence ?? ""
    let identity = moves ? "reconciling" : text.replacing(clock, with: "clock")
    return .init(
      .notice, SpokenWords.sentences([context.spoken.labels(in: text)]), identity: identity)
  }
}

/// What the keys do that only a reader of lines has.
enum SpeechAction: ConsoleAction {
  case repeatMode

  fileprivate static let onScreens: [Binding] = [mode(.character("m"), .function(2))]
  /// Where letters are text.
  fileprivate static let inFields: [Binding] = [mode(.function(2))]

  private static func mode(_ keys: Key...) -> Binding {
    Binding(
      keys: keys, word: "mode", help: "Say again what the mode is, why, and what waits",
      footer: .absent, action: repeatMode
    ).of(.rest)
  }

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    switch self {
    case .repeatMode: console.message = .plain(SpokenMode(console).full)
    }
    return []
  }
}

extension ConsoleOptions {
  /// The bindings of a screen, with those that only a reader of lines has.
  func bindings(of screen: ScreenName) -> [Binding] {
    let bindings = keymap.bindings(of: screen)
    return isPlain ? (bindings + SpeechAction.onScreens).withoutShadowed : bindings
  }

  /// The same where a panel or a field has the keys.
  func heard(_ bindings: [Binding]) -> [Binding] {
    isPlain ? (bindings + SpeechAction.inFields).withoutShadowed : bindings
  }
}

// MARK: Lists

extension Context {
  /// What is selected in a list, with its place in it.
  ///
  /// - Parameters:
  ///   - total: how many there are where not all are loaded; nil where nobody knows.
  ///   - isReading: another part of the list is on its way: what is selected now is not meant.
  ///   - empty: what stands in the place of rows.
  func spokenItem<Element: Listed>(
    _ list: ListWindow<Element>, total: Int? = nil, isReading: Bool = false, empty: String,
    row: (Element) -> String
  ) -> Speech.Part {
    guard !isReading else { return .init(.item, "Reading.") }
    guard let index = list.selectedIndex else {
      let text = SpokenWords.sentences([empty])
      return .init(.item, text, edge: "The list has no row.")
    }
    let element = list.elements[index]
    let said = row(element)
    let isMarked = list.marks.contains(element.listID)
    let place = list.place(of: index, total: total).map { "\($0)." }
    let text = [place, isMarked ? "Marked." : nil, said].compactMap(\.self).joined(separator: " ")
    return .init(
      .item, text, identity: "\(element.listID) \(isMarked) \(said)", edge: list.edge(at: index))
  }
}

extension ListWindow {
  /// `2 of 300`; nil where nobody knows how many rows are above.
  fileprivate func place(of index: Int, total: Int?) -> String? {
    if isWhole { return "\(index + 1) of \(elements.count)" }
    if !hasMoreAbove, !isArranged { return total.map { "\(index + 1) of \($0)" } ?? "\(index + 1)" }
    guard !hasMoreBelow, !isArranged, let total else { return nil }
    return "\(total - elements.count + index + 1) of \(total)"
  }

  /// Why a key may have changed nothing.
  fileprivate func edge(at index: Int) -> String {
    let isFirst = index == 0 && !hasMoreAbove
    let isLast = index == elements.count - 1 && !hasMoreBelow
    return switch (isFirst, isLast) {
    case (true, true): "This is the only row."
    case (true, false): "This is the first row."
    case (false, true): "This is the last row."
    case (false, false): "Nothing has changed."
    }
  }
}

extension ListFilter {
  /// What is typed to find rows, and how many it has found.
  func spoken(found: String) -> [Speech.Part] {
    guard isTyping else { return [] }
    return [
      .field("Find", field),
      .init(.hint, field.isEmpty ? "" : SpokenWords.sentences(["\(found) found"])),
    ]
  }

  /// What of the list is shown, for its name.
  func inSpokenWords(found: String) -> String? {
    field.isEmpty || isTyping ? nil : "with \(field.trimmed), \(found)"
  }
}

extension DayField {
  /// The day that is typed.
  fileprivate var spoken: [Speech.Part] {
    isTyping ? [.field("Go to day", field, empty: "Go to day. Type \(Self.examples).")] : []
  }
}

extension Speech.Part {
  /// A field with what stands in it, and what the caret stands before.
  ///
  /// - Parameter empty: what is said of it while nothing is typed; its name where it is nil.
  static func field(_ name: String, _ field: TextField, empty: String? = nil) -> Speech.Part {
    let caret =
      field.caret < field.characters.count
      ? ", before \(Key.character(field.characters[field.caret]).spokenName)" : ""
    // A blank at the end says nothing, and its full stop would stand alone.
    let typed = caret.isEmpty ? field.trimmed : field.text
    let said = "\(name), \(typed)\(caret)"
    let text = field.isEmpty ? empty ?? "\(name)." : said.last == "." ? said : "\(said)."
    return .init(
      .field, text, identity: "\(name) \(field.text) \(field.caret)",
      edge: "Nothing has changed.", value: field.text)
  }
}
