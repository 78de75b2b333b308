import BankCore
import BankService
import Testing

@testable import ConnectionString
@testable import PostgresStore

@Suite("What is said of a password file that is not used")
struct PasswordWordsTests {
  @Test("one that cannot be opened is not said to be open to others")
  func unreadable() throws {
    let source = PasswordSource(place: .unreadableFile(path: "/home/ana/.pgpass"), oddity: nil)
    let fault = source.missing(at: "db:5432")
    #expect(fault.text.hasSuffix("and the password file /home/ana/.pgpass cannot be read"))
    #expect(fault.remedy?.contains("must belong to the user that runs daybook") == true)
    guard case .warn(_, let text, let remedy) = source.finding else {
      Issue.record("\(source.finding)")
      return
    }
    #expect(text == "the password file /home/ana/.pgpass cannot be read")
    #expect(remedy == fault.remedy)
  }
}
