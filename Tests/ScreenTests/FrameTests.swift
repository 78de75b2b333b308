import Testing

@testable import Screen

@Suite("Writing on a frame")
struct FrameTests {
  private func frame(_ columns: Int, _ rows: Int = 1) -> Frame {
    Frame(size: Size(columns: columns, rows: rows))
  }
  private let start = Position(column: 0, row: 0)

  @Test("A name that does not fit its field ends in an ellipsis")
  func clips() {
    var screen = frame(20)
    let written = screen.write("Benešová, Jana", at: start, width: 8)
    #expect(written == 8)
    #expect(screen.text == "Benešov…")
  }

  @Test("A text that just fits is left whole")
  func fits() {
    var screen = frame(20)
    screen.write("Benešová", at: start, width: 8)
    #expect(screen.text == "Benešová")
  }

  @Test(
    "A wide character is never cut in half",
    arguments: [
      (6, "佐藤花"), (5, "佐藤…"), (4, "佐…"), (3, "佐…"), (2, "…"), (1, "…"), (0, ""),
    ])
  func wideAtTheEdge(width: Int, shown: String) {
    var screen = frame(10)
    screen.write("佐藤花", at: start, width: width)
    #expect(screen.text == shown)
  }

  @Test("The right edge clips like a field")
  func rightEdge() {
    var screen = frame(6)
    #expect(screen.write("abc佐藤", at: Position(column: 2, row: 0)) == 4)
    #expect(screen.text == "  abc…")
    var other = frame(5)
    other.write("佐藤花", at: start)
    #expect(other.text == "佐藤…")
    #expect(other.row(0).map(\.width) == [2, 0, 2, 0, 1])
  }

  @Test("Amounts stand at the right of their field and the field is blanked")
  func trailing() {
    var screen = frame(12)
    screen.write("############", at: start)
    screen.write("1,200.00", at: Position(column: 1, row: 0), width: 10, alignment: .trailing)
    #expect(screen.text == "#  1,200.00#")
  }

  @Test("Overwriting half of a wide character blanks the other half")
  func overwritesHalves() {
    var screen = frame(6)
    screen.write("佐藤花", at: start)
    screen.write("x", at: Position(column: 1, row: 0))
    #expect(screen.text == " x藤花")
    screen.write("y", at: Position(column: 4, row: 0))
    #expect(screen.text == " x藤y")
    #expect(screen.row(0).allSatisfy { $0.text.isEmpty == $0.isContinuation })
  }

  @Test("Nothing is written outside the frame, and nothing traps")
  func outside() {
    var screen = frame(4, 2)
    let blank = screen
    for column in [-5, -1, 4, 9, Int.max, Int.min] {
      for row in [-1, 0, 1, 2, Int.max] where !(0..<4).contains(column) || row > 1 {
        #expect(screen.write("text", at: Position(column: column, row: row), width: 3) == 0)
        screen.assign(.selection, row: 7)
        screen.fill(rows: -3..<0, columns: 2..<90, role: .danger)
      }
    }
    #expect(screen == blank)
    screen.write("text", at: start, width: -4)
    screen.write("wide", at: start, width: Int.max)
    #expect(screen.text == "wide\n")
    #expect(Frame(size: Size(columns: 0, rows: -3)).size == Size(columns: 1, rows: 1))
    #expect(Size(columns: 65_535, rows: Int.max) == Size.greatest)
  }

  @Test("Escape sequences in a memo occupy cells instead of acting")
  func hostileMemo() {
    var screen = frame(30)
    screen.write("rent\u{1B}[31m\u{202E}\nGIFT", at: start)
    #expect(screen.text == "rent␛[31m�␊GIFT")
    #expect(screen.row(0).allSatisfy { $0.width == 1 })
  }

  @Test("A selection bar lies under the text, and changes neither it nor its role")
  func selection() {
    var screen = frame(10, 2)
    screen.write("50.00", at: start, role: .danger)
    let before = screen
    screen.assign(.selection, row: 0)
    #expect(screen.text == before.text)
    #expect(screen != before)
    #expect(screen.row(0).map(\.role) == before.row(0).map(\.role))
    #expect(screen.row(0).allSatisfy { $0.ground == .selection })
    #expect(screen.row(1).allSatisfy { $0.ground == .text })
  }

  @Test("A panel is whole: whatever is written on it lies on it, and nothing outside does")
  func panel() {
    var screen = frame(12, 4)
    for row in 0..<4 { screen.write("佐藤 behind 佐", at: Position(column: 0, row: row)) }
    let columns = 3..<9
    screen.recede(rows: 0..<4)
    screen.lay(.panel, rows: 1..<3, columns: columns)
    for role in Role.allCases {
      screen.write("佐 x", at: Position(column: 4, row: 1), role: role, width: 5)
      screen.fill(rows: 2..<3, columns: columns, with: "─", role: role)
      for row in 0..<4 {
        for (column, cell) in screen.row(row).enumerated() {
          let isInside = (1..<3).contains(row) && columns.contains(column)
          #expect(cell.ground == (isInside ? .panel : .text), "\(role) \(row) \(column)")
          if !isInside { #expect(cell.role == .behind) }
        }
      }
    }
    // Half a wide character is none: the panel's edge cuts it away.
    #expect(screen.text(ofRow: 0) == "佐藤 behind…")
    #expect(screen.text(ofRow: 1).hasPrefix("佐"))
    screen.lay(.text, rows: -1..<9, columns: -1..<99)
    #expect(screen == frame(12, 4))
  }

  @Test("What is said of words is not said of the blanks beside them; a field is one to its end")
  func blanksBesideWords() {
    for role in Role.allCases {
      var screen = frame(12, 1)
      screen.write("failed", at: Position(column: 0, row: 0), role: role, width: 12)
      let words = [.success, .warning, .danger, .estimated, .accent].contains(role)
      #expect(screen.row(0).prefix(6).allSatisfy { $0.role == role })
      #expect(screen.row(0).suffix(6).allSatisfy { $0.role == (words ? .text : role) }, "\(role)")
    }
  }

  @Test("A rectangle is filled and clipped to the frame")
  func fills() {
    var screen = frame(6, 3)
    screen.fill(rows: 1..<9, columns: 2..<99, with: "─", role: .border)
    #expect(screen.text == "\n  ────\n  ────")
    screen.fill(rows: 0..<1, columns: 0..<5, with: "佐")
    #expect(screen.text(ofRow: 0) == "佐佐")
  }

  @Test("Frames differ by text, role, attribute, cursor and bells")
  func differences() {
    let plain = frame(4)
    var changed = [plain, plain, plain, plain]
    changed[0].write("a", at: start)
    changed[1].emphasize(.bold, row: 0, columns: 0..<1)
    changed[2].cursor = start
    changed[3].bells = 1
    for other in changed { #expect(other != plain) }
  }
}

@Suite("Names of keys")
struct KeyTests {
  @Test(
    "As help and footers show them",
    arguments: [
      (Key.enter, "enter"), (.control("r"), "ctrl-r"), (.character("d"), "d"),
      (.character(" "), "space"), (.escape, "esc"), (.backTab, "shift-tab"),
      (.function(5), "f5"), (.pageDown, "page-down"),
    ])
  func names(key: Key, name: String) {
    #expect(key.name == name)
  }
}
