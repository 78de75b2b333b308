import BankCore
import BankService
import ConnectionString

extension StoreFault {
  /// The same for whoever asks the bank.
  init(_ mistake: ConnectionMistake) {
    self.init(mistake.kind, mistake.text, remedy: mistake.remedy)
  }
}

extension ServerAddress {
  /// The address with all that this process's surroundings give.
  static func read(_ text: String) throws(StoreFault) -> ServerAddress {
    do throws(ConnectionMistake) {
      return try ServerAddress(text)
    } catch {
      throw StoreFault(error)
    }
  }

  /// What its service file says now.
  func reread() throws(StoreFault) -> ServerAddress {
    do throws(ConnectionMistake) {
      return try current()
    } catch {
      throw StoreFault(error)
    }
  }
}
