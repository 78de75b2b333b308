import BankCore
import BankService

/// Whether another session keeps tables of the books to itself: for an index that is built, or by
/// `VACUUM FULL`. Who the bank is can be read meanwhile, and no entry gets in; so a bank is believed to
/// be back only when these locks can be had.
struct TableLocks {
  let connection: Connection

  /// What every post writes to.
  private static let tables = ["terminal", "account", "own_account", "inbox", "booking", "line"]
    .map { "daybook.\($0)" }.joined(separator: ", ")

  /// Takes the locks of a reader, then those of a post, and gives them back at once.
  ///
  /// - Parameter milliseconds: for each of the two.
  /// - Throws: C18 or C19. What the role may not do is for the doctor, and for the post itself.
  func check(milliseconds: Int) throws(StoreFault) {
    try take("ACCESS SHARE", .reading(milliseconds: milliseconds))
    try take("ROW EXCLUSIVE", .writing(milliseconds: milliseconds))
  }

  private func take(_ mode: String, _ errand: Errand) throws(StoreFault) {
    connection.begin(errand)
    do throws(StoreFault) {
      _ = try connection.run([
        .begin, Call("LOCK TABLE \(Self.tables) IN \(mode) MODE"), .rollBack,
      ])
    } catch {
      guard error.kind == .rightsMissing else { throw error }
      connection.rollBack()
    }
  }
}
