import BankCore
import Testing

@Suite("Letters for terminals of ASCII alone")
struct PlainLettersTests {
  private func plain(_ name: String) -> String {
    String(name.unicodeScalars.map { PlainLetters.likeness(of: $0) ?? "?" })
  }

  @Test("Names can still be read")
  func names() {
    #expect(plain("Nováková") == "Novakova")
    #expect(plain("ŻółćŁódźĐỗ") == "ZolcLodzDo")
    #expect(plain("Ανδρέας") == "Andreas")
    #expect(plain("Щукин") == "Wukin")
    #expect(plain("Straße") == "Strase")
    #expect(PlainLetters.likeness(of: "田") == nil)
  }

  @Test("Every letter of the table of the search has one")
  func all() {
    for scalar in "àčďéěíłňóřšťúůýžαβγабвгдюя".unicodeScalars {
      let letter = PlainLetters.likeness(of: scalar)
      #expect(letter?.isASCII == true, "\(scalar)")
    }
  }
}
