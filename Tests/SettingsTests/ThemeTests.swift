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
    #expect(look(theme, .heading).foreground == .index(12))
    withExtendedLifetime(workshop) {}
  }

  private func look(_ theme: Theme, _ role: Role) -> Style {
    Look(theme, on: Canvas(depth: .palette)).style(of: role)
  }

  @Test("the user's own file comes first, and says only what differs")
  func ownFile() throws {
    let (_, workshop) = try shelf([
      "share/terminal.yaml": "name: terminal\nroles:\n  heading: underline\n",
      "share/night.yaml": "description: Dark\nroles:\n  text: 250 on 234\n  accent: \"110\"\n",
      "own/night.yaml": "roles:\n  accent: \"111\"\n",
      "own/mine.yaml": "extends: night\nroles:\n  text: 252 on 16\n",
      "own/bare.yaml": "roles:\n  accent: underline\n",
      "own/inner.yaml": "extends: night\n", "own/outer.yaml": "extends: inner\n",
    ])
    let shelf = ThemeShelf(
      folder: "\(workshop.folder)/share", ownFolder: "\(workshop.folder)/own")
    #expect(try shelf.names() == ["bare", "inner", "mine", "night", "outer", "terminal"])
    let night = try shelf.theme("night")
    #expect(look(night, .accent).foreground == .index(111))
    #expect(look(night, .text).background == .index(234))
    let mine = try shelf.theme("mine")
    #expect(mine.name == "mine" && look(mine, .accent).foreground == .index(111))
    #expect(look(mine, .text).background == .index(16))
    #expect(try look(shelf.theme("bare"), .heading).attributes == .underline)
    #expect(try look(shelf.theme("outer"), .accent) == look(shelf.theme("inner"), .accent))
  }

  @Test("themes that extend one another, or none that there is, are named with file and line")
  func extending() throws {
    let (_, workshop) = try shelf([
      "share/night.yaml": "roles:\n  text: 250 on 234\n", "own/a.yaml": "name: a\nextends: b\n",
      "own/b.yaml": "extends: a\n", "own/c.yaml": "extends: nigt\n",
      "own/d.yaml": "extends: e\n", "own/e.yaml": "roles:\n  text: bold\n  tab: gren\n",
    ])
    let own = "\(workshop.folder)/own"
    let shelf = ThemeShelf(folder: "\(workshop.folder)/share", ownFolder: own)
    let findings = [
      ("a", "\(own)/b.yaml:1: 'a' extends this theme, which extends it"),
      ("c", "\(own)/c.yaml:1: there is no theme 'nigt' to extend; did you mean 'night'?"),
      (
        "d",
        "\(own)/e.yaml:3: role 'tab': 'gren' is neither a colour nor an attribute; did you mean 'green'?"
      ),
    ]
    for (name, finding) in findings {
      let fault = #expect(throws: SettingsFault.self) { try shelf.theme(name) }
      #expect(fault?.description == finding)
    }
    #expect(try ThemeShelf(folder: own, ownFolder: "\(own)/none").names().count == 5)
  }

  @Test("a folder that is the user's own and Daybook's at once, by any path, is read like another")
  func sameFolder() throws {
    let (_, workshop) = try shelf([
      "share/terminal.yaml": "name: terminal\nroles:\n  heading: underline\n",
      "share/night.yaml": "roles:\n  text: 250 on 234\n",
      "share/loop.yaml": "extends: loop\n", "share/inner/dusk.yaml": "roles:\n  accent: bold\n",
      "share/inner/terminal.yaml": "name: terminal\n",
    ])
    let share = "\(workshop.folder)/share"
    try FileManager.default.createSymbolicLink(
      atPath: "\(workshop.folder)/link", withDestinationPath: share)
    for own in [share, "\(share)/../share", "\(workshop.folder)/link"] {
      for shelf in [
        ThemeShelf(folder: share, ownFolder: own), ThemeShelf(folder: own, ownFolder: share),
      ] {
        #expect(try look(shelf.theme("night"), .text).background == .index(234))
        #expect(try look(shelf.theme("night"), .heading).attributes == .underline)
        #expect(throws: SettingsFault.self) { try shelf.theme("loop") }
      }
    }
    // Daybook's folder within the user's.
    let nested = ThemeShelf(folder: "\(share)/inner", ownFolder: share)
    #expect(try nested.theme("dusk").name == "dusk")
  }

  @Test("a wrong theme keeps nobody out: the default is used, and file and line are named")
  func usable() throws {
    let (shelf, workshop) = try shelf([
      "terminal.yaml": "name: terminal\nroles:\n  heading: underline\n",
      "dusk.yaml": "roles:\n  headng: bold\n",
    ])
    let (theme, fault) = shelf.usableTheme("dusk")
    #expect(theme.name == "terminal" && look(theme, .heading).attributes == .underline)
    #expect(fault?.description.hasPrefix("\(workshop.folder)/dusk.yaml:2: ") == true)
    #expect(shelf.usableTheme("terminal").fault == nil)
    let none = ThemeShelf(folder: "\(workshop.folder)/none", ownFolder: workshop.folder)
    #expect(none.usableTheme("dusk").theme == .terminal)
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
      (
        "colour: red\n",
        ":1: unknown key 'colour'; known keys: name, description, extends, roles, onDark, onLight"
      ),
      ("rolls:\n", ":1: unknown key 'rolls'; did you mean 'roles'?"),
      ("onDark:\n  txt: red\n", ":2: unknown role 'txt'; did you mean 'text'?"),
      ("onLight: 1\n", ":1: 'onLight' must hold a style for each role"),
      ("extends: [night]\n", ":1: 'extends' must name a theme"),
      ("name: dusk\nextends: dusk\n", ":2: there is no theme 'dusk' to extend"),
      (
        "roles:\n  text: page+100\n",
        ":2: role 'text': 'page+100' is neither a colour nor an attribute; a colour is default, one of 16 names, 0 to 255, page+8 or '#rrggbb'"
      ),
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
