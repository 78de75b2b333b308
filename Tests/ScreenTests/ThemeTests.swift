import BankCore
import Foundation
import Testing
import Yams

@testable import Screen

@Suite("Themes")
struct ThemeTests {
  /// The theme files of the package, read the way any reader of them must.
  static func shipped() throws -> [Theme] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.appending(path: "themes")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { file in
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      let node = try #require(try Yams.compose(yaml: text))
      let roles = try #require(node["roles"]?.mapping)
      let entries = roles.map { key, value in
        Theme.Entry(
          role: key.string ?? "", style: value.scalar?.string ?? "", line: key.mark?.line)
      }
      let name = try #require(node["name"]?.string)
      #expect(file == "\(name).yaml")
      return try Theme(
        name: name, description: try #require(node["description"]?.string), entries: entries,
        source: file, nearest: nearestName)
    }
  }

  @Test("The five shipped files are valid and give every role a style")
  func shippedFiles() throws {
    let themes = try Self.shipped()
    #expect(themes.map(\.name) == ["clear", "contrast", "night", "paper", "terminal"])
    #expect(themes.allSatisfy { $0.mentionedRoles == Set(Role.allCases) })
    #expect(themes.allSatisfy { !$0.description.isEmpty })
  }

  @Test("The terminal theme's file says what the built-in one does")
  func builtIn() throws {
    let file = try #require(try Self.shipped().first { $0.name == "terminal" })
    #expect(file.description == Theme.terminal.description)
    for role in Role.allCases {
      #expect(file.style(for: role) == Theme.terminal.style(for: role), "\(role)")
    }
  }

  @Test("Text is readable on its background: 4.5 to 1, and 7 to 1 in the high-contrast theme")
  func contrast() throws {
    for theme in try Self.shipped() where theme.name != "terminal" {
      for role in Role.allCases {
        let style = theme.style(for: role)
        let ratio = try contrastRatio(
          #require(style.foreground), #require(style.background))
        let needed = theme.name == "contrast" ? 7.0 : role.isOrnament ? 3.0 : 4.5
        #expect(ratio >= needed, "\(theme.name) \(role.rawValue): \(ratio)")
        #expect(!style.attributes.contains(.dim))
      }
    }
  }

  @Test("Without colours the alarming modes still stand out, in every theme")
  func monochrome() throws {
    for theme in try Self.shipped() {
      for role in [Role.modeManual, .modeSuspect, .modeQuarantined, .modeReconciling, .selection] {
        let style = theme.monochromeStyle(for: role)
        #expect(style.attributes.contains(.reverse), "\(theme.name) \(role.rawValue)")
        #expect(style.foreground == .standard && style.background == .standard)
      }
    }
  }

  @Test("The colour-blind theme never tells two things apart by red against green")
  func colorBlindSafe() throws {
    let clear = try #require(try Self.shipped().first { $0.name == "clear" })
    for (good, bad) in [(Role.credit, Role.debit), (.success, .danger), (.chart, .chartNegative)] {
      let goodHue = try #require(clear.style(for: good).foreground)
      let badHue = try #require(clear.style(for: bad).foreground)
      #expect(goodHue.rgb.blue > goodHue.rgb.red)
      #expect(badHue.rgb.red > badHue.rgb.blue)
    }
  }

  @Test("A misspelt role names the line and the nearest right name")
  func unknownRole() {
    let entry = Theme.Entry(role: "modeOnlin", style: "green", line: 12)
    #expect(
      message(of: entry)
        == "night.yaml:12: unknown role 'modeOnlin'; did you mean 'modeOnline'?")
  }

  @Test(
    "Styles that cannot be understood",
    arguments: [
      ("gren", "role 'text': 'gren' is neither a colour nor an attribute; did you mean 'green'?"),
      ("red on", "role 'text': a background colour must follow 'on'"),
      ("red blue", "'blue' gives a second colour"), ("#12", "or '#rrggbb'"),
      ("256", "neither a colour"), ("#+12345", "neither a colour"), ("red on x", "'x'"),
      ("\u{1B}[2J", "'␛[2j'"),
    ])
  func badStyle(style: String, expected: String) {
    let text = message(of: Theme.Entry(role: "text", style: style, line: 3))
    #expect(text.hasPrefix("night.yaml:3: "))
    #expect(text.contains(expected), "\(text)")
  }

  @Test("All problems are reported at once, a role given twice among them")
  func severalProblems() {
    let entries = [
      Theme.Entry(role: "dim", style: "red"), Theme.Entry(role: "dim", style: "blue"),
      Theme.Entry(role: "zzz", style: "blue"),
    ]
    let fault = #expect(throws: ThemeFault.self) {
      try Theme(name: "x", description: "", entries: entries, nearest: nearestName)
    }
    #expect(fault?.problems.count == 2)
  }

  @Test(
    "Colours by name, number and mixture",
    arguments: [
      ("bright-red", PaletteColor.index(9)), ("208", .index(208)), ("#ff8700", .index(208)),
      ("#000000", .index(16)), ("#0072b2", .index(25)), ("#808080", .index(244)),
      ("default", .standard),
    ])
  func colors(word: String, color: PaletteColor) {
    #expect(PaletteColor(word: word) == color)
  }

  @Test("A terminal of eight colours gets the nearest it has")
  func reduced() {
    #expect(PaletteColor.index(9).reduced(toColors: 8) == .index(1))
    #expect(PaletteColor.index(214).reduced(toColors: 8) == .index(3))
    #expect(PaletteColor.index(231).reduced(toColors: 16) == .index(15))
    #expect(PaletteColor.index(214).reduced(toColors: 256) == .index(214))
    #expect(PaletteColor.standard.reduced(toColors: 8) == .standard)
  }

  private func message(of entry: Theme.Entry) -> String {
    do {
      _ = try Theme(
        name: "night", description: "", entries: [entry], source: "night.yaml",
        nearest: nearestName)
      return "no fault"
    } catch {
      return error.description
    }
  }

  /// The contrast ratio of WCAG 2.2, success criterion 1.4.3.
  private func contrastRatio(_ a: PaletteColor, _ b: PaletteColor) -> Double {
    func luminance(_ color: PaletteColor) -> Double {
      func linear(_ value: Int) -> Double {
        let part = Double(value) / 255
        return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
      }
      let rgb = color.rgb
      return 0.2126 * linear(rgb.red) + 0.7152 * linear(rgb.green) + 0.0722 * linear(rgb.blue)
    }
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }
}

extension Role {
  /// Lines and axes need less contrast than letters.
  fileprivate var isOrnament: Bool { [.border, .rule, .chartAxis].contains(self) }
}
