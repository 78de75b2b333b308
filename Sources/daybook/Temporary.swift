import BankCore
import BankService
import Foundation
struct TemporaryClock {
  func now() -> Instant { Instant(millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1000)) }
  func mint() -> Identifier { Identifier(version7: now(), random: (.random(in: 0 ... .max), .random(in: 0 ... .max))) }
}
extension Composition {
  var clock: TemporaryClock { TemporaryClock() }
  func openDesk(_ access: DeskAccess) async throws -> any Desk { throw Failure(.fault, code: "x", text: "x", fix: "x") }
}
extension Counter { func now() -> Instant { TemporaryClock().now() } }
enum StatementFile { static func csv(_ a: Account, _ l: [StatementLine]) throws -> String { "" } }
