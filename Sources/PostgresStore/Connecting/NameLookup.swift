import BankCore
import BankService
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
    if let numeric = host.numeric { return [numeric] }
    if let numeric = numeric(host.name) { return [numeric] }
    let answer = lookup(host.name)
    guard let found = answer.wait(by: deadline.atMost(milliseconds: limitMilliseconds)) else {
      throw StoreFault(
        .nameServerSilent,
        "looking up the name \(host.name) took longer than "
          + seconds(limitMilliseconds), missedDeadline: true)
    }
    if !found.addresses.isEmpty { return found.addresses }
    guard found.code == EAI_AGAIN else {
      throw StoreFault(.unknownName, "there is no host with the name \(host.name)")
    }
    throw StoreFault(.nameServerSilent, "no name server answers for \(host.name)")
  }

  /// The name itself, where it is an address already.
  static func numeric(_ name: String) -> String? {
    resolve(name, onlyNumeric: true).addresses.first
  }

  private static let pending = Mutex<[String: Answer]>([:])

  private static func lookup(_ name: String) -> Answer {
    pending.withLock { pending in
      if let asked = pending[name] { return asked }
      let answer = Answer()
      pending[name] = answer
      let started = startThread {
        answer.set(resolve(name, onlyNumeric: false))
        Self.pending.withLock { $0[name] = nil }
      }
      if !started {
        answer.set(Found(code: EAI_MEMORY, addresses: []))
        pending[name] = nil
      }
      return answer
    }
  }

  struct Found: Sendable {
    let code: Int32
    let addresses: [String]
  }

  private static func resolve(_ name: String, onlyNumeric: Bool) -> Found {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = onlyNumeric ? AI_NUMERICHOST : 0
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(name, nil, &hints, &list)
    guard code == 0 else { return Found(code: code, addresses: []) }
    defer { freeaddrinfo(list) }
    var addresses: [String] = []
    var next = list
    while let info = next {
      next = info.pointee.ai_next
      var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let told = getnameinfo(
        info.pointee.ai_addr, info.pointee.ai_addrlen, &buffer, socklen_t(buffer.count), nil, 0,
        NI_NUMERICHOST)
      guard told == 0 else { continue }
      let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      if !addresses.contains(text) { addresses.append(text) }
    }
    return Found(code: 0, addresses: addresses)
  }

  /// An answer that one thread gives and others wait for with a deadline.
  private final class Answer: Sendable {
    private let found = Mutex<Found?>(nil)
    private let arrived = Signal()

    func set(_ value: Found) {
      found.withLock { $0 = value }
      arrived.raise()
    }

    func wait(by deadline: Deadline) -> Found? {
      arrived.wait(by: deadline)
      return found.withLock { $0 }
    }
  }
}
