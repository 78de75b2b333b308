import BankCore
import BankTesting
import Testing

@Suite("The words of the search")
struct SearchWordsTests {
  private let make = Fixtures()

  private func finds(_ query: String, in holder: String, _ number: String = "1") -> Bool {
    guard let words = SearchWords.words(ofQuery: query) else { return true }
    return SearchWords.matches(
      SearchWords.words(of: make.number(number), holder: holder), query: words)
  }

  @Test(
    "Accents, case and special letters do not matter, on either side",
    arguments: [
      ("Benešová", "benesova"), ("Łukasz Żółć", "LUKASZ zolc"), ("Đorđe Šćepanović", "dorde scep"),
      ("Søren Ærø", "soren aero"), ("Groß", "gross"), ("GROẞ", "groß"),
      ("İbrahim Işık", "ibrahim isik"),
      ("Þór Guðmundsson", "thor gudmund"), ("Cœur", "coeur"), ("Nguyễn Văn Đức", "nguyen van duc"),
      ("Ångström", "angstrom"), ("Ståle Økland", "okland"), ("Iñaki", "inaki"),
      // The same letters, composed and decomposed.
      ("Bene\u{73}\u{30C}ov\u{61}\u{301}", "benešová"), ("Benešová", "Bene\u{73}\u{30C}ov\u{61}"),
      ("Παπαδόπουλος", "παπαδοπουλοσ"), ("Королёв", "королев"), ("Андрій", "андріи"),
      ("ＡＣＭＥ　１２", "acme 12"), ("שָׁלוֹם", "שלום"), ("مُحَمَّد", "محمد"),
    ])
  func folding(holder: String, query: String) {
    #expect(finds(query, in: holder))
    #expect(finds(holder, in: holder))
  }

  @Test("Names are found in either order, by the beginnings of their words")
  func order() {
    #expect(finds("jan novak", in: "Novák, Jan"))
    #expect(finds("novak jan", in: "Novák, Jan"))
    #expect(finds("no ja", in: "Novák, Jan"))
    #expect(!finds("ovak", in: "Novák, Jan"))
    #expect(!finds("jan petr", in: "Novák, Jan"))
    #expect(finds("d'arc", in: "Jeanne d’Arc"))
    #expect(finds("smith-jones", in: "Anne Smith-Jones"))
    #expect(finds("jones", in: "Anne Smith-Jones"))
  }

  @Test("Chinese, Japanese and Korean are found from any character on")
  func pairs() {
    #expect(
      SearchWords.words(of: make.number("1"), holder: "山田太郎") == ["1", "太郎", "山田", "田太", "郎"])
    for query in ["山", "山田", "田太郎", "太郎", "郎", "山田太郎"] { #expect(finds(query, in: "山田太郎")) }
    for query in ["太田", "山太", "郎山"] { #expect(!finds(query, in: "山田太郎")) }
    #expect(finds("김철", in: "김철수"))
    #expect(finds("ワタナ", in: "ワタナベ商店"))
    #expect(finds("wang 王", in: "Wang 王小明"))
  }

  @Test("Numbers are found as written, without leading zeros, and by their parts")
  func numbers() {
    #expect(finds("0000002378", in: "", "0000002378"))
    #expect(finds("2378", in: "", "0000002378"))
    #expect(finds("237", in: "", "0000002378"))
    #expect(!finds("378", in: "", "0000002378"))
    #expect(finds("cz65-0800", in: "", "CZ65-0800"))
    #expect(finds("800", in: "", "CZ65-0800"))
    #expect(finds("000", in: "", "000"))
  }

  @Test("Blanks ask for all; signs alone find nothing")
  func emptyQueries() {
    #expect(SearchWords.words(ofQuery: "") == nil)
    #expect(SearchWords.words(ofQuery: " \t\n\u{3000}") == nil)
    #expect(SearchWords.words(ofQuery: "%_'\";--\\") == [])
    #expect(!finds("%", in: "Novák"))
    #expect(SearchWords.words(ofQuery: "\u{301}") == [])
  }

  @Test("Words hold letters and digits only, whatever the name holds")
  func harmless() {
    let words = SearchWords.words(
      of: make.number("A-1"), holder: "x'; DROP\0 \u{1B}[2J \u{202E}abc\\ %_ 👨‍👩‍👧 ①")
    for word in words {
      #expect(
        word.unicodeScalars.allSatisfy {
          $0.properties.isAlphabetic || $0.properties.numericType != nil
        }, "\(word)")
    }
    #expect(words.contains("drop"))
  }

  @Test("A name of any length makes a bounded number of words of bounded length")
  func bounds() {
    let long = String(repeating: "a", count: 100_000)
    let many = (0..<10_000).map { "w\($0)" }.joined(separator: " ")
    #expect(SearchWords.words(of: make.number("1"), holder: long).allSatisfy { $0.count <= 64 })
    #expect(SearchWords.words(of: make.number("1"), holder: many).count < 60)
    #expect(finds(long, in: long))
    #expect((SearchWords.words(ofQuery: many) ?? []).count < 60)
  }
}
