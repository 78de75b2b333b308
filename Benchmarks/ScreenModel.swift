/// What stands on a terminal after the bytes that came so far: just enough of xterm to read the
/// words that people would read. Colours are passed over; each character fills one column.
struct ScreenModel {
  private(set) var rows: [[Character]]
  /// Frames that ended so far, as the program marks them.
  private(set) var frames = 0
  /// Where the cursor rested at the end of the last frame.
  private(set) var cursor = (row: 0, column: 0)
  private var row = 0
  private var column = 0
  private var region: ClosedRange<Int>
  private var last: Character = " "
  private var pending: [UInt8] = []

  init(columns: Int, rows count: Int) {
    rows = Array(repeating: Array(repeating: " ", count: columns), count: count)
    region = 0...max(0, count - 1)
  }

  /// A row's text.
  func line(_ number: Int) -> String { String(rows[number]) }

  /// Whether a text stands in one of the rows.
  func shows(_ text: String) -> Bool { rows.contains { String($0).contains(text) } }

  /// Takes what the program wrote; a sequence that is not complete waits for its rest.
  mutating func receive(_ bytes: some Collection<UInt8>) {
    pending += bytes
    var place = 0
    while place < pending.count, let end = step(at: place) { place = end }
    pending.removeFirst(place)
  }

  /// One character or sequence; nil where more bytes are needed.
  private mutating func step(at start: Int) -> Int? {
    let byte = pending[start]
    switch byte {
    case 0x1B: return escape(at: start)
    case 0x08: column = max(0, column - 1)
    case 0x09: column = min((column / 8 + 1) * 8, rows[0].count - 1)
    case 0x0A: lineFeed()
    case 0x0D: column = 0
    case 0..<0x20: break
    default: return character(at: start)
    }
    return start + 1
  }

  private mutating func character(at start: Int) -> Int? {
    let byte = pending[start]
    let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    guard start + length <= pending.count else { return nil }
    put(String(decoding: pending[start..<start + length], as: UTF8.self).first ?? " ")
    return start + length
  }

  private mutating func put(_ character: Character) {
    if column < rows[row].count { rows[row][column] = character }
    column += 1
    last = character
  }

  private mutating func lineFeed() {
    if row == region.upperBound { scroll(from: region.lowerBound, by: 1) } else { row += 1 }
    row = min(row, rows.count - 1)
  }

  private mutating func escape(at start: Int) -> Int? {
    guard start + 1 < pending.count else { return nil }
    switch pending[start + 1] {
    case UInt8(ascii: "["): return control(at: start + 2)
    case UInt8(ascii: "("), UInt8(ascii: ")"):
      return start + 2 < pending.count ? start + 3 : nil
    case UInt8(ascii: "M"):
      if row == region.lowerBound { scroll(from: row, by: -1) } else { row = max(0, row - 1) }
    default: break
    }
    return start + 2
  }

  private mutating func control(at start: Int) -> Int? {
    guard let end = pending[start...].firstIndex(where: { (0x40...0x7E).contains($0) }) else {
      return nil
    }
    let text = String(decoding: pending[start..<end], as: UTF8.self)
    let letter = Character(UnicodeScalar(pending[end]))
    if text == "?2026", letter == "l" {
      frames += 1
      cursor = (row, column)
    }
    guard !text.hasPrefix("?") else { return end + 1 }
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    carryOut(letter, numbers)
    return end + 1
  }

  private mutating func carryOut(_ letter: Character, _ numbers: [Int]) {
    let first = numbers.first ?? 0
    let count = max(1, first)
    switch letter {
    case "A": row = max(0, row - count)
    case "B": row = min(rows.count - 1, row + count)
    case "C": column = min(rows[0].count - 1, column + count)
    case "D": column = max(0, column - count)
    case "G": column = count - 1
    case "d": row = min(count, rows.count) - 1
    case "H":
      row = min(count, rows.count) - 1
      column = max(1, numbers.dropFirst().first ?? 1) - 1
    case "J": erase(first == 2 ? 0...rows.count - 1 : row...rows.count - 1, whole: first == 2)
    case "K": blank(row, first == 1 ? 0..<column + 1 : (first == 2 ? 0 : column)..<rows[0].count)
    case "X": blank(row, column..<column + count)
    case "P", "@": shift(by: letter == "P" ? count : -count)
    case "L", "M": scroll(from: row, by: letter == "M" ? count : -count)
    case "S", "T": scroll(from: region.lowerBound, by: letter == "S" ? count : -count)
    case "b": for _ in 0..<count { put(last) }
    case "r": setRegion(numbers)
    default: break
    }
  }

  private mutating func setRegion(_ numbers: [Int]) {
    let top = max(1, numbers.first ?? 1) - 1
    let bottom = numbers.count > 1 && numbers[1] > 0 ? numbers[1] - 1 : rows.count - 1
    region = top...max(top, min(bottom, rows.count - 1))
    (row, column) = (0, 0)
  }

  private mutating func erase(_ lines: ClosedRange<Int>, whole: Bool) {
    for line in lines { blank(line, (line == row && !whole ? column : 0)..<rows[0].count) }
  }

  private mutating func blank(_ line: Int, _ columns: Range<Int>) {
    for place in columns.clamped(to: 0..<rows[0].count) { rows[line][place] = " " }
  }

  private mutating func shift(by count: Int) {
    let tail = Array(rows[row][min(column, rows[row].count)...])
    let blanks = Array(repeating: Character(" "), count: min(abs(count), tail.count))
    let moved = count > 0 ? tail.dropFirst(count) + blanks : blanks + tail.dropLast(-count)
    rows[row].replaceSubrange(min(column, rows[row].count)..., with: moved)
  }

  private mutating func scroll(from top: Int, by count: Int) {
    guard top <= region.upperBound else { return }
    let part = Array(rows[top...region.upperBound])
    let empty = Array(repeating: Character(" "), count: rows[0].count)
    let blanks = Array(repeating: empty, count: min(abs(count), part.count))
    let moved = count > 0 ? part.dropFirst(count) + blanks : blanks + part.dropLast(-count)
    rows.replaceSubrange(top...region.upperBound, with: moved)
  }
}
