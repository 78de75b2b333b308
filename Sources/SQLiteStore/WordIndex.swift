import BankCore
import GRDB

/// The index of accounts by words. The books and the local snapshot have the same tables for it.
struct WordIndex: AccountIndex {
  let database: Database

  // MARK: Reading

  func counts(of words: [String], most: Int) throws -> [Int] {
    try words.map { word in
      let row = try database.row(
        """
        SELECT count(*) AS count FROM (
          SELECT 1 FROM account_word WHERE word >= ? AND word < ? LIMIT \(most))
        """, [word, AccountSelection.end(of: word)])
      return Int(try row?.integer("count") ?? 0)
    }
  }

  func reaches(
    of lists: [String], in stretch: AccountStretch, entries: Int
  ) throws -> [String?] {
    try lists.map { list in
      try database.row(
        """
        SELECT number FROM account_word WHERE word = ? AND number >= ? AND number < ?
        ORDER BY number \(stretch.order) LIMIT 1 OFFSET \(entries)
        """, [list, stretch.from, stretch.to])?.text("number")
    }
  }

  func numbers(
    _ selection: AccountSelection, in stretch: AccountStretch, limit: Int
  ) throws -> [String] {
    var condition = Condition()
    condition.add("number >= ? AND number < ?", stretch.from, stretch.to)
    switch selection.entries {
    case .allAccounts: break
    case .place(let place): condition.add("word = ?", place)
    case .places(let beginning):
      condition.add("word >= ? AND word < ?", beginning, AccountSelection.end(of: beginning))
    }
    if selection.entries != .allAccounts {
      condition.add("marks & ? = ?", selection.marks, selection.marks)
    }
    for beginning in selection.beginnings {
      condition.add("instr(account.words, ?) > 0", beginning)
    }
    for word in selection.listed {
      condition.add(
        "number IN (SELECT number FROM account_word WHERE word >= ? AND word < ?)",
        word, AccountSelection.end(of: word))
    }
    let source =
      switch selection.entries {
      case .allAccounts: "account"
      case _ where selection.beginnings.isEmpty: "account_word"
      default: "account_word CROSS JOIN account USING (number)"
      }
    return try database.rows(
      """
      SELECT DISTINCT number FROM \(source)
      WHERE \(condition.sql) ORDER BY number \(stretch.order) LIMIT \(limit)
      """, StatementArguments(condition.arguments)
    ).map { try $0.text("number") }
  }

  func accounts(in stretch: AccountStretch, limit: Int) throws -> [Account] {
    try database.rows(
      """
      SELECT * FROM account WHERE number >= ? AND number < ?
      ORDER BY number \(stretch.order) LIMIT \(limit)
      """, [stretch.from, stretch.to]
    ).map(AccountReading.account(from:))
  }

  func accounts(_ numbers: [String]) throws -> [Account] {
    let reading = AccountReading(database: database)
    return try numbers.compactMap { try reading.account($0) }
  }

  func countAll() throws -> Int {
    Int(try database.row("SELECT count(*) AS count FROM account")?.integer("count") ?? 0)
  }

  // MARK: Writing

  func add(_ accounts: [(number: AccountNumber, words: AccountWords)]) throws {
    let entries = accounts.flatMap { number, words in
      let marks = words.marks
      return words.places.map { (place: $0, number: number.text, marks: marks) }
    }
    // In the order of the index: of many accounts each page is then visited once.
    for entry in entries.sorted(by: { ($0.place, $0.number) < ($1.place, $1.number) }) {
      try database.carryOut(
        "INSERT OR REPLACE INTO account_word (word, number, marks) VALUES (?, ?, ?)",
        [entry.place, entry.number, entry.marks])
    }
  }

  func remove(_ number: AccountNumber, _ words: AccountWords) throws {
    for place in words.places {
      try database.carryOut(
        "DELETE FROM account_word WHERE word = ? AND number = ?", [place, number.text])
    }
  }
}
