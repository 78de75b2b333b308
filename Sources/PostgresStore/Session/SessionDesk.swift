import BankCore
import BankService
import ConnectionString
import Synchronization

/// Where an answer came from last: sessions of one pool do not each find out that a host is silent.
final class LastWay: Sendable {
  private let known = Mutex<ServerAddress.Host?>(nil)

  var way: ServerAddress.Host? {
    get { known.withLock { $0 } }
    set { known.withLock { $0 = newValue } }
  }
}

/// What a session's thread works on: the address, and the connection when there is one.
final class SessionDesk {
  private let address: ServerAddress
  private var connection: Connection?
  private let lastWay: LastWay
  /// Where the parts come from that led to the connection.
  private var origins: [ValueOrigin] = []

  init(_ address: ServerAddress, _ lastWay: LastWay) {
    (self.address, self.lastWay) = (address, lastWay)
  }

  var socket: Int32 { connection?.socket ?? -1 }

  func lookWhileIdle() -> StoreFault? {
    guard let fault = connection?.lookWhileIdle() else { return nil }
    connection = nil
    return fault
  }

  func close() {
    connection?.close()
    connection = nil
  }

  /// Takes an open transaction back.
  func rollBack() {
    guard let connection, connection.isInTransaction else { return }
    connection.begin(.reading())
    connection.rollBack()
    if connection.isBroken { close() }
  }

  /// Runs an errand, connecting first where needed. A connection that turns out to be dead before
  /// its first answer is replaced once: nothing has been done on it.
  ///
  /// - Parameter keepsTransaction: leaves an open transaction open, for the next errand of a lease.
  func run<Value>(
    _ errand: Errand, keepsTransaction: Bool = false,
    _ body: (Connection) throws(StoreFault) -> Value
  ) throws(StoreFault) -> Value {
    if let connection {
      connection.begin(errand)
      do throws(StoreFault) {
        return try finish(connection, keepsTransaction: keepsTransaction, body)
      } catch {
        let wasStale = (connection.isBroken || connection.isStale) && !connection.hasAnswered
        guard wasStale, !error.missedDeadline else { throw error }
      }
    }
    close()
    let current = try address.reread()
    let (fresh, way) = try Connecting.connect(to: current, preferring: lastWay.way, errand)
    // With one way alone there is nothing to remember.
    lastWay.way = current.hosts.count > 1 || way.place != way.display ? way : nil
    connection = fresh
    origins = current.origins(of: way)
    fresh.begin(errand)
    return try finish(fresh, keepsTransaction: keepsTransaction, body)
  }

  private func finish<Value>(
    _ connection: Connection, keepsTransaction: Bool,
    _ body: (Connection) throws(StoreFault) -> Value
  ) throws(StoreFault) -> Value {
    defer {
      // A transaction left open would keep its locks.
      if connection.isInTransaction, !keepsTransaction { connection.rollBack() }
      if connection.isBroken || connection.isStale { close() }
    }
    do throws(StoreFault) {
      return try body(connection)
    } catch {
      throw error.suspecting(origins)
    }
  }
}
