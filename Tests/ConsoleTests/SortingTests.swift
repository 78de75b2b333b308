import BankCore
import BankTesting
import Screen
import Testing

@testable import Console

/// Lists are sorted only where all of them is read, and marked rows are added up exactly.
@Suite struct SortingTests {
  private static func accounts(_ count: Int, _ chance: inout SeededRandom) -> [Account] {
    (0..<count).map { index in
      ConsoleBank.account(
        String(repeating: "0", count: 4) + String(100_000 + index),
        ["Žák", "adam", "Ádám", "Beran", "李"][chance.next(below: 5)] + " \(chance.next(below: 40))",
        Int64(chance.next(below: 2_000)) - 1_000,
        currency: ["CZK", "EUR", "JPY"][chance.next(below: 3)],
        status: [AccountStatus.open, .frozen, .closed][chance.next(below: 3)])
    }
  }

  /// Each column, both ways: the same rows, each in its place, and equals in the order that they had.
  @Test(arguments: 0..<8) func everyColumnSortsEveryList(_ seed: UInt64) {
    var chance = SeededRandom(seed: seed)
    let views = Self.accounts(1 + chance.next(below: 60), &chance).map {
      AccountView(account: $0, provenance: .live(noon))
    }
    for column in AccountView.sortColumns {
      for isDescending in [false, true] {
        var list = ListWindow<AccountView>()
        list.receive(views, .first, hasMore: false, rows: 10)
        list.select(views[views.count / 2].listID)
        list.sort(by: SortOrder(title: column.title, isDescending: isDescending))
        #expect(Set(list.elements.map(\.listID)) == Set(views.map(\.listID)))
        #expect(list.elements.count == views.count)
        #expect(list.selected == views[views.count / 2].listID, "the selection is an account")
        for (a, b) in zip(list.elements, list.elements.dropFirst()) {
          let pair = isDescending ? [a, b] : [b, a]
          // Where they stood the other way round, the column would have to say so.
          let sorted = column.sorted(pair, isDescending: false)
          let isEqual =
            column.sorted([a, b], isDescending: false).map(\.listID)
            != column.sorted([b, a], isDescending: false).map(\.listID)
          #expect(isEqual || sorted.map(\.listID) == pair.reversed().map(\.listID) || isDescending)
          if isEqual { #expect(a.listID < b.listID, "equals keep their order") }
        }
        list.sort(by: nil)
        #expect(list.elements.map(\.listID) == views.map(\.listID))
      }
    }
  }

  @Test func moneyIsComparedWithinItsCurrency() {
    var chance = SeededRandom(seed: 3)
    let views = Self.accounts(200, &chance).map {
      AccountView(account: $0, provenance: .live(noon))
    }
    var list = ListWindow<AccountView>()
    list.receive(views, .first, hasMore: false, rows: 10)
    list.sort(by: SortOrder(title: "Balance"))
    for (a, b) in zip(list.elements, list.elements.dropFirst()) {
      let (first, second) = (a.account.balance, b.account.balance)
      #expect(
        first.currency == second.currency
          ? first.minorUnits <= second.minorUnits : first.currency.code < second.currency.code)
    }
  }

  @Test func theKeysSortTheAccounts() {
    var desk = ConsoleDesk()
    desk.press(">", ">")
    #expect(desk.text.contains("Holder ↑") && desk.message.contains("Sorted by holder, upwards."))
    #expect(desk.rows[5].contains("Benešová"))
    desk.press("=", "g")
    #expect(
      desk.text.contains("Holder ↓") && desk.selectedRow.contains("李小龍")
        || desk.selectedRow.contains("שרה"))
    desk.press("<", "<")
    #expect(!desk.text.contains("↓") && !desk.text.contains("↑"))
    #expect(desk.message.contains("In the order of the list again."))
    desk.press("=")
    #expect(desk.message.contains("Press > to sort it."))
  }

  @Test(arguments: ["3", "4", "5"] as [Key]) func eachHeadShowsItsOrder(_ screen: Key) {
    var desk = ConsoleDesk(status(.reconciling, waiting: 3), bank: .busy)
    desk.press(screen)
    let columns = desk.console.shownScreen.arranged?.sortTitles ?? []
    #expect(columns.count > 1)
    for column in columns {
      desk.press(">")
      #expect(desk.text.contains("\(column.title) ↑"), "\(column.title)")
    }
    desk.press(">")
    #expect(!desk.text.contains("↑"))
  }

  /// Three hundred accounts are read for it; of more than can be read no order is claimed.
  @Test(arguments: [300, 6_000]) func onlyWhatIsReadWholeIsSorted(_ count: Int) {
    let accounts = (1...count).map { index in
      ConsoleBank.account("\(1_000_000 + index)", "Holder", Int64((index * 7_919) % 10_007))
    }
    var desk = ConsoleDesk(bank: ConsoleBank(accounts: accounts))
    desk.press("<")
    let list = desk.console.shownScreen.arranged
    guard count < 5_000 else {
      #expect(list?.order == nil && desk.message.contains("more than 5,000 rows"))
      #expect(!desk.text.contains("↑"))
      desk.press("/")
      desk.type("1000")
      desk.press(.enter, "<")
      #expect(desk.text.contains("Balance ↑"), "narrowed, it is sorted")
      return
    }
    #expect(list?.isWhole == true && list?.order?.title == "Balance")
    let least = accounts.map(\.balanceMinorUnits).min()!
    desk.press("g")
    #expect(desk.console.selectedAccount?.account.balanceMinorUnits == least)
    desk.press("G")
    #expect(
      desk.console.selectedAccount?.account.balanceMinorUnits == accounts.map(\.balanceMinorUnits)
        .max()!)
  }

  // MARK: Marks

  @Test func markedRowsAreCountedAndAddedUp() {
    var desk = ConsoleDesk()
    desk.press(" ", " ", "G", " ")
    #expect(desk.message.contains("3 marked: 69,512.80 CZK"), "\(desk.message)")
    #expect(desk.rows.contains { $0.hasPrefix("*") })
    desk.press("g", " ")
    #expect(desk.message.contains("2 marked: 50,956.20 CZK"))
    desk.press("3", "1")
    #expect(desk.message.contains("2 marked"), "they stay while another screen is looked at")
    desk.press(.escape)
    #expect(!desk.message.contains("marked") && desk.console.screen == .accounts)
  }

  @Test func eachCurrencyHasItsSum() {
    var desk = ConsoleDesk()
    for _ in 0..<8 { desk.press(" ") }
    #expect(desk.message.contains("CZK, 1,250,000 JPY"))
  }

  @Test func aSumThatCannotBeAddedSaysSo() {
    var bank = ConsoleBank()
    bank.accounts = (1...2).map { ConsoleBank.account("000\($0)", "Rich \($0)", .max) }
    var desk = ConsoleDesk(bank: bank)
    desk.press(" ", " ")
    #expect(desk.message.contains("2 marked: CZK cannot be added"))
  }

  @Test(arguments: ["3", "4", "5"] as [Key]) func everyListIsMarked(_ screen: Key) {
    var desk = ConsoleDesk(status(.reconciling, waiting: 3), bank: .busy)
    desk.press(screen, " ")
    #expect(desk.message.contains("1 marked: "), "\(screen.name)")
    desk.press(.escape)
    #expect(!desk.message.contains("marked"))
    #expect(desk.console.screen != .accounts, "esc takes the marks first")
  }

  @Test func whatIsSettledIsNotMarkedAnyMore() {
    var desk = ConsoleDesk(status(.reconciling), bank: .busy)
    desk.press("5", .tab, " ")
    #expect(desk.message.contains("1 marked"))
    desk.bank.exceptions.removeFirst()
    desk.press(.control("r"))
    desk.press("j")
    #expect(!desk.message.contains("marked"))
  }

  @Test func marksAreSpoken() {
    let ear = Ear()
    #expect(ear.press(" ").contains { $0.contains("1 marked: 18,556.60 Czech koruna") })
    #expect(ear.press("k") == ["1 of 8. Marked. \(Ear.firstAccount)"])
  }
}
