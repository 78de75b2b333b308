/// A stretch of network between a client and a server on the loopback address, which a test can
/// cut, silence or refuse. It works on threads of its own.
public final class SilentProxy: Sendable {
  /// How the network behaves.
  public enum Behaviour: Sendable, Equatable {
    /// Bytes go through in both directions.
    case forward
    /// A firewall drops every packet: open connections stay open and nothing comes through; new
    /// ones are never answered. What was under way arrives when `forward` is back.
    case silent
    /// Nothing listens: open connections are closed, new ones refused.
    case refuse
  }

  /// What happens to the transaction that is committed next.
  public enum CommitFault: Sendable, Equatable {
    /// The COMMIT never reaches the server, which then rolls back.
    case requestLost(Loss)
    /// The server commits, and its answer never reaches the client.
    case answerLost(Loss)
    /// The client gets the answer, and the connection breaks right behind it.
    case answeredThen(Loss)
  }

  /// How a message gets lost.
  public enum Loss: Sendable, Equatable {
    /// Both ends see the connection close.
    case close
    /// Nobody sees anything: nothing passes from then on, until `behave` says otherwise.
    case silence
  }

  /// Where clients connect to, on 127.0.0.1.
  public let port: UInt16
  private let traffic: ProxyTraffic
  private let gate: ProxyGate

  /// Opens a way to a PostgreSQL server on this machine.
  public init(to serverPort: UInt16) throws {
    let traffic = ProxyTraffic()
    self.traffic = traffic
    port = try FreePort.find()
    gate = try ProxyGate(port: port) { client in
      ProxyConnection.join(client: client, serverPort: serverPort, traffic: traffic)
    }
  }

  deinit {
    close()
  }

  /// Changes the behaviour, for connections that are open as well as for new ones.
  public func behave(_ behaviour: Behaviour) throws {
    switch behaviour {
    case .forward:
      traffic.setSilent(false)
      try gate.open()
    case .silent:
      traffic.setSilent(true)
      try gate.choke()
    case .refuse:
      gate.shut()
      traffic.closeConnections()
      traffic.setSilent(false)
    }
  }

  /// Makes the line slow: what is sent takes that long in each direction.
  public func slow(milliseconds: Int) {
    traffic.setDelay(Double(milliseconds) / 1000)
  }

  /// Closes the open connections; new ones are forwarded as before.
  public func closeConnections() {
    traffic.closeConnections()
  }

  /// Closes each connection in which a client says that, as some firewalls do.
  public func forbid(_ text: String) {
    traffic.forbid(text)
  }

  /// Lets a fault befall the next transaction that a client commits, once; nil takes it back.
  public func onNextCommit(_ fault: CommitFault?) {
    traffic.arm(fault)
  }

  /// Whether the fault of `onNextCommit` is still to come.
  public var isArmed: Bool { traffic.isArmed }

  /// How many connections are open through the proxy.
  public var connections: Int { traffic.connectionCount }

  /// Ends the proxy and every connection through it.
  public func close() {
    gate.shut()
    traffic.end()
  }
}
