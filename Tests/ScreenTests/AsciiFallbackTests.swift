import Screen
import Testing

@Suite("Where only ASCII can be shown")
struct AsciiFallbackTests {
  @Test(
    "Lines and arrows have a likeness, letters do not",
    arguments: [
      ("─", "-"), ("│", "|"), ("┌", "+"), ("┼", "+"), ("…", "~"), ("→", ">"), ("█", "#"),
      ("A", "A"), ("ř", "?"), ("花", "?"), ("", " "), (" ", " "),
    ])
  func likeness(text: String, shown: String) {
    #expect(asciiFallback(for: text) == shown)
  }
}
