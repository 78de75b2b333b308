import BankCore
import BankService

/// Reads of rows that answer a filter, along a key and within a bound.
///
/// The server narrows down which rows may answer: its condition holds for every row that does, and for
/// few others. `RowFilter` has the last word on each of these, as on every store.
struct FilteredReading {
  /// The table with `daybook.booking` and its conditions, and the key along which it is read.
  let source: String
  let key: String
  var conditions: PageQuery
  let forwards: Bool
  /// Rows that are looked through at most.
  let most: Int
  /// The numbers of the accounts that are looked through.
  let numbers: String

  /// Of an entry on `daybook.booking`, one below the other.
  private var text: String {
    """
    concat_ws(E'\\n',
      booking.terminal || '/' || lpad(booking.number::text,
        greatest(4, length(booking.number::text)), '0'),
      booking.kind, booking.memo, booking.operator, booking.stated_holder, booking.outcome,
      booking.reason, \(Self.flagWords), \(numbers),
      to_char('1970-01-01'::date + booking.booking_date, 'YYYY-MM-DD')) COLLATE "C"
    """
  }

  private static let flagWords = Flag.allCases.reduce("booking.flags") { sql, flag in
    "replace(\(sql), '\(flag.rawValue)', '\(flag.word)')"
  }

  struct Page<Line> {
    var lines: [Line]
    var hasMore: Bool
    var looked: LookedThrough
  }

  /// - Parameters:
  ///   - columns: what `read` reads of a row.
  ///   - tables: what these are columns of, beside `found.place` and `found.entry_id`.
  func page<Line>(
    _ filter: RowFilter, limit: Int, columns: String, tables: String, _ connection: Connection,
    read: (inout Cells) throws(StoreFault) -> Line, fields: (Line) -> SearchFields
  ) throws(StoreFault) -> Page<Line> {
    let size = max(1, limit)
    let order = forwards ? "ASC" : "DESC"
    let looked = """
      SELECT \(key) AS place, booking.entry_id, booking.amount, \(text) AS text,
        row_number() OVER (ORDER BY \(key) \(order)) AS rank
      FROM \(source) \(conditions.whereClause) ORDER BY \(key) \(order) LIMIT \(most)
      """
    var asked = conditions
    let answering = Self.condition(filter, &asked)
    let answers = try connection.run([
      Call(
        """
        SELECT found.place, found.rank, \(columns) FROM (
          SELECT place, entry_id, rank FROM (\(looked)) AS looked WHERE \(answering)
          ORDER BY place \(order) LIMIT \(asked.place())) AS found
        \(tables) ORDER BY found.place \(order)
        """, asked.parameters + [.integer(size + 1)]),
      Call(
        """
        SELECT count(*), \(forwards ? "max" : "min")(place) FROM (
          SELECT \(key) AS place FROM \(source) \(conditions.whereClause)
          ORDER BY \(key) \(order) LIMIT \(most)) AS looked
        """, conditions.parameters),
    ])
    let found = try answers[0].read { cells throws(StoreFault) in
      (place: try cells.integer(), rank: try cells.integer(), line: try read(&cells))
    }
    let all = try answers[1].first { cells throws(StoreFault) in
      LookedThrough(rows: Int(try cells.integer()), end: try cells.optionalInteger())
    }
    let lines = found.prefix(size).map(\.line).filter { filter.matches(fields($0)) }
    let isCut = found.count > size
    let reached =
      isCut ? LookedThrough(rows: Int(found[size - 1].rank), end: found[size - 1].place) : all
    return Page(
      lines: forwards ? lines : lines.reversed(),
      hasMore: isCut || reached?.rows == most,
      looked: reached ?? LookedThrough(rows: 0, end: nil))
  }

  // MARK: The condition

  private static func condition(_ filter: RowFilter, _ asked: inout PageQuery) -> String {
    var parts: [String] = []
    for word in filter.words {
      guard let pattern = WordPattern(word.text)?.text else { return "false" }
      var part = "text ~ \(asked.take(.text(pattern), "text"))"
      if let digits = word.amount?.filter({ $0.isASCII && $0.isNumber }) {
        // Of how many decimals its currency has, the server knows nothing.
        let beginning = digits.drop { $0 == "0" } + "%"
        part += " OR amount::text LIKE \(asked.take(.text(String(beginning)), "text"))"
      }
      parts.append("(\(part))")
    }
    return parts.isEmpty ? "true" : parts.joined(separator: " AND ")
  }
}

/// A regular expression of the server that finds every text in which a folded word stands: with accents,
/// in capitals, and with letters that are read as two. A text with letters that nobody here knows is
/// found too.
struct WordPattern {
  let text: String

  /// Nil for a word that no text of the server can hold.
  init?(_ word: String) {
    guard !word.unicodeScalars.contains("\0") else { return nil }
    var pattern = ""
    var before: Unicode.Scalar?
    for letter in word.unicodeScalars {
      let others = Spellings.all.letters[letter] ?? []
      pattern += "[\(Self.members([letter] + others))]"
      if let before, Spellings.all.joined.contains(String(before) + String(letter)) {
        pattern += "?"
      }
      pattern += Self.ignored
      before = letter
    }
    text = "(?:\(pattern))|\(Self.unknown)"
  }

  private static let ignored = "[\(members(Spellings.all.ignored))]*"

  private static let unknown =
    "[^"
    + Spellings.known.map { "\(escaped($0.lowerBound))-\(escaped($0.upperBound))" }.joined() + "]"

  private static func members(_ scalars: [Unicode.Scalar]) -> String {
    scalars.map { escaped($0.value) }.joined()
  }

  /// `\u0161`, so that no letter has a meaning of its own.
  private static func escaped(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return value > 0xFFFF
      ? "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      : "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
