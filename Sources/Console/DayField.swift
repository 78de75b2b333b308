import BankCore
import Screen

/// What is typed behind `@`: the day whose first line is to be shown.
struct DayField: Sendable {
  static let examples = "24 Nov, 24.11., 2026-11-24, -7, today or yesterday"

  var field = TextField()
  /// The field takes the keys.
  var isTyping = false

  static let bindings: [Binding] = [
    Binding(
      .enter, word: "go", help: "Go to the first line of that day, or the nearest one before it",
      ListAction.goToDay),
    Binding(.escape, word: "leave", help: "Leave the list where it is", ListAction.leaveDay),
  ]

  /// The day that a text means; nil for what is no day. Without a year it is the last such day, today
  /// included.
  static func day(_ text: String, today: BusinessDay) -> BusinessDay? {
    let text = text.lowercased()
    switch text {
    case "today": return today
    case "yesterday": return today.advanced(byDays: -1)
    default: break
    }
    if text.hasPrefix("-") {
      return number(text.dropFirst(), digits: 1...5).map { today.advanced(byDays: -Int32($0)) }
    }
    if text.contains(".") { return dotted(text, today) }
    return text.contains("-") ? BusinessDay(text) : spoken(text, today)
  }

  /// `24.11.`, `24.11.2026`, with blanks as some write it.
  private static func dotted(_ text: String, _ today: BusinessDay) -> BusinessDay? {
    let parts = text.filter { $0 != " " }.split(separator: ".", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let day = number(parts[0], digits: 1...2),
      let month = number(parts[1], digits: 1...2)
    else { return nil }
    let year = parts.count == 3 && !parts[2].isEmpty ? parts[2] : nil
    return make(day, month, year, today)
  }

  /// `24 nov`, `24 nov 2026`, with the weekday before it as the lists have it.
  private static func spoken(_ text: String, _ today: BusinessDay) -> BusinessDay? {
    var parts = text.split(separator: " ")
    if let first = parts.first, Wording.weekdays.contains(where: { $0.lowercased() == first }) {
      parts.removeFirst()
    }
    guard (2...3).contains(parts.count), let day = number(parts[0], digits: 1...2),
      let month = Wording.months.firstIndex(where: { $0.lowercased() == parts[1] })
    else { return nil }
    return make(day, month + 1, parts.count == 3 ? parts[2] : nil, today)
  }

  private static func make(
    _ day: Int, _ month: Int, _ year: Substring?, _ today: BusinessDay
  ) -> BusinessDay? {
    if let year {
      return number(year, digits: 4...4).flatMap { BusinessDay(year: $0, month: month, day: day) }
    }
    // Eight years back there was a 29 February.
    let years = (0...8).lazy.map { today.yearMonthDay.year - $0 }
    return years.compactMap { BusinessDay(year: $0, month: month, day: day) }
      .first { $0 <= today }
  }

  private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
    guard digits.contains(text.count), text.allSatisfy({ $0.isASCII && $0.isNumber }) else {
      return nil
    }
    return Int(text)
  }
}

extension ListAction {
  static func openDay(on console: inout ConsoleState) {
    _ = console.changeShownScreen { screen, _ in
      screen.dayField = DayField(isTyping: true)
      return []
    }
  }

  static func closeDay(on console: inout ConsoleState) {
    _ = console.changeShownScreen { screen, _ in
      screen.dayField = DayField()
      return []
    }
  }

  /// `enter` in the field.
  static func goToTypedDay(on console: inout ConsoleState) -> [ConsoleEffect] {
    console.changeShownScreen { screen, context in
      guard let typed = screen.dayField?.field.trimmed else { return [] }
      guard let day = DayField.day(typed, today: context.words.today(context.now)) else {
        context.message = .cannot("Type a day such as \(DayField.examples).")
        return []
      }
      screen.dayField = DayField()
      return screen.go(to: day, &context)
    }
  }
}
