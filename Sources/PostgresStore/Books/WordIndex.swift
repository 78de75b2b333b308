import BankCore
import BankService

/// The index of accounts by words.
struct WordIndex: AccountIndex {
  let connection: Connection

  // MARK: Reading

  func counts(of words: [String], most: Int) throws(StoreFault) -> [Int] {
    let calls = words.map { word in
      Call(
        """
        SELECT count(*) FROM (
          SELECT 1 FROM daybook.account_word WHERE word >= $1::text AND word < $2::text
          LIMIT $3::bigint) AS found
        """, [.text(word), .text(AccountSelection.end(of: word)), .integer(most)])
    }
    var counts: [Int] = []
    for rows in try connection.run(calls) {
      let count = try rows.first { cells throws(StoreFault) in try cells.integer() }
      counts.append(Int(count ?? 0))
    }
    return counts
  }

  func reaches(
    of lists: [String], in stretch: AccountStretch, entries: Int
  ) throws(StoreFault) -> [String?] {
    let calls = lists.map { list in
      Call(
        """
        SELECT number FROM daybook.account_word
        WHERE word = $1::text AND number >= $2::text AND number < $3::text
        ORDER BY number \(stretch.order) LIMIT 1 OFFSET $4::bigint
        """, [.text(list), .text(stretch.from), .text(stretch.to), .integer(entries)])
    }
    var reaches: [String?] = []
    for rows in try connection.run(calls) {
      reaches.append(try rows.first { cells throws(StoreFault) in try cells.text() })
    }
    return reaches
  }

  func numbers(
    _ selection: AccountSelection, in stretch: AccountStretch, limit: Int
  ) throws(StoreFault) -> [String] {
    var parameters = Parameters()
    let bounds =
      "number >= \(parameters.text(stretch.from)) AND number < \(parameters.text(stretch.to))"
    let sql =
      switch selection.entries {
      case .allAccounts:
        """
        SELECT number FROM daybook.account
        WHERE \(bounds) AND \(Self.has(selection, &parameters)) ORDER BY number \(stretch.order)
        """
      case .place(let place):
        Self.asked(
          "word = \(parameters.text(place)) AND \(bounds)", selection, stretch, &parameters)
      case .places(let beginning):
        """
        SELECT DISTINCT number FROM (
          \(Self.asked("\(parameters.begins(beginning)) AND \(bounds)", selection, stretch, &parameters))
        ) AS found ORDER BY number \(stretch.order)
        """
      }
    return try connection.run("\(sql) LIMIT \(parameters.integer(limit))", parameters.inOrder)
      .read { cells throws(StoreFault) in try cells.text() }
  }

  /// The entries' accounts in their order, each asked by its key. LIMIT keeps the planner from
  /// reading the accounts in another way, and the order inside from another way of the entries.
  private static func asked(
    _ condition: String, _ selection: AccountSelection, _ stretch: AccountStretch,
    _ parameters: inout Parameters
  ) -> String {
    let marks = parameters.integer(selection.marks)
    let isMarked = "marks & \(marks) = \(marks)"
    let listed = selection.listed.map { word in
      "number IN (SELECT number FROM daybook.account_word WHERE \(parameters.begins(word)))"
    }
    // Within CASE the entries of a word are read once and hashed. As a join the planner, which knows no
    // bound of them, would look for each of them.
    let isTaken =
      listed.isEmpty
      ? isMarked : "CASE WHEN \(isMarked) THEN \(listed.joined(separator: " AND ")) END"
    let entries = """
      SELECT number FROM daybook.account_word
      WHERE \(condition) AND \(isTaken) ORDER BY number \(stretch.order)
      """
    guard !selection.beginnings.isEmpty else { return entries }
    return """
      SELECT entry.number FROM (\(entries)) AS entry
      CROSS JOIN LATERAL (
        SELECT 1 FROM daybook.account
        WHERE account.number = entry.number AND \(has(selection, &parameters)) LIMIT 1) AS found
      """
  }

  private static func has(_ selection: AccountSelection, _ parameters: inout Parameters) -> String {
    let conditions = selection.beginnings.map { "strpos(words, \(parameters.text($0))) > 0" }
    return conditions.isEmpty ? "true" : conditions.joined(separator: " AND ")
  }

  func accounts(in stretch: AccountStretch, limit: Int) throws(StoreFault) -> [Account] {
    try connection.run(
      """
      SELECT \(Account.columns) FROM daybook.account
      WHERE number >= $1::text AND number < $2::text
      ORDER BY number \(stretch.order) LIMIT $3::bigint
      """, [.text(stretch.from), .text(stretch.to), .integer(limit)]
    ).read { cells throws(StoreFault) in try Account(&cells) }
  }

  func accounts(_ numbers: [String]) throws(StoreFault) -> [Account] {
    let found = try connection.run(
      "SELECT \(Account.columns) FROM daybook.account WHERE number = ANY ($1::text[])",
      [.texts(numbers)]
    ).read { cells throws(StoreFault) in try Account(&cells) }
    let byNumber = Dictionary(found.map { ($0.number.text, $0) }) { first, _ in first }
    return numbers.compactMap { byNumber[$0] }
  }

  func countAll() throws(StoreFault) -> Int {
    let answers = try connection.run([
      .beginReading, SessionSettings.allowsWholeTables,
      Call("SELECT count(*) FROM daybook.account"), .commit,
    ])
    return Int(try answers[2].first { cells throws(StoreFault) in try cells.integer() } ?? 0)
  }

  // MARK: Writing

  /// - Returns: the statement that gives a new account its entries.
  static func insertion(of number: AccountNumber, _ words: AccountWords) -> Call {
    Call(
      """
      INSERT INTO daybook.account_word (word, number, marks)
      SELECT place, $2::text, $3::bigint FROM unnest($1::text[]) AS new (place)
      """,
      [
        .texts(words.places.sorted()), .text(number.text), .integer(words.marks),
      ])
  }
}

/// Parameters in the order in which a statement names them.
private struct Parameters {
  private(set) var inOrder: [Parameter] = []

  mutating func text(_ text: String) -> String {
    inOrder.append(.text(text))
    return "$\(inOrder.count)::text"
  }

  mutating func integer(_ number: some BinaryInteger) -> String {
    inOrder.append(.integer(Int64(number)))
    return "$\(inOrder.count)::bigint"
  }

  mutating func begins(_ beginning: String) -> String {
    "word >= \(text(beginning)) AND word < \(text(AccountSelection.end(of: beginning)))"
  }
}
