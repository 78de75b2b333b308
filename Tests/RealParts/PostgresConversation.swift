/// Cuts the bytes between a PostgreSQL client and server into messages, and recognises the
/// request to commit and its answer.
///
/// The format is that of the manual's chapter "Frontend/Backend Protocol", version 3: a type
/// byte, then the length of the rest as four bytes; only the client's first message has no type.
/// A COMMIT that was prepared under a name, or an implicit one, is not recognised as a request;
/// its answer is.
struct PostgresConversation {
  enum Side {
    case client, server
  }

  struct Message {
    let bytes: [UInt8]
    let kind: Kind
  }

  enum Kind {
    /// A client's COMMIT, or the server's word that it was carried out.
    case commit
    /// The server is ready for the next query.
    case ready
    case other
  }

  private enum Phase {
    case startup
    /// The server answers a question about encryption with one byte.
    case encryptionAnswer
    case messages
    /// Encrypted: nothing to be recognised.
    case opaque
  }

  private var client = (phase: Phase.startup, held: [UInt8]())
  private var server = (phase: Phase.messages, held: [UInt8]())

  /// The messages that are complete now.
  mutating func messages(from side: Side, adding bytes: ArraySlice<UInt8>) -> [Message] {
    var held = (side == .client ? client.held : server.held) + bytes
    var complete: [Message] = []
    var start = 0
    while start < held.count, let end = messageEnd(of: held, from: start, side) {
      let message = Array(held[start..<end])
      complete.append(Message(bytes: message, kind: kind(of: message, side)))
      advance(past: message, side)
      start = end
    }
    held.removeFirst(start)
    if side == .client { client.held = held } else { server.held = held }
    return complete
  }

  /// What was held back because its message never became complete.
  mutating func rest(from side: Side) -> [UInt8] {
    defer { if side == .client { client.held = [] } else { server.held = [] } }
    return side == .client ? client.held : server.held
  }

  private func messageEnd(of held: [UInt8], from start: Int, _ side: Side) -> Int? {
    switch side == .client ? client.phase : server.phase {
    case .opaque: return held.count
    case .encryptionAnswer: return start + 1
    case .startup, .messages: break
    }
    let typeBytes = side == .client && client.phase == .startup ? 0 : 1
    let lengthStart = start + typeBytes
    guard held.count >= lengthStart + 4 else { return nil }
    let end = lengthStart + max(4, Self.number(held[lengthStart..<lengthStart + 4]))
    return end <= held.count ? end : nil
  }

  private mutating func advance(past message: [UInt8], _ side: Side) {
    switch (side, side == .client ? client.phase : server.phase) {
    case (.client, .startup):
      // 80877103 asks for TLS, 80877104 for GSSAPI; anything else begins the session.
      let code = message.count >= 8 ? Self.number(message[4..<8]) : 0
      if code == 80_877_103 || code == 80_877_104 {
        server.phase = .encryptionAnswer
      } else {
        client.phase = .messages
      }
    case (.server, .encryptionAnswer):
      let refused = message == Array("N".utf8)
      server.phase = refused ? .messages : .opaque
      if !refused { client.phase = .opaque }
    default: break
    }
  }

  private func kind(of message: [UInt8], _ side: Side) -> Kind {
    guard (side == .client ? client.phase : server.phase) == .messages, message.count > 5 else {
      return .other
    }
    let body = message[5...]
    switch (side, Character(UnicodeScalar(message[0]))) {
    case (.server, "C") where Array(body) == Array("COMMIT\0".utf8): return .commit
    case (.server, "Z"): return .ready
    case (.client, "Q") where Self.commits(body): return .commit
    case (.client, "P") where Self.commits(body.drop { $0 != 0 }.dropFirst()): return .commit
    default: return .other
    }
  }

  /// Whether a text of SQL is a COMMIT, or ends with one.
  private static func commits(_ body: ArraySlice<UInt8>) -> Bool {
    let statements = String(decoding: body.prefix { $0 != 0 }, as: UTF8.self)
      .split(whereSeparator: { $0 == ";" || $0.isWhitespace })
    return statements.first?.uppercased() == "COMMIT" || statements.last?.uppercased() == "COMMIT"
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }
}
