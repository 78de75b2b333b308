import BankCore
import Settings
import Testing

@Suite("Flag beats environment beats file beats default")
struct PrecedenceTests {
  @Test("every value says where it comes from and what it beat")
  func origins() throws {
    let workshop = try Workshop()
    let own = try workshop.write("terminal: till-3\ntheme: night\n", "own.yaml")
    let common = try workshop.write("# for all\n\nterminal: till-4\namounts: comma\n", "all.yaml")
    let settings = try Settings.load(
      flags: [.terminal: "till-1"],
      environment: ["DAYBOOK_TERMINAL": "till-2", "DAYBOOK_THEME": "", "DAYBOOK_IDLE": "x"],
      files: [own, common])

    let terminal = settings[.terminal]
    #expect(terminal.winner == .init(value: .text("till-1"), origin: .flag("--terminal")))
    #expect(
      terminal.overridden.map(\.origin) == [
        .environment("DAYBOOK_TERMINAL"), .file(own, line: 1), .file(common, line: 3), .standard,
      ])
    #expect(settings.terminal?.text == "till-1")
    #expect(settings[.theme].winner?.origin.description == "\(own):2")
    #expect(settings.theme == "night")
    #expect(settings.notation == .comma)
    #expect(settings[.reconcile].winner?.origin == .standard)
    #expect(settings.all.map(\.key) == SettingKey.allCases)
  }

  @Test("what depends on the machine is a default")
  func machine() throws {
    let plain = try Settings.load(machine: [.operatorName: "ana", .state: "/var/daybook"])
    #expect(plain.operatorName == "ana" && plain.state == "/var/daybook")
    #expect(plain[.operatorName].winner?.origin == .standard)
    let named = try Settings.load(
      environment: ["DAYBOOK_OPERATOR": "bob"], machine: [.operatorName: "ana"])
    #expect(named.operatorName == "bob")
    #expect(named[.operatorName].overridden.first?.value == .text("ana"))
  }

  @Test("without any configuration the defaults of the product hold")
  func defaults() throws {
    let settings = try Settings.load()
    #expect(settings.offlinePolicy == OfflinePolicy())
    #expect(settings.database == nil && settings.secondCopy == nil)
    #expect(settings.printCommand.isEmpty)
    #expect(!settings.reconcilesAutomatically)
    #expect(settings.terminal?.text == "till-1")
    #expect(settings.bankName == "Daybook Bank")
    #expect(settings.bankCurrency?.code == "EUR")
    #expect(settings.bankTimeZone == "UTC")
    #expect(settings.notation == .point)
  }

  @Test("a complete file sets everything")
  func complete() throws {
    let workshop = try Workshop()
    let file = try workshop.write(
      """
      database: sqlite:/srv/books.sqlite
      state: /srv/state
      terminal: till-7
      operator: Ana Nováková
      theme: paper
      mouse: on
      amounts: comma
      reconcile: automatic
      second_copy: /mnt/other/daybook
      print: [lp, -d, receipts, "a b"]
      bank:
        name: Říční banka
        currency: CZK
        time_zone: Europe/Prague
        late_debit_value: capture
      offline:
        per_entry: 100
        per_account: 300
        per_terminal: 5000
        maximum_snapshot_age_hours: 12
        kinds: [withdrawal, deposit]
      log:
        level: debug
      """)
    let settings = try Settings.load(files: [file])
    #expect(settings.logLevel == "debug")
    #expect(settings.all.allSatisfy { $0.winner?.origin != .standard })
    #expect(settings.operatorName == "Ana Nováková")
    #expect(settings.secondCopy == "/mnt/other/daybook")
    #expect(settings.printCommand == ["lp", "-d", "receipts", "a b"])
    #expect(settings.reconcilesAutomatically)
    #expect(settings.bankName == "Říční banka" && settings.bankTimeZone == "Europe/Prague")
    #expect(
      settings.offlinePolicy
        == OfflinePolicy(
          perEntryUnits: 100, perAccountUnits: 300, perTerminalUnits: 5000,
          maximumSnapshotAgeSeconds: 43_200, allowedKinds: [.deposit, .withdrawal]))
  }

  @Test("lists in a variable are separated by blanks")
  func words() throws {
    let settings = try Settings.load(
      environment: ["DAYBOOK_PRINT": " lp  -d x", "DAYBOOK_OFFLINE_KINDS": "deposit transfer"])
    #expect(settings.printCommand == ["lp", "-d", "x"])
    #expect(settings.offlinePolicy.allowedKinds == [.deposit, .transfer])
  }

  /// Each limit, set by a file or by nobody, and a variable that wants it tighter or looser.
  @Test("a variable makes the bank's limits tighter, and never looser")
  func limits() throws {
    let workshop = try Workshop()
    let keys = SettingKey.allCases.filter { $0.isLimit && $0.rawValue.hasPrefix("offline.") }
    #expect(keys.count == 5)
    for key in keys where key != .allowedKinds {
      let name = key.rawValue.split(separator: ".")[1]
      let file = try workshop.write("offline: { \(name): 20 }\n", "limits.yaml")
      for (wanted, counts) in [("19", 19), ("0", 0), ("20", 20), ("21", 20), ("999999999", 20)] {
        let settings = try Settings.load(environment: [key.variable: wanted], files: [file])
        #expect(settings[key].winner?.value == .number(Int64(counts)), "\(key) \(wanted)")
        #expect((settings[key].refused != nil) == (Int64(wanted) ?? 0 > 20))
      }
      let standard = try #require(try Settings.load()[key].winner?.value)
      let alone = try Settings.load(environment: [key.variable: "99999999"])
      #expect(alone[key].winner == .init(value: standard, origin: .standard))
      #expect(alone[key].refused?.origin == .environment(key.variable))
      #expect(alone[key].overridden.map(\.origin) == [.environment(key.variable)])
    }
    let kinds = try workshop.write("offline: { kinds: [deposit, withdrawal] }\n", "kinds.yaml")
    let both = try Settings.load(
      environment: ["DAYBOOK_OFFLINE_KINDS": "withdrawal transfer"], files: [kinds])
    #expect(both.offlinePolicy.allowedKinds == [.withdrawal])
    // A stronger file of the bank's may say what it likes: the strongest binds.
    let loose = try workshop.write("offline: { per_entry: 900 }\n", "loose.yaml")
    #expect(try Settings.load(files: [loose]).offlinePolicy.perEntryUnits == 900)
  }
}
