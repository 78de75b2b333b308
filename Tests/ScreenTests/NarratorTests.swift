import Screen
import Testing

@Suite("What is told of a speech")
struct NarratorTests {
  private typealias Part = Speech.Part

  private func list(_ row: String, edge: String = "", _ others: Part...) -> Speech {
    Speech(
      [Part(.mode, "Online."), Part(.place, "Accounts.")] + others
        + [Part(.item, row, identity: row, edge: edge)])
  }

  private func form(_ name: String, _ value: String, _ others: Part...) -> Speech {
    Speech(
      [Part(.mode, "Online."), Part(.panel, "Deposit.")]
        + [Part(.field, "\(name), \(value).", value: value)] + others)
  }

  /// Speeches in their order.
  private final class Reader {
    private var narrator = Narrator()

    @discardableResult
    func tell(_ speech: Speech, after keys: [Key] = []) -> Telling {
      narrator.tell(speech, after: keys)
    }
    func forget() { narrator.forget() }
  }

  private func echo(_ text: String, _ lines: String...) -> Telling {
    var telling = Telling()
    telling.echo = text
    telling.lines = lines
    return telling
  }

  @Test("the first speech is told whole, each part on a line of its own")
  func first() {
    let narrator = Reader()
    #expect(
      narrator.tell(list("1 of 2. Ana.")).lines == ["Online.", "Accounts.", "1 of 2. Ana."])
  }

  @Test("of each speech after it what is new, by what it is and not by its words")
  func news() {
    let narrator = Reader()
    _ = narrator.tell(list("Ana."))
    #expect(narrator.tell(list("Bob."), after: [.down]).lines == ["Bob."])
    let moved = Speech(
      [
        Part(.mode, "Online."), Part(.place, "Accounts, 3.", identity: "Accounts."),
        Part(.item, "2 of 3. Bob.", identity: "Bob."),
      ])
    #expect(narrator.tell(moved).isEmpty)
  }

  @Test("a key that has changed nothing is answered each time, with the reason")
  func answers() {
    let narrator = Reader()
    let end = list("Bob.", edge: "This is the last row.")
    _ = narrator.tell(end)
    for _ in 1...2 {
      #expect(narrator.tell(end, after: [.down]).lines == ["This is the last row. Bob."])
    }
    #expect(narrator.tell(end).isEmpty, "nobody has pressed a key")
  }

  @Test("what is typed is echoed, and what it has found is told")
  func echo() {
    let narrator = Reader()
    _ = narrator.tell(form("Amount", "1"))
    #expect(narrator.tell(form("Amount", "12"), after: [.character("2")]) == echo("2"))
    #expect(
      narrator.tell(form("Amount", "12x", Part(.hint, "No digit.")), after: [.character("x")])
        == echo("x", "No digit."))
    #expect(
      narrator.tell(form("Amount", "12"), after: [.backspace]).lines == ["Amount, 12."])
    // Another field that the typed text began is told with it.
    #expect(narrator.tell(form("Memo", "r"), after: [.tab, .character("r")]).lines == ["Memo, r."])
    #expect(narrator.tell(form("Memo", "rent"), after: "ent".map(Key.character)).echo == "ent")
  }

  @Test("a field that turns what is typed into capitals is echoed as it was typed")
  func capitals() {
    let narrator = Reader()
    _ = narrator.tell(form("Currency", ""))
    #expect(narrator.tell(form("Currency", "E"), after: [.character("e")]) == echo("e"))
  }

  @Test("after another mode follows what the person was in")
  func mode() {
    let narrator = Reader()
    _ = narrator.tell(form("Amount", "12"))
    var lost = form("Amount", "12")
    lost.parts[0] = Part(.mode, "Manual ledger.")
    #expect(narrator.tell(lost).lines == ["Manual ledger.", "Amount, 12."])
  }

  @Test("what lay under a panel is told again when it is gone")
  func uncovered() {
    let narrator = Reader()
    _ = narrator.tell(list("Ana."))
    _ = narrator.tell(form("Amount", ""))
    #expect(narrator.tell(list("Ana."), after: [.escape]).lines == ["Accounts.", "Ana."])
  }

  @Test("what changes under a panel is told when the panel is gone")
  func under() {
    let narrator = Reader()
    let panel = Part(.panel, "Deposit.")
    narrator.tell(list("Ana."))
    narrator.tell(Speech([Part(.place, "Accounts."), panel]))
    #expect(narrator.tell(Speech([Part(.place, "Accounts, snapshot."), panel])).isEmpty)
    #expect(
      narrator.tell(Speech([Part(.place, "Accounts, snapshot.")]), after: [.escape]).lines
        == ["Accounts, snapshot."])
  }

  @Test("what is forgotten is told again, and nothing steers the terminal")
  func forgetting() {
    let narrator = Reader()
    _ = narrator.tell(list("Ana."))
    narrator.forget()
    #expect(narrator.tell(list("Ana.")).lines.count == 3)
    let hostile = narrator.tell(list("\u{1B}[2JEve\n"), after: [.down]).lines.joined()
    #expect(!hostile.unicodeScalars.contains { $0.value < 0x20 } && hostile.contains("Eve"))
  }
}
