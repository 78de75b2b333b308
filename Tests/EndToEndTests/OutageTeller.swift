import RealParts
import Testing

/// A receipt as it stood on the teller's screen.
struct Slip: Hashable, Sendable {
  enum Standing: String, Sendable, CaseIterable {
    case posted = "POSTED"
    case recorded = "RECORDED, NOT YET IN THE ACCOUNT"
    case taken = "TAKEN, MAY STILL BE REFUSED"
    case refused = "REFUSED"
    case unknown = "OUTCOME UNKNOWN: PAY NOTHING"
  }

  let standing: Standing
  /// Gapless per terminal, and on the paper in the customer's hand.
  let number: Int64
  let instruction: Instruction

  /// Reads the receipt that is open on a screen; nil where none is.
  init?(_ rows: [String], of instruction: Instruction) {
    let panel = rows.map { row in
      row.drop { $0 == " " || $0 == "│" }
    }
    guard rows.contains(where: { $0.contains("─ Receipt") }),
      let entry = panel.first(where: { $0.hasPrefix("Entry ") }),
      let label = entry.split(separator: " ").dropFirst().first,
      let number = label.split(separator: "/").last.flatMap({ Int64($0) }),
      let standing = Standing.allCases.first(where: { standing in
        panel.contains { $0.hasPrefix(standing.rawValue) }
      })
    else { return nil }
    self.standing = standing
    self.number = number
    self.instruction = instruction
  }
}

/// What a customer wants.
struct Instruction: Hashable, Sendable {
  enum Kind: String, Sendable {
    case deposit, withdrawal
  }

  let kind: Kind
  let account: String
  let cents: Int64

  static func deposit(_ cents: Int64, to account: String) -> Instruction {
    Instruction(kind: .deposit, account: account, cents: cents)
  }

  static func withdrawal(_ cents: Int64, from account: String) -> Instruction {
    Instruction(kind: .withdrawal, account: account, cents: cents)
  }

  /// `12.50`
  var amount: String { "\(cents / 100).\(cents % 100 / 10)\(cents % 10)" }

  /// What it does to the customer's account.
  var effect: Int64 { kind == .deposit ? cents : -cents }

  /// What a practised teller types into the palette.
  var line: String { "\(kind == .deposit ? "d" : "w") \(account) \(amount) outage" }
}

/// A teller at the console in a terminal of 80×24, who keeps every receipt.
final class Teller {
  let daybook: Daybook
  private(set) var terminal: Tmux
  private(set) var slips: [Slip] = []
  private let database: String

  init(at daybook: Daybook, database: String) async throws {
    self.daybook = daybook
    self.database = database
    terminal = try await daybook.open(environment: ["DAYBOOK_DATABASE": database])
    try await waitUntilServing()
  }

  /// Opens the console once more, after it has ended.
  func comeBack() async throws {
    await terminal.close()
    terminal = try await daybook.open(environment: ["DAYBOOK_DATABASE": database])
    try await waitUntilServing()
  }

  /// Types one instruction, looks at the review, posts, and keeps the receipt.
  ///
  /// - Throws: `RealPartFault` with the screen when no receipt came.
  @discardableResult
  func enter(_ instruction: Instruction) async throws -> Slip {
    try await review(instruction)
    return try await post(instruction)
  }

  /// Types one instruction and goes on to its review.
  func review(_ instruction: Instruction) async throws {
    try await terminal.send(":")
    try await terminal.type(instruction.line)
    try await terminal.send("Enter")
    try await terminal.waitIdle()
    try await terminal.waitFor("─ Review: \(instruction.kind.rawValue)")
  }

  /// Posts what the open review shows, and keeps the receipt.
  @discardableResult
  func post(_ instruction: Instruction) async throws -> Slip {
    // A review that changed while it was open wants to be seen again before it is posted.
    for _ in 0..<5 {
      try await terminal.send("p")
      try await terminal.waitIdle()
      if try await keepReceipt(of: instruction) { return slips[slips.count - 1] }
    }
    throw RealPartFault(
      "no receipt for \(instruction.line)\n"
        + (try await terminal.screen().joined(separator: "\n")))
  }

  /// Keeps the receipt that is on the screen, if there is one that was not kept before.
  func keepReceipt(of instruction: Instruction) async throws -> Bool {
    guard let slip = Slip(try await terminal.screen(), of: instruction),
      !slips.contains(where: { $0.number == slip.number })
    else { return false }
    slips.append(slip)
    return true
  }

  /// Serves customers until the bank has decided one entry at once. On a busy machine the first
  /// may take longer than the bank is given; it is recorded then, and has to be in the books all
  /// the same.
  func enterUntilPosted(_ instruction: Instruction) async throws {
    for _ in 0..<5 {
      try await terminal.waitFor("the bank answers") { rows in
        rows[0].hasPrefix(" ONLINE") || rows[0].hasPrefix(" DATABASE BACK")
      }
      if try await enter(instruction).standing == .posted { return }
    }
    throw RealPartFault("the bank has never decided \(instruction.line) at once")
  }

  /// Waits until a mode stands at the top left, in words.
  func waitForMode(_ words: String) async throws {
    try await terminal.waitFor("the mode \(words)", within: .seconds(60)) { rows in
      rows[0].hasPrefix(" \(words) ")
    }
  }

  /// Waits until customers can be served, in whatever mode.
  private func waitUntilServing() async throws {
    try await terminal.waitFor("a mode that serves", within: .seconds(60)) { rows in
      let modes = [
        "ONLINE", Phrases.databaseBack, Phrases.manualLedger, "NO ANSWER YET", Phrases.oldDatabase,
      ]
      return modes.contains { rows[0].hasPrefix(" \($0) ") }
    }
  }

  /// Waits until the console says by itself that the bank is back and so many entries wait.
  func waitForDatabaseBack(waiting: Int) async throws {
    try await waitForDatabaseBack(waiting: waiting...waiting)
  }

  /// - Parameter waiting: an entry that was on its way when the bank fell silent may be answered as
  ///   soon as the bank wakes, or wait for the reconciliation like the others.
  func waitForDatabaseBack(waiting: ClosedRange<Int>) async throws {
    try await terminal.waitFor("the database back, \(waiting) waiting", within: .seconds(90)) {
      rows in
      waiting.contains { count in
        let wait = count == 1 ? "1 entry waits" : "\(count) entries wait"
        return rows.contains { $0.contains("\(wait). \(Phrases.reconcile)") }
      }
    }
  }

  /// Screen 5: looks at the plan, starts it, and waits until nothing waits and the totals agree.
  ///
  /// - Returns: how many entries the plan named; each of them is posted.
  @discardableResult
  func reconcile() async throws -> Int {
    try await terminal.send("5")
    try await terminal.waitIdle()
    var planned = 0
    try await terminal.waitFor("a plan that posts all that waits") { rows in
      planned = rows.first { $0.contains("[Plan ") }.flatMap(Self.planned) ?? 0
      return rows[0].contains(" \(planned) waiting")
        && rows.count { $0.contains(" till-1/") && $0.hasSuffix(" posted") } == min(planned, 10)
    }
    try await terminal.send("s")
    try await terminal.waitIdle()
    try await terminal.waitFor(Phrases.reconciled)
    try await waitForAgreement()
    try await terminal.send("1")
    try await terminal.waitIdle()
    return planned
  }

  /// Looks for the bank, and sends what waits as often as it takes, until all of it is posted.
  func reconcileWhenPossible() async throws {
    try await terminal.send("5")
    try await eventually("nothing waits", within: .seconds(120), every: .milliseconds(100)) {
      try await terminal.send("C-r")
      try await terminal.waitIdle()
      let mode = try await terminal.screen()[0]
      if mode.hasPrefix(" DATABASE BACK ") {
        try await terminal.send("s")
        try await terminal.waitIdle()
      }
      return mode.hasPrefix(" ONLINE ")
    }
    try await waitForAgreement()
  }

  /// Screen 5 says that everything captured has been posted.
  func waitForAgreement() async throws {
    try await terminal.waitFor("control totals that agree, all posted") { rows in
      guard let totals = rows.first(where: { $0.hasPrefix(" EUR ") }) else { return false }
      let figures = totals.split(separator: " ").dropFirst().map(String.init)
      return rows[0].hasPrefix(" ONLINE ")
        && rows.contains { $0.contains("Totals agree: everything captured is accounted for.") }
        && figures.count == 6 && figures[0] == figures[1]
        && figures.dropFirst(2).allSatisfy { $0 == "0.00" }
    }
  }

  /// The number in `[Plan 14]`.
  private static func planned(_ row: String) -> Int? {
    row.split(separator: "]").first?.split(separator: " ").last.flatMap { Int($0) }
  }

  /// Quits, although entries wait: the console names them and asks once more.
  func leave() async throws {
    try await terminal.send("C-c")
    try await terminal.waitFor("again to quit.")
    try await terminal.send("C-c")
    #expect(try await terminal.waitEnd() == 0)
  }

  /// Leaves for good.
  func close() async {
    await terminal.close()
  }
}
