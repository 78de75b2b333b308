import BankCore
import BankService
import BankTesting
import Branch
import Foundation
import Settings
import Synchronization
import Testing

@testable import Answers

/// A desk that answers by a script.
private final class ScriptedDesk: DeskPort {
  private let script: @Sendable (Request) -> Reply
  private let present: ServiceStatus
  let asked = Mutex<[Request]>([])

  init(_ status: ServiceStatus, _ script: @escaping @Sendable (Request) -> Reply) {
    present = status
    self.script = script
  }

  func ask(_ request: Request) async -> Reply {
    asked.withLock { $0.append(request) }
    return script(request)
  }
  func ask(_ request: BranchRequest) async -> BranchReply { .done }
  func status() async -> ServiceStatus { present }
  var statuses: AsyncStream<ServiceStatus> { AsyncStream { $0.finish() } }
  func quiet() async {}
  func waitForDoctor(withinMilliseconds milliseconds: Int64) async -> [OwedDoctorRun] { [] }
  func close() async {}
  var hasCommitted: Bool { false }
}

private struct NoBank: BankAdapters {
  func bankFile(at path: String, schemaFolder: String) -> any Store { SimulatedStore() }
  func bankServer(at address: String, schemaFolder: String) -> any Store { SimulatedStore() }
  func fileProbes(at path: String, remembering memory: TillMemory?) -> [any ConnectionProbe] { [] }
  func serverProbes(at address: String, remembering memory: TillMemory?) -> [any ConnectionProbe] {
    []
  }
  func mayBeSame(_ address: String, _ other: String) -> Bool { false }
  func copiedBank(in file: String) async -> BankIdentity? { nil }
}

@Suite("What a command asks its desk")
struct CommandDeskTests {
  let make = Fixtures()
  var online: ServiceStatus {
    var status = ServiceStatus(terminal: "till-1", operatorName: "ana", endpoint: "db")
    status.mode = .online
    return status
  }

  private func command(_ desk: ScriptedDesk) throws -> CommandDesk {
    let surroundings = Surroundings(environment: ["HOME": "/nowhere"], workingDirectory: "/nowhere")
    let settings = try CallOptions(database: "postgres://db/books").settings(surroundings)
    return CommandDesk(
      desk, Workplace(settings, surroundings, NoBank()),
      Wording())
  }

  @Test("a failed reply is thrown, and an answer to another question is a fault")
  func answers() async throws {
    let no = Failure(.refused, code: "R004", text: "t", fix: "f")
    let failing = try command(ScriptedDesk(online) { _ in .failed(no) })
    let thrown = await #expect(throws: Failure.self) {
      try await failing.knownAccount(make.number("1001"))
    }
    #expect(thrown == no)
    let strange = try command(ScriptedDesk(online) { _ in .done })
    let fault = await #expect(throws: Failure.self) { try await strange.receipt(.reconcile) }
    #expect(fault?.kind == .fault && fault?.code == "reply")
  }

  @Test("an account that nobody knows is unknown at the bank, and only missing in a snapshot")
  func unknownAccounts() async throws {
    var away = online
    away.mode = .manual
    for (status, reason) in [(online, Reason.unknownAccount), (away, .notInSnapshot)] {
      let desk = try command(ScriptedDesk(status) { _ in .account(nil) })
      let thrown = await #expect(throws: Failure.self) {
        try await desk.knownAccount(make.number("1001"))
      }
      #expect(thrown?.code == reason.code)
    }
  }

  @Test("an amount: the named currency, else the account's, else the bank's")
  func amounts() async throws {
    let yen = try #require(Currency("JPY"))
    let crown = try #require(Currency("CZK"))
    let number = make.number("1001")
    let view = AccountView(
      account: Account(number: number, holder: "x", currency: crown),
      provenance: .live(make.now))
    let known = try command(ScriptedDesk(online) { _ in .account(view) })
    #expect(try await known.amount("5", of: number, in: yen).currency == yen)
    #expect(try await known.amount("5.00", of: number, in: nil).currency == crown)
    let decimals = await #expect(throws: Failure.self) {
      try await known.amount("5.00", of: number, in: yen)
    }
    #expect(decimals?.kind == .usage && decimals?.code == "amount")
    var status = online
    let stranger = try command(ScriptedDesk(status) { _ in .account(nil) })
    let none = await #expect(throws: Failure.self) {
      try await stranger.amount("5.00", of: number, in: nil)
    }
    #expect(none?.code == "currency")
    status.bank = make.identity
    let banks = try command(ScriptedDesk(status) { _ in .account(nil) })
    #expect(try await banks.amount("5.00", of: number, in: nil).currency == make.euro)
    status.objectionToEntering = Failure(.fault, code: "enrol", text: "t", fix: "f")
    let closed = try command(ScriptedDesk(status) { _ in .account(nil) })
    let objection = await #expect(throws: Failure.self) {
      try await closed.amount("no amount", of: number, in: nil)
    }
    #expect(objection?.code == "enrol", "why nothing can be entered comes first")
  }

  @Test("an overdraft is an amount, and not below zero")
  func overdrafts() throws {
    #expect(try AccountDraft.overdraft(nil, make.euro) == 0)
    #expect(try AccountDraft.overdraft("12.50", make.euro) == 1_250)
    for wrong in ["-1.00", "1.234", "x"] {
      #expect(throws: Failure.self) { try AccountDraft.overdraft(wrong, make.euro) }
    }
  }

  @Test("a statement is of customers' accounts")
  func ownAccount() async throws {
    let desk = ScriptedDesk(online) { _ in .done }
    let thrown = await #expect(throws: Failure.self) {
      try await command(desk).statement(of: make.till(), from: nil, to: nil)
    }
    #expect(thrown?.code == "own-account" && desk.asked.withLock { $0.isEmpty })
  }
}
