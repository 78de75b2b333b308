import Screen
import Testing

@Suite("A frame read out as lines")
struct PlainReaderTests {
  private static let size = Size(columns: 40, rows: 6)

  private func frame(
    _ rows: [String], selected: Int? = nil, message: String = "", cursor: Int? = nil
  ) -> Frame {
    var frame = Frame(size: Self.size)
    for (row, text) in rows.enumerated() {
      let isSelected = row == selected
      frame.write("\(isSelected ? " > " : "   ")\(text)", at: Position(column: 0, row: row))
      if isSelected { frame.assign(.selection, row: row) }
    }
    frame.write(message, at: Position(column: 0, row: Self.size.rows - 2))
    frame.cursor = cursor.map { Position(column: 1, row: $0) }
    return frame
  }

  @Test("the whole of the first frame, its columns parted")
  func first() {
    var reader = PlainReader()
    let news = reader.changes(
      in: frame(["1023  Kovář, Jan      12.00", "1077  陈秀英"], selected: 0), answersKey: false)
    #expect(news == ["> 1023; Kovář, Jan; 12.00", "1077; 陈秀英"])
  }

  @Test("of a selection that moves, the new row alone; of a list that scrolls, what came in")
  func moving() {
    var reader = PlainReader()
    _ = reader.changes(in: frame(["a", "b", "c"], selected: 0), answersKey: false)
    #expect(reader.changes(in: frame(["a", "b", "c"], selected: 1), answersKey: true) == ["> b"])
    #expect(
      reader.changes(in: frame(["b", "c", "d"], selected: 1), answersKey: true) == ["> c", "d"])
  }

  @Test("nothing, where nothing is new and nobody pressed a key")
  func silence() {
    var reader = PlainReader()
    let same = frame(["a", "b"], selected: 0, message: "Cannot.", cursor: 0)
    _ = reader.changes(in: same, answersKey: false)
    #expect(reader.changes(in: same, answersKey: false).isEmpty)
  }

  @Test("a key is always answered: with the same message again, or with the line of the cursor")
  func answers() {
    var reader = PlainReader()
    let refused = frame(["a"], selected: 0, message: "Cannot.", cursor: 0)
    _ = reader.changes(in: refused, answersKey: true)
    #expect(reader.changes(in: refused, answersKey: true) == ["Cannot."])
    let quiet = frame(["a"], selected: 0, cursor: 0)
    _ = reader.changes(in: quiet, answersKey: true)
    #expect(reader.changes(in: quiet, answersKey: true) == ["> a"])
  }

  @Test("typing in a field is an echo, and nothing more")
  func echo() {
    func typed(_ rows: [String]) -> Frame {
      var typed = frame(rows, cursor: 0)
      typed.write("   \(rows[0])", at: Position(column: 0, row: 0), role: .fieldActive)
      return typed
    }
    var reader = PlainReader()
    _ = reader.changes(in: typed(["Amount  1", "x"]), answersKey: true)
    let news = reader.changes(in: typed(["Amount  12", "x"]), answersKey: true)
    #expect(news == ["Amount; 12"] && reader.isEcho(news))
    let more = reader.changes(in: typed(["Amount  123", "y"]), answersKey: true)
    #expect(more.count == 2 && !reader.isEcho(more))
  }

  @Test("a letter that moves the selection is no text: the row is its answer")
  func moved() {
    var reader = PlainReader()
    _ = reader.changes(in: frame(["a", "b"], selected: 0, cursor: 0), answersKey: false)
    let news = reader.changes(in: frame(["a", "b"], selected: 1, cursor: 1), answersKey: true)
    #expect(news == ["> b"] && !reader.isEcho(news))
    // At the end of the list nothing moves, and the row is the answer again.
    let same = reader.changes(in: frame(["a", "b"], selected: 1, cursor: 1), answersKey: true)
    #expect(same == ["> b"] && !reader.isEcho(same))
  }

  @Test("a panel that takes the place of another is read whole, with the rows that both have")
  func panels() {
    func panel(_ title: String, _ amount: String) -> Frame {
      var panel = Frame(size: Self.size)
      panel.lay(.panel, rows: 0..<4, columns: 0..<40)
      panel.write(title, at: Position(column: 2, row: 0), role: .panelTitle)
      panel.write("Memo  rent", at: Position(column: 2, row: 1), role: .panel)
      panel.write(amount, at: Position(column: 2, row: 2), role: .panel)
      return panel
    }
    var reader = PlainReader()
    _ = reader.changes(in: panel("Deposit", "Amount  1"), answersKey: true)
    #expect(
      reader.changes(in: panel("Deposit", "Amount  12"), answersKey: true) == ["Amount; 12"])
    #expect(
      reader.changes(in: panel("Review", "Amount  12"), answersKey: true)
        == ["Review", "Memo; rent", "Amount; 12"])
  }

  @Test("what a panel covered is not read again when it is gone, unless it has changed")
  func covered() {
    let list = frame(["a", "b", "c"], selected: 0)
    var panel = list
    panel.lay(.panel, rows: 0..<2, columns: 0..<40)
    panel.write("Receipt", at: Position(column: 2, row: 0), role: .panelTitle)
    var reader = PlainReader()
    _ = reader.changes(in: list, answersKey: false)
    #expect(reader.changes(in: panel, answersKey: true) == ["Receipt"])
    #expect(reader.changes(in: list, answersKey: true) == ["> a"])
    _ = reader.changes(in: panel, answersKey: true)
    let changed = frame(["a", "B", "c"], selected: 0)
    #expect(reader.changes(in: changed, answersKey: true) == ["> a", "B"])
  }

  @Test("borders and charts are left out")
  func ornament() {
    var frame = Frame(size: Self.size)
    frame.write("+-", at: Position(column: 0, row: 0), role: .border)
    frame.write(" Deposit ", at: Position(column: 2, row: 0), role: .panelTitle)
    frame.write("-----+", at: Position(column: 11, row: 0), role: .border)
    frame.write("####", at: Position(column: 0, row: 1), role: .chart)
    var reader = PlainReader()
    #expect(reader.changes(in: frame, answersKey: false) == ["Deposit"])
    reader.forget()
    #expect(reader.changes(in: frame, answersKey: false) == ["Deposit"])
  }
}
