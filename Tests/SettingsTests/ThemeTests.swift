import BankCore
import Foundation
import Screen
import Settings
import Testing

@Suite("Theme files")
struct ThemeTests {
  private func shelf(_ files: [String: String]) throws -> (ThemeShelf, Workshop) {
    let workshop = try Workshop()
    for (name, text) in files { try workshop.write(text, name) }
    return (ThemeShelf(folder: workshop.folder), workshop)
  }

  @Test("a file becomes a theme")
  func theme() throws {
    let (shelf, workshop) = try shelf([
      "dusk.yaml": "name: dusk\ndescription: Quiet\nroles:\n  heading: \"12 bold\"\n",
      "dawn.yaml": "name: dawn\n", "readme.txt": "",
    ])
    #expect(try shelf.names() == ["dawn", "dusk"])
    let theme = try shelf.theme("dusk")
    #expect(theme.name == "dusk" && theme.description == "Quiet")
    #expect(theme.style(for: .heading).attributes.contains(.bold))
    withExtendedLifetime(workshop) {}
  }

  @Test("the themes that come with Daybook are all readable")
  func ownThemes() throws {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let shelf = ThemeShelf(folder: package.appendingPathComponent("themes").path)
    let names = try shelf.names()
    #expect(names.count >= 4)
    for name in names { #expect(try shelf.theme(name).name == name) }
  }

  @Test(
    "mistakes are named with file and line",
    arguments: [
      (
        "name: dusk\nroles:\n  headng: bold\n", ":3: unknown role 'headng'; did you mean 'heading'?"
      ),
      ("name: dawn\n", ":1: the name must be that of the file, 'dusk'"),
      ("colour: red\n", ":1: unknown key 'colour'; known keys: name, description, roles"),
      ("name: dusk\nroles: bold\n", ":2: 'roles' must hold a style for each role"),
      ("name: dusk\nroles:\n  text: [a]\n", ":3: a role and its style must be plain words"),
      ("", ": this is not a theme"),
    ])
  func mistakes(text: String, finding: String) throws {
    let (shelf, workshop) = try shelf(["dusk.yaml": text])
    let fault = #expect(throws: SettingsFault.self) { try shelf.theme("dusk") }
    #expect(fault?.description == "\(workshop.folder)/dusk.yaml\(finding)")
  }

  @Test("a theme that is not there: the nearest one is named")
  func unknown() throws {
    let (shelf, workshop) = try shelf(["night.yaml": "name: night\n"])
    let fault = #expect(throws: SettingsFault.self) { try shelf.theme("nigt") }
    #expect(fault?.description.contains("did you mean 'night'?") == true)
    #expect(fault?.failure.kind == .usage)
    withExtendedLifetime(workshop) {}
  }
}
