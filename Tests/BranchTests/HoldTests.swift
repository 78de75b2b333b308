import BankCore
import Branch
import Foundation
import Settings
import Testing

@Suite("The hold of a state directory")
struct HoldTests {
  @Test("begins and ends where everybody sees it, and stops what works without a desk")
  func holds() async throws {
    let scene = try Scene()
    let holds = DirectoryHolds(StateDirectory(path: scene.state))
    let file = HoldFile(state: scene.state)
    try file.requireNone()
    #expect(try holds.begin(.drill, by: "ana").standing?.by == "ana")
    #expect(holds.look().standing?.kind == .drill)
    let failure = try #require(throws: Failure.self) { try file.requireNone() }
    #expect(failure.kind == .fault && failure.fix.hasPrefix("Nothing was changed."))
    #expect(throws: Failure.self, "a hold never takes a drill's place") {
      try holds.begin(.hold, by: "eva")
    }
    #expect(try holds.end(.drill, by: "eva").standing == nil)
    try file.requireNone()
  }

  @Test("tells each state once")
  func changes() async throws {
    let scene = try Scene()
    let holds = DirectoryHolds(StateDirectory(path: scene.state))
    var states = holds.changes().makeAsyncIterator()
    #expect(await states.next()?.standing == nil)
    _ = try holds.begin(.hold, by: "ana")
    #expect(await states.next()?.standing?.by == "ana")
    _ = try holds.end(nil, by: "ana")
    #expect(await states.next()?.standing == nil)
  }
}
