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

  @Test("Letters become what the caller makes of them, in their columns")
  func letters() {
    let likeness: (Unicode.Scalar) -> Character? = { $0 == "ř" ? "r" : nil }
    #expect(asciiFallback(for: "ř", likeness: likeness) == "r")
    #expect(asciiFallback(for: "r\u{30C}", likeness: likeness) == "r")
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
