import BankCore
import Screen
import Testing

@testable import Console

/// A list that could not be read again is not shown as if it had been.
@Suite struct StaleListTests {
  private static let failure = Failure(
    .fault, code: "C05", text: "The bank went away.", fix: "Keep serving.")
  private static let lists: [(name: String, keys: [Key])] = [
    ("accounts", ["1"]), ("account", [.down, .enter]), ("journal", ["3"]), ("ledger", ["4"]),
    ("plan", ["5"]), ("exceptions", ["5", .tab]), ("outages", ["7"]),
  ]

  private func desk(_ size: Size = Size(columns: 80, rows: 24)) -> ConsoleDesk {
    var bank = OutageScenes.bank
    bank.silentTerminals = []
    return ConsoleDesk(status(.reconciling, waiting: 3), bank: bank, size: size)
  }

  /// Every open question is answered with a failure.
  private func failAll(_ desk: inout ConsoleDesk) {
    while !desk.unanswered.isEmpty {
      desk.fail(desk.unanswered.removeFirst(), Self.failure)
    }
  }

  @Test(arguments: [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40)])
  func eachListSaysThatItIsOld(_ size: Size) {
    for list in Self.lists {
      var desk = desk(size)
      for key in list.keys { desk.press(key) }
      #expect(!desk.text.contains("went away") && !desk.text.contains("as of "), "\(list.name)")
      desk.answers = false
      desk.tell(.ticked(noon.advanced(byMilliseconds: 60_000)))
      desk.press(.control("r"))
      #expect(!desk.unanswered.isEmpty, "\(list.name)")
      failAll(&desk)
      #expect(desk.text.contains("The bank went away."), "\(list.name)")
      // The key clears the message line, and nothing else.
      desk.press("g")
      failAll(&desk)
      let isStamped =
        desk.head.contains("read 12:00:00") || desk.head.contains("as of 12:00:00")
      #expect(desk.text.contains("The bank went away.") || isStamped, "\(list.name): \(desk.text)")
      #expect(!desk.head.contains("live"), "\(list.name)")
      // Read again, it is as before.
      desk.unanswered = []
      desk.answers = true
      desk.press(.control("r"), "g")
      #expect(!desk.text.contains("went away") && !desk.text.contains("as of "), "\(list.name)")
    }
  }

  @Test func whatWasNotReadIsNotCounted() {
    for (key, words) in [
      (Key.character("4"), "Manual ledger"), ("5", "Plan"), ("7", "Outages"),
    ] {
      for fails in [false, true] {
        var desk = desk()
        desk.answers = false
        desk.press(key)
        if fails { failAll(&desk) }
        let line = desk.rows.first { $0.contains(words) } ?? ""
        #expect(!line.isEmpty && !line.contains("\(words)  0") && !line.contains("\(words) 0"))
      }
    }
  }

  @Test func aMessageOfAFailedReadingGoesWithTheNextOne() {
    for list in Self.lists {
      var desk = desk()
      for key in list.keys { desk.press(key) }
      desk.answers = false
      desk.press(.control("r"))
      failAll(&desk)
      desk.tell(.ticked(noon.advanced(byMilliseconds: 20_000)))
      desk.answers = true
      desk.unanswered = []
      desk.tell(.status(status(.reconciling, waiting: 4)))
      #expect(!desk.message.contains("went away"), "\(list.name)")
    }
  }

  // MARK: Screen 7

  private func report(isOver: Bool) -> OutageReport {
    var report = OutageReport(OutageID(terminal: TerminalName("till-2")!, number: 3))
    report.times.detected = noon.advanced(byMilliseconds: -60_000)
    report.timeline = [
      .init(.detected, at: noon.advanced(byMilliseconds: -60_000), cause: .connect, text: "gone")
    ]
    if isOver { report.times.online = noon.advanced(byMilliseconds: 5_000) }
    return report
  }

  @Test func theOutageOfAnotherTillEndsOnTheScreen() {
    var bank = ConsoleBank()
    bank.outages = [report(isOver: false)]
    var desk = ConsoleDesk(bank: bank)
    desk.press("7")
    #expect(desk.text.contains("not over"))
    desk.bank.outages = [report(isOver: true)]
    desk.tell(.ticked(noon.advanced(byMilliseconds: 11_000)))
    #expect(!desk.text.contains("not over"))
    #expect(desk.head.hasSuffix("read 12:00:11"))
  }

  @Test func anOutageIsDrawnUpToWhenItWasRead() {
    var bank = ConsoleBank()
    bank.outages = [report(isOver: false)]
    var desk = ConsoleDesk(bank: bank)
    desk.press("7")
    let before = desk.rows.dropFirst()
    desk.answers = false
    desk.tell(.ticked(noon.advanced(byMilliseconds: 600_000)))
    desk.tell(.ticked(noon.advanced(byMilliseconds: 900_000)))
    #expect(desk.rows.dropFirst() == before && desk.head.hasSuffix("read 12:00:00"))
    #expect(
      desk.unanswered.count { $0.request == .branch(.outages) } == 1, "one question at a time")
  }

  // MARK: The snapshot is not the bank

  /// A deposit that a person may place in another account.
  private var suspended: ConsoleBank {
    var bank = ConsoleBank()
    bank.exceptions = [
      ExceptionRecord(
        entry: identifier(77), label: "till-2/0077", kind: .deposit,
        account: AccountNumber("0000003818")!, amount: money(50_000),
        outcome: .suspense(.accountClosed), flags: [], probableDuplicateOf: nil, maker: "petr",
        terminal: "till-2", openedAt: noon)
    ]
    return bank
  }

  @Test(arguments: [Mode.manual, .suspect, .online])
  func whatTheSnapshotLacksIsNotSaidOfTheBank(_ mode: Mode) {
    let isLive = mode.isLive
    var bank = isLive ? ConsoleBank.busy : ConsoleBank.busy.offline
    bank.accounts = []
    let size = Size(columns: 160, rows: 44)
    var beside = ConsoleDesk(status(mode, waiting: 3), bank: bank, size: size)
    beside.press("5")
    #expect(beside.text.contains("not known to the bank") == isLive, "\(beside.text)")
    #expect(beside.text.contains("is not in the snapshot") != isLive)
    #expect(beside.text.contains("In the bank") == isLive)

    // The panel is open when the bank is lost.
    var settle = ConsoleDesk(status(.online), bank: suspended, size: size)
    settle.press("5", .tab, .enter, "t")
    settle.bank = bank
    settle.tell(.status(status(mode)))
    settle.type("999999")
    #expect(
      settle.text.contains("The bank has no account that matches") == isLive, "\(settle.text)")
    #expect(settle.text.contains("No account in the snapshot matches") != isLive)
    guard !isLive else { return }
    settle.press(.enter)

    var form = ConsoleDesk(status(mode, waiting: 3), bank: bank, size: size)
    form.press("3", "w")
    form.type("999999")
    form.press(.enter, .enter)
    var goTo = ConsoleDesk(status(mode, waiting: 3), bank: bank, size: size)
    goTo.press(":")
    goTo.type("goto 999999")
    goTo.press(.enter)
    for text in [beside.text, settle.text, form.text, goTo.text].map({ $0.lowercased() }) {
      #expect(!text.contains("the bank has no") && !text.contains("not known to the bank"))
    }
  }

  @Test func whatCouldNotBeReadIsNotBeingReadForEver() {
    var desk = ConsoleDesk(
      status(.reconciling, waiting: 3), bank: .busy, size: Size(columns: 160, rows: 44))
    desk.answers = false
    desk.press("5")
    while let open = desk.unanswered.first(where: {
      if case .bank(.account) = $0.request { false } else { true }
    }) {
      desk.unanswered.removeAll { $0.token == open.token }
      desk.answer(open)
    }
    #expect(desk.text.contains("reading…"))
    failAll(&desk)
    #expect(!desk.text.contains("reading…") && desk.text.contains("The bank went away."))

    var settle = ConsoleDesk(status(.online), bank: suspended)
    settle.press("5", .tab, .enter, "t")
    settle.answers = false
    settle.type("99")
    failAll(&settle)
    settle.press(.left)
    #expect(!settle.text.contains("Looking for the account…"))
    #expect(settle.text.contains("The bank went away."))
  }
}
