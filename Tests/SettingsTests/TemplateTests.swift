import BankCore
import Foundation
import Settings
import Testing

@Suite("Frequent entries, and the amount that is typed again, in the configuration")
struct TemplateTests {
  @Test("a file holds them by name, with their lines")
  func file() throws {
    let workshop = try Workshop()
    let file = try workshop.write(
      "templates:\n  rent: t 2378 6135 1200 rent = july\n  coffee: d ? 50\nkeys:\n  deposit: D\n")
    let settings = try Settings.load(files: [file])
    #expect(settings.templates.map(\.name) == ["rent", "coffee"])
    #expect(settings.templates.map(\.value) == ["t 2378 6135 1200 rent = july", "d ? 50"])
    #expect(settings.keys.map(\.value) == ["D"])
    #expect(settings.problem(with: .templates, "coffee", "is bad").line == 3)
    #expect(settings.problem(with: .keys, "deposit", "is bad").line == 5)
  }

  @Test("a variable parts them by semicolons")
  func variable() throws {
    let settings = try Settings.load(
      environment: ["DAYBOOK_TEMPLATES": "rent=d 2378 1200 rent;  coffee=d ? 50 ;"])
    #expect(settings.templates.map(\.name) == ["rent", "coffee"])
    #expect(settings.templates.map(\.value) == ["d 2378 1200 rent", "d ? 50"])
    #expect(settings.problem(with: .templates, "rent", "x").line == nil)
    #expect(throws: SettingsFault.self) {
      try Settings.load(environment: ["DAYBOOK_TEMPLATES": "rent"])
    }
  }

  @Test(
    "what is no such list is named",
    arguments: [
      ("templates: rent", "templates: holds names with an entry each"),
      ("templates:\n  rent: [d 1 5]", "templates: rent must be an entry"),
      ("templates:\n  a=b: d 1 5", "templates: a name holds no '='"),
    ])
  func mistakes(_ text: String, _ words: String) throws {
    let workshop = try Workshop()
    let problems = Settings.problems(inFile: try workshop.write(text + "\n"))
    #expect(problems.count == 1 && problems[0].description.contains(words), "\(problems)")
  }

  @Test("texts of a slip are named, and a name that is none is corrected")
  func slipTexts() throws {
    let workshop = try Workshop()
    let file = try workshop.write("slip:\n  received: PAID IN\n  closing: Thank you = danke\n")
    let texts = try Settings.load(files: [file]).slipTexts
    #expect(texts[.received] == "PAID IN" && texts[.closing] == "Thank you = danke")
    #expect(texts[.posted] == nil)
    let variable = ["DAYBOOK_SLIP": "received=PAID IN; paid_out=PAID"]
    #expect(try Settings.load(environment: variable).slipTexts[.paidOut] == "PAID")
    for (text, words) in [
      ("slip:\n  recieved: x", "did you mean 'received'?"), ("slip: x", "names with a text each"),
      ("slip:\n  posted: [a]", "posted must be a text"),
      ("slip:\n  posted: ' '", "is not a name with a text"),
    ] {
      let problems = Settings.problems(inFile: try workshop.write(text + "\n"))
      #expect(problems.count == 1 && problems[0].description.contains(words), "\(problems)")
    }
  }

  @Test("a variable makes the limit of an untyped amount tighter, and never looser")
  func retype() throws {
    let workshop = try Workshop()
    let file = try workshop.write("control: { retype_above: 500 }\n")
    func limit(_ variable: String?) throws -> Int64? {
      try Settings.load(
        environment: variable.map { ["DAYBOOK_CONTROL_RETYPE_ABOVE": $0] } ?? [:], files: [file]
      ).retypesAboveUnits
    }
    #expect(try limit(nil) == 500)
    #expect(try limit("100") == 100)
    #expect(try limit("9000") == 500)
    #expect(try Settings.load().retypesAboveUnits == nil)
    #expect(
      try Settings.load(environment: ["DAYBOOK_CONTROL_RETYPE_ABOVE": "7"]).retypesAboveUnits == 7)
  }
}
