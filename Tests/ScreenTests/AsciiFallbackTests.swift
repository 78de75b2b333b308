import Screen
import Testing

@Suite("Where only ASCII can be shown")
struct AsciiFallbackTests {
  @Test(
    "Lines and arrows have a likeness, signs do not",
    arguments: [
      ("─", "-"), ("│", "|"), ("┌", "+"), ("┼", "+"), ("…", "~"), ("→", ">"), ("█", "#"),
      ("A", "A"), ("\u{FFFD}", "?"), ("☃", "?"), ("", " "), (" ", " "),
    ])
  func likeness(text: String, shown: String) {
    #expect(asciiFallback(for: text) == shown)
  }

  @Test("Letters become the beginning of their reading, in their columns")
  func letters() {
    let reading: (String) -> String = {
      ["ř": "r", "щ": "shch", "田": "tian", "ひ": "h"][$0] ?? $0
    }
    #expect(asciiFallback(for: "ř", reading: reading) == "r")
    #expect(asciiFallback(for: "r\u{30C}", reading: reading) == "r")
    #expect(asciiFallback(for: "щ", reading: reading) == "s")
    #expect(asciiFallback(for: "田", columns: 2, reading: reading) == "ti")
    #expect(asciiFallback(for: "ひ", columns: 2, reading: reading) == "h ")
  }

  @Test("A line has room for the whole reading, and what has none becomes a sign")
  func line() {
    let line = asciiLine("田 → ☃") { $0.replacing("田", with: "tian") }
    #expect(line == "tian > ?")
  }

  @Test("Two names in letters without a likeness do not look alike")
  func distinct() {
    func shown(_ name: String, columns: Int) -> String {
      name.map { asciiFallback(for: String($0), columns: columns) }.joined()
    }
    #expect(shown("田中", columns: 2) != shown("佐藤", columns: 2))
    #expect(shown("田中", columns: 2).count == 4)
    #expect(shown("שרה", columns: 1) != shown("דוד", columns: 1))
    let isASCII = shown("שרה", columns: 1).allSatisfy(\.isASCII)
    #expect(isASCII)
  }
}
