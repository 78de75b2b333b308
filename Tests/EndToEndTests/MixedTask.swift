import RealParts

/// One thing that a teller is asked for: what is typed, what must then stand on the screen or be
/// told, and what it does to the books.
struct MixedTask: Sendable {
  enum Step: Sendable {
    /// Keys by their names, as tmux knows them.
    case keys(String)
    case text(String)
    /// What the review waits for: a key, or by ear a word.
    case post
    case postAndNext
    case supervisor
    /// Waits for what is shown, or by ear told.
    case until(String, told: String)
    case stopServer
    case startServer
  }

  let name: String
  let steps: [Step]
  /// `kind|customer|amount|outcome` for each entry that it makes; an entry that never reaches the
  /// bank is nil.
  var entries: [String?] = []
  /// What it does to accounts, in minor units.
  var effects: [String: Int64] = [:]

  init(_ name: String, _ steps: [Step]) {
    self.name = name
    self.steps = steps
  }

  /// The same task with one entry more in the books.
  func books(_ entry: String?, _ effects: [String: Int64] = [:]) -> MixedTask {
    var task = self
    task.entries.append(entry)
    task.effects.merge(effects) { $0 + $1 }
    return task
  }
}

extension MixedTask {
  static let novak = "1001"
  static let benesova = "1002"
  static let kovar = "1003"
  static let tanaka = "2001"
  static let sabah = "2002"
  static let svoboda = "3001"

  /// Accounts of the bank, each with what `account open` is told of it.
  static let accounts: [[String]] = [
    [novak, "--name", "Novák, Ana"],
    [benesova, "--name", "Benešová, Eva", "--overdraft", "200"],
    [kovar, "--name", "Kovář, Petr"],
    [tanaka, "--name", "田中 ひろし", "--currency", "JPY"],
    [sabah, "--name", "Al-Sabah Trading", "--currency", "KWD"],
    [svoboda, "--name", "Svobodová, Marie"],
  ]

  /// A whole session: more than fifty tasks, with an outage in their middle.
  static let session = looking + entering + correcting + away + back + closing

  /// A whole entry in the palette, to its receipt.
  static func palette(
    _ line: String, _ shown: String = "POSTED", told: String = "Posted: ", again: String? = nil
  ) -> MixedTask {
    var steps: [Step] = [.text(":\(line)"), .keys("Enter"), .until("│  p post", told: "Type post")]
    if let again {
      steps =
        Array(steps.dropLast()) + [
          .until("│  p type the amount again", told: "Type post"), .post,
          .until("Type the amount again", told: "amount again"), .text(again), .keys("Enter"),
          .until("The amounts agree", told: "The amounts agree"),
        ]
    }
    return MixedTask(line, steps + [.post, .until(shown, told: told), .keys("Escape")])
  }

  /// An account that is opened at the console.
  static func opening(_ number: String, _ holder: String) -> MixedTask {
    MixedTask(
      "open account \(number)",
      [
        .text("1"), .until("[1 Accounts]", told: "Accounts"), .text("n"),
        .until("Number", told: "Number."), .text(number), .keys("Enter"), .text(holder),
        .keys("Enter"), .keys("Enter"), .keys("Enter"), .until("y opens it", told: "Press y"),
        .text("y"), .until("Account \(number) is open", told: "Account \(number) is open"),
      ])
  }

  static func recorded(_ line: String) -> MixedTask {
    palette(line, Phrases.notYetInTheAccount, told: "Recorded, not yet in the account")
  }

  // MARK: Looking

  private static let looking: [MixedTask] = [
    MixedTask(
      "the accounts",
      [.until("Accounts  6", told: "Accounts, "), .until("Novák, Ana", told: "1 of 6. Nov")]),
    MixedTask(
      "find by name",
      [.text("/nov"), .until("1 of 6", told: "found."), .keys("Enter"), .keys("Escape")]),
    MixedTask(
      "find by last digits", [.text("/003"), .until("1 of 6", told: "found."), .keys("Escape")]),
    MixedTask("sort by holder", [.keys("> >"), .until("Holder ↑", told: "by holder, upwards")]),
    MixedTask("turn the order round", [.keys("="), .until("Holder ↓", told: "by holder, down")]),
    MixedTask("sort by number", [.keys("<"), .until("Number ↑", told: "by number, upwards")]),
    MixedTask(
      "mark two and add them up",
      [.keys("g Space Space"), .until("2 marked: 0.00 EUR", told: "2 marked: "), .keys("Escape")]),
  ]

  // MARK: Entering

  private static let entering: [MixedTask] = [
    MixedTask(
      "deposit by the form",
      [
        .keys("g"), .text("d"), .until("─ Deposit", told: "Amount."), .text("500"), .keys("Enter"),
        .text("salary"), .keys("Enter"), .until("│  p post", told: "Type post"), .post,
        .until("POSTED", told: "Posted: till-1 1,"), .keys("Escape"),
      ]
    ).books("deposit|1001|50000|posted", [novak: 500_00]),
    palette("d 1002 300 rent").books("deposit|1002|30000|posted", [benesova: 300_00]),
    MixedTask(
      "two deposits, one after the other",
      [
        .text(":d 1003 10"), .keys("Enter"), .until("│  p post", told: "Type post"), .postAndNext,
        .until("1 deposit, 10.00 EUR", told: "Posted: "), .until("─ Deposit", told: "Account."),
        .text("1001"), .keys("Enter"), .until("Novák", told: "Amount."), .text("20"),
        .keys("Enter"), .keys("Enter"), .until("│  p post", told: "Type post"), .post,
        .until("POSTED", told: "Posted: "), .keys("Escape"),
      ]
    ).books("deposit|1003|1000|posted", [kovar: 10_00])
      .books("deposit|1001|2000|posted", [novak: 20_00]),
    MixedTask(
      "the same deposit again is noticed, and left",
      [
        .text(":d 1002 300 rent"), .keys("Enter"),
        .until("The same deposit was entered", told: "The same deposit was entered"),
        .keys("Escape"), .keys("Escape"),
      ]),
    MixedTask(
      "withdrawal by the form",
      [
        .keys("g"), .text("w"), .until("─ Withdrawal", told: "Amount."), .text("50"),
        .keys("Enter"), .text("milk"), .keys("Enter"), .until("│  p post", told: "Type post"),
        .post,
        .until("POSTED", told: "Posted: "), .keys("Escape"),
      ]
    ).books("withdrawal|1001|5000|posted", [novak: -50_00]),
    palette("w 1002 350 car").books("withdrawal|1002|35000|posted", [benesova: -350_00]),
    MixedTask(
      "transfer by the form",
      [
        .keys("g"), .text("t"), .until("─ Transfer", told: "To."), .text("kovar"),
        .until("> 1003", told: "1 account matches"), .keys("Enter"),
        .until("Amount", told: "Amount."), .text("25"), .keys("Enter"), .text("lunch"),
        .keys("Enter"), .until("│  p post", told: "Type post"), .post,
        .until("POSTED", told: "Posted: "), .keys("Escape"),
      ]
    ).books("transfer|1001|2500|posted", [novak: -25_00, kovar: 25_00]),
    palette("t 1001 1003 1.01").books("transfer|1001|101|posted", [novak: -1_01, kovar: 1_01]),
    MixedTask(
      "an overdrawn account is refused before anything is posted",
      [
        .text(":w 1003 5000"), .keys("Enter"),
        .until("does not cover this amount", told: "Not possible: "), .keys("Escape"),
        .keys("Escape"), .until("Accounts  6", told: "of 6. "),
      ]),
    palette("d 2001 50000", again: "50000").books("deposit|2001|50000|posted", [tanaka: 50_000]),
    palette("d 2002 10.125").books("deposit|2002|10125|posted", [sabah: 10_125]),
    palette("d 3001 5").books("deposit|3001|500|posted", [svoboda: 5_00]),
  ]

  // MARK: Correcting

  private static let correcting: [MixedTask] = [
    MixedTask(
      "the last slip, once more on paper",
      [
        .text("r"), .until("─ Receipt", told: "3001"), .text("i"),
        .until("Copy 2 of the slip", told: "Copy 2 of the slip"), .keys("Escape"),
      ]),
    MixedTask(
      "freeze",
      [
        .keys("G"), .text("f"), .until("y freezes it", told: "Press y"), .text("y"),
        .until("Account 3001 is frozen", told: "Account 3001 is frozen"),
      ]),
    MixedTask(
      "nothing is paid in on a frozen account",
      [
        .text(":d 3001 5"), .keys("Enter"), .until("The account is frozen", told: "Not possible: "),
        .keys("Escape"), .keys("Escape"), .until("Accounts  6", told: "of 6. "),
      ]),
    MixedTask(
      "lift the freeze",
      [
        .text("F"), .until("y lifts", told: "Press y"), .text("y"),
        .until("Account 3001 is open", told: "Account 3001 is open"),
      ]),
    palette("w 3001 2.50").books("withdrawal|3001|250|posted", [svoboda: -2_50]),
    MixedTask("the journal", [.text("3"), .until("Journal", told: "Journal, newest first")]),
    MixedTask(
      "reverse the newest entry",
      [
        .text("R"), .until("─ Reversal", told: "Reason."), .text("wrong account"), .keys("Enter"),
        .until("│  p post", told: "Type post"), .post, .until("POSTED", told: "Posted: "),
        .keys("Escape"),
      ]
    ).books("reversal|3001|250|posted", [svoboda: 2_50]),
    MixedTask(
      "find by memo in the journal",
      [.text("/milk"), .until("1 of ", told: "found."), .keys("Enter"), .keys("Escape")]),
    MixedTask(
      "go to a day", [.text("@today"), .keys("Enter"), .until("Journal", told: "1. ")]),
    MixedTask(
      "the screen before",
      [
        .text("1"), .until("[1 Accounts]", told: "Accounts, 6"), .text("-"),
        .until("[3 Journal]", told: "Journal"), .text("1"),
        .until("[1 Accounts]", told: "Accounts, 6"),
      ]),
    opening("4001", "Nguyễn Thị An"),
    palette("d 4001 7.77").books("deposit|4001|777|posted", ["4001": 7_77]),
    palette("w 4001 7.77").books("withdrawal|4001|777|posted", ["4001": -7_77]),
    MixedTask(
      "help, and back", [.text("?"), .until("─ Help", told: "Help: Account"), .keys("Escape")]),
  ]
}
