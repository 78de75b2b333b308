import RealParts
import Testing

@Suite("Commands of the system")
struct CommandTests {
  @Test("bring back output, errors and exit status")
  func result() async throws {
    let result = try await Command.run(
      ["sh", "-c", "cat; echo oops >&2; exit 3"], input: "deposit")
    #expect(result.standardOutput == "deposit")
    #expect(result.standardError == "oops\n")
    #expect(result.status == 3)
    #expect(try await Command.run(["sh", "-c", "kill -KILL $$"]).status == 137)
  }

  @Test("run in the plain environment, not in the tester's")
  func environment() async throws {
    let names = try await Command.succeed(["env"]).split(separator: "\n")
      .compactMap { $0.split(separator: "=").first }
    #expect(Set(names) == ["PATH", "LANG", "TZ"])
  }

  @Test("are killed at their deadline", .timeLimit(.minutes(5)))
  func deadline() async throws {
    await #expect(throws: RealPartFault.self) {
      try await Command.run(["sleep", "1000"], limit: .milliseconds(50))
    }
  }

  @Test("say which question was never answered with yes")
  func eventuallyNever() async throws {
    let fault = await #expect(throws: RealPartFault.self) {
      try await eventually(
        "the drawer is shut", within: .milliseconds(20), explanation: { "it stands open" }
      ) { false }
    }
    let text = try #require(fault?.description)
    #expect(text.contains("the drawer is shut") && text.contains("it stands open"))
  }
}
