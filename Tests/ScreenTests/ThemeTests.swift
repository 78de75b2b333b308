import BankCore
import Testing

@testable import Screen

@Suite("Themes")
struct ThemeTests {
  @Test("The five shipped files are valid and give every role a style")
  func shippedFiles() throws {
    let themes = try ShippedThemes.all()
    #expect(themes.map(\.name) == ["clear", "contrast", "night", "paper", "terminal"])
    #expect(themes.allSatisfy { $0.mentionedRoles == Set(Role.allCases) })
    #expect(themes.allSatisfy { !$0.description.isEmpty })
  }

  @Test("The terminal theme's file says what the built-in one does, until a background is known")
  func builtIn() throws {
    let file = try ShippedThemes.named("terminal")
    #expect(file.description == Theme.terminal.description)
    #expect(file.followsBackground && !Theme.terminal.followsBackground)
    for depth in ColorDepth.allCases {
      let looks = [file, Theme.terminal].map { Look($0, on: Canvas(depth: depth)) }
      for role in Role.allCases {
        #expect(looks[0].style(of: role) == looks[1].style(of: role), "\(role) \(depth)")
      }
    }
  }

  @Test("Without colours the alarming modes still stand out, in every theme")
  func monochrome() throws {
    for theme in try ShippedThemes.all() {
      let look = Look(theme, on: Canvas(depth: .none))
      for role in [
        Role.modeManual, .modeSuspect, .modeQuarantined, .modeReconciling, .tabCurrent,
      ] {
        let style = look.style(of: role)
        #expect(style.attributes.contains(.reverse), "\(theme.name) \(role.word)")
        #expect(style.foreground == .standard && style.background == .standard)
      }
      #expect(look.style(of: .text, on: .selection).attributes.contains(.reverse))
      #expect(!look.style(of: .text, on: .panel).attributes.contains(.reverse))
    }
  }

  @Test("What fills its whole width is never underlined: the line would run on behind the words")
  func noLongUnderlines() throws {
    for theme in try ShippedThemes.all() {
      let look = Look(theme, on: Canvas(depth: .palette))
      for role in [Role.text, .heading, .columnHeading, .label, .panelTitle, .dim] {
        let isUnderlined = look.style(of: role).attributes.contains(.underline)
        #expect(!isUnderlined, "\(theme.name) \(role.rawValue)")
      }
    }
  }

  @Test("The colour-blind theme never tells two things apart by red against green")
  func colorBlindSafe() throws {
    let clear = try ShippedThemes.named("clear")
    let look = Look(clear, on: Canvas(depth: .palette))
    for (good, bad) in [(Role.success, Role.danger), (.chart, .chartNegative)] {
      let goodHue = try #require(look.style(of: good).foreground?.rgb)
      let badHue = try #require(look.style(of: bad).foreground?.rgb)
      #expect(goodHue.blue > goodHue.red)
      #expect(badHue.red > badHue.blue)
    }
  }

  @Test("What a theme does not say is said by its base, and what it says holds on every background")
  func base() throws {
    let terminal = try ShippedThemes.named("terminal")
    let mine = try Theme(
      name: "mine", description: "",
      entries: [
        .init(role: "accent", style: "#ff00ff"), .init(.onLight, role: "danger", style: "#800000"),
      ], base: terminal, nearest: nearestName)
    let dark = Canvas(depth: .exact, background: RGB(0x101010), foreground: RGB(0xE0E0E0))
    let light = Canvas(depth: .exact, background: RGB(0xFFFFFF), foreground: RGB(0x101010))
    func accent(_ canvas: Canvas, _ role: Role) -> PaletteColor? {
      Look(mine, on: canvas).style(of: role).foreground
    }
    #expect(accent(dark, .accent) == .exact(RGB(0xFF00FF)))
    #expect(accent(light, .danger) == .exact(RGB(0x800000)))
    #expect(accent(dark, .danger) == Look(terminal, on: dark).style(of: .danger).foreground)
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
      ("bright-red", PaletteColor.index(9)), ("208", .index(208)),
      ("#ff8700", .exact(RGB(0xFF8700))),
      ("page+8", .raised(8)), ("default", .standard),
    ])
  func colors(word: String, color: PaletteColor) {
    #expect(PaletteColor(word: word) == color)
  }

  @Test("A terminal gets the nearest colour that it has")
  func reduced() throws {
    #expect(PaletteColor.index(9).reduced(to: .eight) == .index(1))
    #expect(PaletteColor.index(214).reduced(to: .eight) == .index(3))
    #expect(PaletteColor.index(231).reduced(to: .sixteen) == .index(15))
    #expect(PaletteColor.index(214).reduced(to: .palette) == .index(214))
    #expect(PaletteColor.standard.reduced(to: .eight) == .standard)
    let mixtures =
      [
        ("#ff8700", 208), ("#000000", 16), ("#0072b2", 25), ("#808080", 244),
      ] as [(String, UInt8)]
    for (word, number) in mixtures {
      let color = try #require(PaletteColor(word: word))
      #expect(color.reduced(to: .palette) == .index(number))
      #expect(color.reduced(to: .exact) == color)
    }
    #expect(ColorDepth(colors: 88, isExact: false) == .sixteen)
    #expect(ColorDepth(colors: 256, isExact: true) == .exact)
    #expect(ColorDepth(colors: 8, isExact: true) == .eight)
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
}
