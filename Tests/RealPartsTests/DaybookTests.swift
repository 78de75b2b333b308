import Foundation
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
