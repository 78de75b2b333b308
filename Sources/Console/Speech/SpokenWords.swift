import BankCore
import Screen

/// How things are said to somebody who hears them: amounts and days in words, nothing shortened, no
/// sign that a screen reader passes over.
struct SpokenWords {
  private let words: Wording
  private let now: Instant
  private let currencyName: @Sendable (String) -> String?

  init(_ context: Context) {
    words = context.words
    now = context.now
    currencyName = context.options.currencyName
  }

  // MARK: Money and counts

  /// `182.17 euro`, `minus 5.00 Czech koruna`
  func money(_ money: Money) -> String { "\(amount(money)) \(name(of: money.currency))" }

  /// `182.17`, `minus 5.00`: where the currency was said before.
  func amount(_ money: Money) -> String {
    (money.isNegative ? "minus " : "") + words.amount(money).drop { $0 == "-" }
  }

  /// `plus 182.17 euro`: what an entry does to an account.
  func change(_ money: Money) -> String {
    (money.minorUnits > 0 ? "plus " : "") + self.money(money)
  }

  func sum(_ sum: CheckedSum, _ currency: Currency) -> String { sum.words(currency, amount) }

  /// Its name, `Czech koruna`; where nobody knows one, its letters one by one.
  func name(of currency: Currency) -> String {
    guard let name = currencyName(currency.code), !name.isEmpty else {
      return currency.code.map(String.init).joined(separator: " ")
    }
    var parts = name.split(separator: " ").map(String.init)
    if let last = parts.popLast() { parts.append(last.lowercased()) }
    return parts.joined(separator: " ")
  }

  func count(_ count: Int) -> String { words.count(count) }

  // MARK: Numbers

  /// Without the zeros that it begins with.
  func short(_ number: AccountNumber) -> String {
    let short = number.text.drop { $0 == "0" }
    return short.isEmpty ? number.text : String(short)
  }

  /// Those of an entry, or what it is in their place.
  func accounts(of entry: Entry) -> String { Self.plain(entry.accountsInWords) }

  /// `till-1 14`: the slash and the zeros are no words.
  func label(_ label: String) -> String {
    guard let slash = label.lastIndex(of: "/") else { return label }
    let digits = label[label.index(after: slash)...]
    guard !digits.isEmpty, digits.allSatisfy(\.isNumber) else { return label }
    let number = digits.drop { $0 == "0" }
    return "\(label[..<slash]) \(number.isEmpty ? "0" : number)"
  }

  /// A text in which every number of an entry is said so.
  func labels(in text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let end = word.lastIndex(where: \.isNumber).map { word.index(after: $0) } ?? word.endIndex
      return label(String(word[..<end])) + word[end...]
    }.joined(separator: " ")
  }

  // MARK: Days and times

  private static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  /// `Monday 23 November`; with the year, and without the weekday, where the year is another one.
  func day(_ day: BusinessDay) -> String {
    let (year, month, number) = day.yearMonthDay
    let name = "\(number) \(Self.months[max(0, min(11, month - 1))])"
    guard year == words.today(now).yearMonthDay.year else { return "\(name) \(year)" }
    return "\(Self.weekdays[max(0, min(6, day.weekday - 1))]) \(name)"
  }

  /// `14:02`, with the day in front where it is not today.
  func moment(_ instant: Instant) -> String {
    let day = words.today(instant)
    let time = words.shortTime(instant)
    return day == words.today(now) ? time : "\(self.day(day)) \(time)"
  }

  /// `12 minutes 5 seconds`
  func span(_ milliseconds: Int64?) -> String { Self.units(words.span(milliseconds)) }

  /// The units of a span that is written: `22 min` is said as `22 minutes`.
  static func units(_ written: String) -> String {
    let names = ["s": "second", "min": "minute", "h": "hour", "d": "day", "ms": "millisecond"]
    var said: [String] = []
    for part in written.split(separator: " ") {
      let unit = part.prefix { $0.isLetter }
      let number = said.last?.drop { $0 == "(" } ?? ""
      if let name = names[String(unit)], number.first?.isNumber == true,
        number.allSatisfy({ $0.isNumber || ".,".contains($0) }), number.last?.isNumber == true
      {
        said.append((number == "1" ? name : "\(name)s") + part.dropFirst(unit.count))
      } else {
        said.append(String(part))
      }
    }
    return said.joined(separator: " ")
  }

  /// `live`, `read 14:02`, `snapshot of 12:03`, `estimated from 12:03`
  func source(_ provenance: Provenance, isLive: Bool) -> String {
    switch provenance {
    case .live(let instant): isLive ? "live" : "read \(moment(instant))"
    case .snapshot(let instant): "snapshot of \(moment(instant))"
    case .estimated(_, _, _, let instant, _): "estimated from \(moment(instant))"
    }
  }

  // MARK: Sentences

  /// A text with what screens write in signs said in words, wherever it stands in it: amounts with the
  /// letters of a currency, and the numbers of the bank's own accounts.
  func inWords(_ text: String) -> String {
    var said: [Substring] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let inner = Self.core(of: word)
      // An amount that ends a sentence has another currency than the next one begins with.
      if let currency = Currency(String(inner)), let last = said.last,
        let number = Self.signed(Self.core(of: last)), last.hasSuffix(Self.core(of: last))
      {
        said.removeLast()
        said.append(last.replacing(Self.core(of: last), with: number))
        said.append(word.replacing(inner, with: name(of: currency)))
      } else if let number = AccountNumber(inner), let name = Self.name(ofOwn: number) {
        said.append(word.replacing(inner, with: name))
      } else {
        said.append(word)
      }
    }
    return said.joined(separator: " ")
  }

  /// The word without the signs around it.
  private static func core(of word: Substring) -> Substring {
    let start = word.firstIndex { $0.isLetter || $0.isNumber || "+-".contains($0) }
    guard let start, let end = word.lastIndex(where: { $0.isLetter || $0.isNumber }), start <= end
    else { return "" }
    return word[start...end]
  }

  /// `minus 5.00` of `-5.00`; nil for what is no amount.
  private static func signed(_ amount: Substring) -> String? {
    let digits = amount.first == "-" || amount.first == "+" ? amount.dropFirst() : amount
    guard digits.first?.isNumber == true, digits.allSatisfy({ $0.isNumber || ".,".contains($0) })
    else { return nil }
    return (amount.first == "-" ? "minus " : amount.first == "+" ? "plus " : "") + digits
  }

  /// `till 3` of `BANK-TILL-3-EUR`; nil for a customer's number.
  private static func name(ofOwn number: AccountNumber) -> String? {
    guard number.isOwn, number.ownCurrency != nil else { return nil }
    let name = number.text.dropFirst(5).dropLast(4).lowercased()
    let words = name.replacing("-", with: " ")
    return number.isDrawer && !words.hasPrefix("till") ? "till \(words)" : words
  }

  /// Signs that stand alone, where a key or what begins a line is named.
  private static let signs: Set<Character> = ["/", "?", "=", "<", "@", ":", "-"]

  /// Words that screens write in capitals. A screen reader would spell some of them.
  private static let shouted: Set<Substring> = [
    "NOT", "VERIFIED", "WAS", "BOOKED", "IN", "SUSPENSE", "AND", "IS", "SETTLED", "ONLINE", "OUT",
    "STARTING", "MANUAL", "LEDGER", "NO", "ANSWER", "YET", "DATABASE", "BACK", "RECONCILING", "OF",
    "WRONG", "BANK", "THERE", "DAMAGED", "OLD", "TILL", "NOTHING", "SENT", "DRILL", "ENTRIES", "TO",
    "ARE", "REAL", "RECORDED", "TAKEN", "MAY", "STILL", "BE", "REFUSED", "OUTCOME", "UNKNOWN",
    "PAY", "BLOCKED", "BUT", "VOIDED", "POSTED", "ENTERED", "CASH", "DO", "AGREE", "CANNOT",
    "ADDED", "COPY", "ALARM", "ESTIMATED", "THE", "ACCOUNT", "BY", "GIVE", "TAKE", "SAME",
    "IDENTITY", "NUMBER", "AMOUNT", "MEMO", "FROM", "NAME", "RECEIVED", "PAID",
  ]

  /// A text of the screens as it is said: no capitals for weight, no arrows, no marks of what is
  /// left out or under way, one blank between two words.
  static func plain(_ text: String) -> String {
    var said: [String] = []
    for part in text.split(whereSeparator: \.isWhitespace) {
      switch part {
      case "→", ">": said.append("to")
      case "…", "·", "|", "─": break
      case _ where part.count == 1 && part.first.map(signs.contains) == true:
        said.append(Key.character(part.first ?? " ").spokenName)
      case _ where part.first == ":" && part.dropFirst().first?.isLetter == true:
        said.append("colon \(plain(String(part.dropFirst())))")
      default:
        let word = part.filter { $0 != "…" }
        let letters = word.split { !$0.isLetter }
        let isShouted = !letters.isEmpty && letters.allSatisfy(shouted.contains)
        said.append(isShouted ? word.lowercased() : String(word))
      }
    }
    return units(said.joined(separator: " "))
  }

  /// Each text as a sentence of its own: with a capital letter and a full stop.
  static func sentences(_ texts: [String]) -> String {
    texts.map(plain).filter { !$0.isEmpty }.map { text in
      ".?!".contains(text.last ?? ".") ? text.capitalizedFirst : "\(text.capitalizedFirst)."
    }.joined(separator: " ")
  }

  static func sentences(_ texts: String?...) -> String { sentences(texts.compactMap(\.self)) }

  /// What is not empty, one after the other in a sentence.
  static func list(_ parts: String?...) -> String {
    parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
  }
}

extension Context {
  var spoken: SpokenWords { SpokenWords(self) }
}

extension Key {
  /// What it is called where it is heard: signs and capitals by their names.
  var spokenName: String {
    switch self {
    case .character(let character):
      if let name = Self.signs[character] { return name }
      return character.isUppercase ? "capital \(name)" : name
    case .escape: return "escape"
    case .pageUp: return "page up"
    case .pageDown: return "page down"
    case .backTab: return "shift tab"
    case .control(let character):
      return "control \(Key.character(character).spokenName)"
    default: return name
    }
  }

  private static let signs: [Character: String] = [
    "/": "slash", ">": "greater than", "<": "less than", "=": "equals", ":": "colon",
    "?": "question mark", "-": "minus", "@": "at sign", "+": "plus", " ": "space", ".": "dot",
    ",": "comma", "*": "star", "#": "number sign", "!": "exclamation mark", "_": "underscore",
    "\\": "backslash", "]": "right bracket", "[": "left bracket", "^": "caret",
  ]
}
