import Foundation
import Glibc
import RealParts
import Testing

@Suite("The built program")
struct DaybookTests {
  @Test("runs in a home of its own")
  func ownHome() async throws {
    let daybook = try Daybook(environment: ["DAYBOOK_DATABASE": "sqlite:nowhere"])
    #expect(daybook.environment["HOME"] == daybook.home)
    #expect(daybook.environment["DAYBOOK_DATABASE"] == "sqlite:nowhere")
    #expect(daybook.environment["XDG_STATE_HOME"].map { "\($0)/daybook" } == daybook.state)
    #expect(FileManager.default.isExecutableFile(atPath: daybook.binary))
    await daybook.close()
    #expect(!FileManager.default.fileExists(atPath: daybook.home))
  }

  @Test("runs for real, knows nothing of the tester, and says what it was asked")
  func answers() async throws {
    let daybook = try Daybook()
    let settings = try await daybook.run("config", "show", "--json")
    #expect(settings.status == 0)
    let values = try #require(try settings.json()["settings"].list)
    let state = values.first { $0["key"].text == "state" }
    #expect(state?["value"].text == daybook.state)
    #expect(try await daybook.run("nonsense").status == 64)

    let terminal = try await daybook.open("themes")
    #expect(try await terminal.waitEnd() == 0)
    try await terminal.waitFor("MANUAL LEDGER")
    await terminal.close()
    await daybook.close()
  }

  @Test("can be killed in the middle")
  func killed() async throws {
    let daybook = try Daybook()
    let running = try await daybook.start("themes")
    try ProcessTable.signal(running.process, SIGSTOP)
    try running.signal(SIGKILL)
    let answer = try await running.answer()
    // It may have been quicker than the signal.
    #expect(answer.status == 137 || answer.status == 0)
    #expect(!ProcessTable.isAlive(running.process))
    await daybook.close()
  }

  @Test("answers in JSON that a test can look into")
  func json() throws {
    let answer = DaybookAnswer(
      command: "deposit", status: 0,
      standardOutput: #"{"receipt":{"state":"posted","number":12},"lines":[{"ok":true},null]}"#,
      standardError: "")
    let json = try answer.json()
    #expect(json["receipt"]["state"].text == "posted")
    #expect(json["receipt"]["number"].int == 12)
    #expect(json["lines"][0]["ok"].bool == true)
    #expect(json["lines"][1].isNull && json["lines"][2].isNull && json["nothing"][0].isNull)
    #expect(json["lines"].list?.count == 2)
    #expect(json.names == ["receipt", "lines"])

    let broken = DaybookAnswer(
      command: "status", status: 3, standardOutput: "{} {}", standardError: "cannot")
    let fault = #expect(throws: RealPartFault.self) { try broken.json() }
    #expect(try #require(fault?.description).contains("exit status 3"))
  }
}
