import BankCore
import Testing

@Suite("The name that was meant")
struct NearestNameTests {
  private let names = ["account", "amount", "currency", "port", "id"]

  @Test(
    "one slip in a short word, a third of a long one",
    arguments: [
      ("prot", "port"), ("PORTS", "port"), ("ammount", "amount"), ("curency", "currency"),
      ("currencies", "currency"), ("acount", "account"), ("od", "id"),
    ])
  func near(word: String, name: String) { #expect(nearestName(to: word, among: names) == name) }

  @Test("what is like none of them is nobody's, and neither is a name with nothing left of it")
  func far() {
    for word in ["balance", "hunter2", "", "x"] {
      #expect(nearestName(to: word, among: names) == nil, "\(word)")
    }
    #expect(nearestName(to: "b", among: ["a"]) == nil)
    #expect(nearestName(to: "a", among: []) == nil)
  }

  @Test("a word without end is looked at up to where a name may end")
  func long() {
    let word = String(repeating: "a", count: 100_000)
    #expect(nearestName(to: word, among: names + [String(repeating: "b", count: 100_000)]) == nil)
  }
}
