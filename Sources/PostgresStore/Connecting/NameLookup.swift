import BankCore
import BankService
import ConnectionString
import Glibc
import Synchronization

/// Turns a host's name into addresses. The system's lookup cannot be ended: with dead name
/// servers it takes ten seconds and more. It runs on a thread that is left to itself after the
/// deadline; whoever asks for the same name meanwhile waits for the same thread.
enum NameLookup {
  static let limitMilliseconds = 2_000

  static func addresses(
    of host: ServerAddress.Host, by deadline: Deadline
  ) throws(StoreFault) -> [String] {
    let asked = ask(host)
    asked.wait(by: deadline.atMost(milliseconds: limitMilliseconds))
    guard let found = try asked.addresses() else { throw asked.silence }
    return found
  }

  /// Begins to look a host up; nobody waits here. Names that are asked for one after the other are
  /// looked up side by side.
  static func ask(_ host: ServerAddress.Host) -> Asked {
    if let numeric = host.numeric ?? ResolvedName.numeric(host.name) {
      return Asked(host: host, numeric: numeric, answer: nil)
    }
    return Asked(host: host, numeric: nil, answer: lookup(host.name))
  }

  /// A host that is looked up.
  struct Asked: Sendable {
    let host: ServerAddress.Host
    fileprivate let numeric: String?
    fileprivate let answer: Answer?

    /// Readable once the answer is there; -1 where none is waited for.
    var descriptor: Int32 { answer?.descriptor ?? -1 }

    func wait(by deadline: Deadline) { answer?.wait(by: deadline) }

    /// - Returns: nil while the answer is not there.
    func addresses() throws(StoreFault) -> [String]? {
      guard let answer else { return [numeric].compactMap { $0 } }
      guard let found = answer.value else { return nil }
      if !found.addresses.isEmpty { return found.addresses }
      guard found.code == EAI_AGAIN else {
        throw StoreFault(.unknownName, "there is no host with the name \(host.name)")
      }
      throw StoreFault(.nameServerSilent, "no name server answers for \(host.name)")
    }

    /// What is wrong where nobody waits any longer.
    var silence: StoreFault {
      StoreFault(
        .nameServerSilent,
        "looking up the name \(host.name) took longer than "
          + seconds(limitMilliseconds), missedDeadline: true)
    }
  }

  private static let pending = Mutex<[String: Answer]>([:])

  private static func lookup(_ name: String) -> Answer {
    pending.withLock { pending in
      if let asked = pending[name] { return asked }
      let answer = Answer()
      pending[name] = answer
      let started = startThread {
        answer.set(ResolvedName(name, onlyNumeric: false))
        Self.pending.withLock { $0[name] = nil }
      }
      if !started {
        answer.set(ResolvedName(code: EAI_MEMORY))
        pending[name] = nil
      }
      return answer
    }
  }

  /// An answer that one thread gives and others wait for with a deadline.
  fileprivate final class Answer: Sendable {
    private let found = Mutex<ResolvedName?>(nil)
    private let arrived = Signal()

    func set(_ value: ResolvedName) {
      found.withLock { $0 = value }
      arrived.raise()
    }

    var descriptor: Int32 { arrived.descriptor }

    var value: ResolvedName? { found.withLock { $0 } }

    func wait(by deadline: Deadline) { arrived.wait(by: deadline) }
  }
}
