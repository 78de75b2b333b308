import Foundation
import Settings
import Testing

@Suite("Where Daybook's files are")
struct DirectoryTests {
  @Test("XDG variables count when they hold absolute paths")
  func baseDirectories() {
    let plain = Directories(environment: [:], home: "/people/ana")
    #expect(plain.state == "/people/ana/.local/state/daybook")
    #expect(plain.embeddedBank == "/people/ana/.local/share/daybook/bank.sqlite")
    #expect(
      plain.configurationFiles == [
        "/people/ana/.config/daybook/config.yaml", "/etc/daybook/config.yaml",
      ])
    let moved = Directories(
      environment: [
        "XDG_STATE_HOME": "/s", "XDG_DATA_HOME": "relative", "XDG_CONFIG_HOME": "/c",
      ], home: "/people/ana")
    #expect(moved.state == "/s/daybook")
    #expect(moved.embeddedBank == "/people/ana/.local/share/daybook/bank.sqlite")
    #expect(moved.configurationFiles.first == "/c/daybook/config.yaml")
  }

  @Test("the shared files: named, installed, or above the program")
  func share() throws {
    let workshop = try Workshop()
    for place in ["named", "usr/share/daybook", "source"] {
      try workshop.write("", "\(place)/themes/x")
      try workshop.write("", "\(place)/data/x")
    }
    func found(_ program: String, _ named: String? = nil) throws -> String {
      let environment = named.map { ["DAYBOOK_SHARE": $0] } ?? [:]
      return try ShareDirectory(
        environment: environment, program: "\(workshop.folder)/\(program)"
      ).path.replacingOccurrences(of: workshop.folder + "/", with: "")
    }
    #expect(try found("usr/bin/daybook") == "usr/share/daybook")
    #expect(try found("source/.build/debug/daybook") == "source")
    #expect(try found("usr/bin/daybook", "\(workshop.folder)/named") == "named")
    let fault = #expect(throws: SettingsFault.self) {
      try found("usr/bin/daybook", "\(workshop.folder)/usr")
    }
    #expect(fault?.problems.first?.place == "DAYBOOK_SHARE")
    #expect(throws: SettingsFault.self) { try found("elsewhere/bin/daybook") }
  }
}
