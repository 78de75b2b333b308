import BankCore
import Foundation
import Screen
import Testing

@testable import Console

/// A configuration gives actions further keys; what it asks for wrongly is named.
@Suite struct KeymapTests {
  private func mistakes(_ wishes: [Keymap.Wish]) -> [String] {
    do throws(Keymap.Mistakes) {
      _ = try Keymap(wishes)
      return []
    } catch { return error.all.map { "\($0.name): \($0.text)" } }
  }

  private func desk(_ wishes: (String, String)...) throws -> ConsoleDesk {
    var options = ConsoleOptions()
    options.keymap = try Keymap(wishes.map { Keymap.Wish(name: $0.0, key: $0.1) })
    return ConsoleDesk(bank: .busy, options: options)
  }

  @Test func aFurtherKeyActsAndIsShown() throws {
    var desk = try desk(("deposit", "D"), ("journal.reverse", "ctrl-x"), ("last-view", "f2"))
    #expect(desk.footer.contains("D deposit"))
    desk.press("D")
    #expect(desk.console.form?.kind == .deposit)
    desk.press(.escape, "3", .control("x"))
    #expect(desk.console.form?.kind == .reversal)
    desk.press(.escape)
    desk.tell(.ticked(noon.advanced(byMilliseconds: 5_000)))
    desk.press(.function(2))
    #expect(desk.console.screen == .accounts)
    desk.press("d")
    #expect(desk.console.form?.kind == .deposit, "Daybook's own key stays")
    desk.press("D")
    #expect(desk.console.form?.amount.text == "D", "in a field it is text")
  }

  @Test func whatIsWrongIsNamed() {
    #expect(
      mistakes([.init(name: "depositt", key: "D")]) == [
        "depositt: no action has that name; did you mean 'deposit'?"
      ])
    #expect(
      mistakes([.init(name: "reverse", key: "D")]).first?.contains(
        "did you mean 'account.reverse'?") == true)
    #expect(
      mistakes([.init(name: "deposit", key: "strange")]) == [
        "deposit: 'strange' is not a key, such as D, ctrl-x or f2"
      ])
    #expect(
      mistakes([.init(name: "deposit", key: "j")]) == ["deposit: 'j' is a key of 'down' already"])
    #expect(
      mistakes([.init(name: "deposit", key: "D"), .init(name: "withdraw", key: "D")])
        == ["withdraw: 'D' is a key of 'deposit' already"])
    #expect(
      mistakes([
        .init(name: "manual-ledger.void", key: "V"), .init(name: "journal.reverse", key: "V"),
      ]).isEmpty,
      "screens have keys of their own")
  }

  /// Whatever is asked for: the way back is the way back.
  @Test(arguments: ["q", "esc", "ctrl-c", ":", "?"]) func nobodyTakesTheWayBack(_ key: String) {
    for row in Keymap.rows where !row.keys.contains(key) {
      let found = mistakes([.init(name: row.name, key: key)])
      #expect(!found.isEmpty, "\(row.name): \(key)")
    }
  }

  @Test func everyActionHasOneNameAndEveryNameOneAction() {
    for screen in Screens.all {
      let names = Screens.bindings(of: screen.name).map(\.name)
      #expect(Set(names).count == names.count, "\(screen.title): \(names)")
    }
    #expect(Keymap.rows.count > 40)
  }

  @Test func aKeysNameIsReadAsItIsWritten() {
    for row in Keymap.rows {
      for name in row.keys { #expect(Key(name: name)?.name == name, "\(name)") }
    }
    for text in ["", "ctrl-", "ctrl-é", "f0", "f64", "ab", "paste", "\u{1B}"] {
      #expect(Key(name: text) == nil, "\(text)")
    }
  }

  /// docs/keys.md is made from the bindings; `DAYBOOK_UPDATE_GOLDENS` writes it anew.
  @Test func theTableOfKeysIsTrue() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/keys.md").standardizedFileURL
    let rows = Keymap.rows.map { row in
      "| `\(row.name)` | \(row.keys.map { "`\($0)`" }.joined(separator: " ")) | \(row.meaning) |"
    }
    let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let head = kept.prefix { $0 != "|" }
    let text =
      head + (["| Action | Keys | What it does |", "|---|---|---|"] + rows).joined(separator: "\n")
      + "\n"
    if ProcessInfo.processInfo.environment["DAYBOOK_UPDATE_GOLDENS"] != nil {
      return try Data(text.utf8).write(to: file)
    }
    #expect(kept == text)
  }
}
