import BankCore

extension AddressText {
  /// Whether it carries a password, or something that may be one: before and behind its first mistake.
  public var hasPassword: Bool {
    switch form {
    case .url(let parts): return parts.hasPassword(bytes)
    case .keywords(let parts): return parts.hasPassword
    case .nothing:
      if URLParts.start(of: bytes) != nil { return true }
      // A quotation mark is missing, or a blank stands in a value.
      let text = bytes.written(0..<bytes.end).lowercased()
      return ConnectionKeyword.all.contains { $0.shape == .secret && text.contains($0.name) }
    }
  }

  /// The address with every password replaced, each part by the rule of `Disclosure`. What cannot be
  /// taken apart is not shown at all: a misplaced `@` or quote would show a password as a host.
  public var masked: String {
    switch form {
    case .url(let parts): return parts.masked(bytes)
    case .keywords(let parts) where parts.areNames: return parts.masked
    case .keywords: break
    case .nothing:
      if bytes.end > AddressMistake.byteLimit { return "(an address that is too long, not shown)" }
      if let start = URLParts.start(of: bytes) { return bytes.written(0..<start) + Disclosure.mask }
    }
    return "(an address that cannot be read, not shown)"
  }
}

extension URLParts {
  /// Whether no part of it can be a piece of a password.
  func isCertain(_ bytes: AddressBytes) -> Bool {
    do throws(AddressMistake) {
      try checkSigns(bytes)
    } catch {
      return false
    }
    return parameters.allSatisfy { Self.isSetting($0, bytes) } && !mayBeginWithServer(bytes)
  }

  /// An `@` behind the `?` stands in the value of a setting, or it was meant to end the password.
  private static func isSetting(_ parameter: Range<Int>, _ bytes: AddressBytes) -> Bool {
    guard bytes.first("@", in: parameter) != nil else { return true }
    guard let equals = bytes.first("=", in: parameter),
      let word = try? bytes.decoded(parameter.lowerBound..<equals)
    else { return false }
    return ConnectionKeyword.named(word) != nil
  }

  /// Whether what libpq takes for the user and the password may be a server with a setting behind it,
  /// in whose value the `@` stands: `postgres://db:5432?pasword=s3@cret`.
  private func mayBeginWithServer(_ bytes: AddressBytes) -> Bool {
    guard let end = (password ?? user)?.upperBound,
      let sign = bytes.first("?", in: start..<end)
    else { return false }
    return bytes.first("=", in: sign..<end) != nil
  }

  /// Whatever it is mixed with; what cannot be decoded may be the word for a password.
  func hasPassword(_ bytes: AddressBytes) -> Bool {
    guard isCertain(bytes), password?.isEmpty ?? true else { return true }
    return parameters.contains { parameter in
      guard let equals = bytes.first("=", in: parameter), equals + 1 < parameter.upperBound
      else { return false }
      let word = try? bytes.decoded(parameter.lowerBound..<equals)
      return word.map(ConnectionKeyword.isSecret) ?? true
    }
  }

  func masked(_ bytes: AddressBytes) -> String {
    let scheme = bytes.written(0..<start)
    if isCertain(bytes), let places = places(bytes) {
      return scheme + (user.map { Self.login($0, password, bytes) } ?? "") + places
    }
    // `postgres://ana:p@ss@db/books`: all before the last @ was meant as the user and the password.
    // Behind a `?` it may stand in a setting, and what follows it is no host.
    guard let sign = bytes.last("@", in: start..<bytes.end),
      bytes.first("?", in: start..<sign) == nil,
      let rest = try? URLParts(bytes, from: sign + 1), rest.isCertain(bytes),
      let places = rest.places(bytes)
    else { return scheme + Disclosure.mask }
    let colon = bytes.first(":", in: start..<sign)
    return scheme + Self.login(start..<(colon ?? sign), colon.map { $0..<sign }, bytes) + places
  }

  private static func login(
    _ user: Range<Int>, _ password: Range<Int>?, _ bytes: AddressBytes
  ) -> String {
    let isShown = isPlain(user, bytes) && allows(user, of: "user", bytes)
    return (isShown ? bytes.written(user) : Disclosure.mask)
      + (password == nil ? "" : ":\(Disclosure.mask)") + "@"
  }

  /// What stands behind the user; nil where it may be a piece of the password. Signs that stand in
  /// no host and no database were meant as a part of one.
  private func places(_ bytes: AddressBytes) -> String? {
    let start =
      servers[0].host.lowerBound - (bytes.has("[", at: servers[0].host.lowerBound - 1) ? 1 : 0)
    let end = bytes.first("/?", in: start..<bytes.end) ?? bytes.end
    guard Self.isPlain(start..<end, bytes), database.map({ Self.isPlain($0, bytes) }) ?? true,
      servers.allSatisfy({ Self.allows($0.host, of: "host", bytes) })
    else { return nil }
    var text = bytes.written(start..<end)
    if let database {
      let isShown = Self.allows(database, of: "dbname", bytes)
      text += "/" + (isShown ? bytes.written(database) : Disclosure.mask)
    }
    guard !parameters.isEmpty else { return text }
    return text + "?" + parameters.map { Self.masked($0, bytes) }.joined(separator: "&")
  }

  private static func masked(_ parameter: Range<Int>, _ bytes: AddressBytes) -> String {
    guard let equals = bytes.first("=", in: parameter) else { return Disclosure.mask }
    let written = parameter.lowerBound..<equals
    // libpq decodes names too, so `pass%77ord` is a password. What cannot be decoded is no name.
    guard let word = try? bytes.decoded(written) else {
      return "\(Disclosure.mask)=\(Disclosure.mask)"
    }
    if allows((equals + 1)..<parameter.upperBound, of: word, bytes) {
      return bytes.written(parameter)
    }
    let isShown = ConnectionKeyword.shown(word) == word
    return "\(isShown ? bytes.written(written) : Disclosure.mask)=\(Disclosure.mask)"
  }

  private static func allows(
    _ range: Range<Int>, of keyword: String, _ bytes: AddressBytes
  ) -> Bool {
    guard let value = try? bytes.decoded(range) else { return false }
    return Disclosure.allows(value, of: keyword)
  }

  private static func isPlain(_ range: Range<Int>, _ bytes: AddressBytes) -> Bool {
    (try? bytes.decoded(range)) != nil
      && !bytes.written(range).unicodeScalars.contains {
        "#'\"\\`?&<>|^{}".unicodeScalars.contains($0) || $0.properties.isWhitespace
      }
  }
}

extension KeywordParts {
  var hasPassword: Bool {
    pairs.contains { ConnectionKeyword.isSecret($0.word) && !$0.value.isEmpty }
  }

  /// Whether the words look like words of libpq.
  var areNames: Bool {
    pairs.allSatisfy { pair in
      pair.word.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
    }
  }

  var masked: String {
    pairs.map { pair in
      let isShown = Disclosure.allows(pair.value, of: pair.word)
      return "\(ConnectionKeyword.shown(pair.word))="
        + (isShown ? Self.quoted(pair.value) : Disclosure.mask)
    }.joined(separator: " ")
  }

  private static func quoted(_ value: String) -> String {
    let isPlain = !value.unicodeScalars.contains {
      $0.properties.isWhitespace || $0 == "'" || $0 == "\\"
    }
    return isPlain && !value.isEmpty ? value : inQuotes(value)
  }
}
