/// The one rule of what may be repeated of a value that somebody has written into an address, a
/// variable or a file. People put whole addresses, `user:password` and `password=…` where a single
/// name belongs: what does not plainly look like its kind is never shown.
public enum Disclosure {
  /// What stands where something is not shown. Of one length, so that nothing of it shows.
  public static let mask = "•••"

  /// The value as it may be repeated.
  ///
  /// - Parameter keyword: libpq's word for it; the values of words that it does not know are hidden.
  public static func shown(_ value: String, of keyword: String) -> String {
    allows(value, of: keyword) ? value : mask
  }

  /// Whether the value of that keyword may be shown as it is.
  public static func allows(_ value: String, of keyword: String) -> Bool {
    guard let shape = ConnectionKeyword.named(keyword)?.shape else { return false }
    if value.isEmpty { return shape != .secret }
    return switch shape {
    case .secret: false
    case .hosts:
      value.split(separator: ",", omittingEmptySubsequences: false)
        .allSatisfy(keyword == "hostaddr" ? isNumeric : isHost)
    case .ports: value.allSatisfy { isDigit($0) || $0 == "," }
    case .number: value.allSatisfy { isDigit($0) || $0 == "-" }
    case .choice(let words): words.contains { $0.lowercased() == value.lowercased() }
    case .vocabulary(let words): value.split(separator: ",").allSatisfy { isWord($0, of: words) }
    case .path: isPath(value)
    case .name: keyword == "dbname" ? isDatabase(value) : isName(value)
    case .options: isOptions(value)
    }
  }

  /// Whether a name or a path holds what belongs into an address: a URL, or words with values.
  public static func holdsWholeAddress(_ text: some StringProtocol) -> Bool {
    text.contains("://") || hasAssignment(text)
  }

  /// Whether a text of any other kind, such as the name of an operator, holds an address or looks
  /// like a user with a password.
  public static func holdsAddress(_ text: some StringProtocol) -> Bool {
    if holdsWholeAddress(text) { return true }
    return text.split(whereSeparator: \.isWhitespace).contains { word in
      guard let colon = word.firstIndex(of: ":") else { return false }
      let behind = word[word.index(after: colon)...].filter { !".,;:)".contains($0) }
      // `12:30`, `Note:` and `127.0.0.1:5432:` are no passwords.
      return colon > word.startIndex && !behind.isEmpty && !behind.allSatisfy(isDigit)
    }
  }

  /// What was written somewhere, in quotes, for a sentence about it.
  public static func quoted(_ text: String) -> String {
    holdsAddress(text) || text.contains("@") ? "what stands there" : "'\(text)'"
  }

  /// What a server said, without what it repeats of passwords, addresses and odd names.
  ///
  /// - Parameter hidden: what must not be in it, such as the password that was used.
  public static func words(_ message: String, hiding hidden: [String] = []) -> String {
    let plain = hidden.filter { !$0.isEmpty }.reduce(message) { replaced($1, in: $0) }
    let pieces = plain.split(separator: "\"", omittingEmptySubsequences: false)
    let shown = pieces.enumerated().map { index, piece in
      // Between two quotation marks.
      if index % 2 == 1, index < pieces.count - 1 {
        return holdsAddress(piece) || piece.contains("@") ? mask : String(piece)
      }
      return piece.split(separator: " ", omittingEmptySubsequences: false)
        .map { isSuspicious($0) ? mask : String($0) }.joined(separator: " ")
    }
    return shown.joined(separator: "\"")
  }

  /// A word in a sentence; `sslmode=require` and `[::1]:5432` are none.
  private static func isSuspicious(_ word: Substring) -> Bool {
    let bare = word.drop { "([<'".contains($0) }
    if word.hasPrefix("["), word.contains("]:") || word.hasSuffix("]") { return false }
    let halves = bare.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if halves.count == 2, ConnectionKeyword.named(String(halves[0])) != nil {
      return !allows(String(halves[1].filter { !",;.)".contains($0) }), of: String(halves[0]))
    }
    return holdsAddress(bare)
  }

  /// Foundation has this; here it is done by hand.
  private static func replaced(_ secret: String, in text: String) -> String {
    var shown = ""
    var rest = text[...]
    while !rest.isEmpty {
      if rest.hasPrefix(secret) {
        shown += mask
        rest = rest.dropFirst(secret.count)
      } else {
        shown.append(rest.removeFirst())
      }
    }
    return shown
  }

  // MARK: Shapes

  private static func isDigit(_ character: Character) -> Bool {
    character.isASCII && character.isNumber
  }

  /// A name, a numeric address, or a directory of sockets (`@` begins an abstract one).
  private static func isHost(_ host: some StringProtocol) -> Bool {
    if host.hasPrefix("/") || host.hasPrefix("@") {
      return host.dropFirst().allSatisfy { $0.isLetter || $0.isNumber || "/._- ".contains($0) }
    }
    if host.contains(":") { return isSixthVersion(host) }
    return host.allSatisfy { $0.isLetter || $0.isNumber || ".-_".contains($0) } && !isLump(host)
  }

  /// `fe80::1%eth0`: groups of up to four hexadecimal digits, perhaps with a zone.
  private static func isSixthVersion(_ host: some StringProtocol) -> Bool {
    let parts = host.split(separator: "%", omittingEmptySubsequences: false)
    guard let number = parts.first, parts.count <= 2,
      parts.dropFirst().allSatisfy({ $0.allSatisfy { $0.isLetter || $0.isNumber } })
    else { return false }
    let groups = number.split(separator: ":", omittingEmptySubsequences: false)
    guard groups.count >= 3, groups.count <= 9 else { return false }
    return groups.contains("") || groups.count == 8
      ? groups.dropLast().allSatisfy { $0.count <= 4 && $0.allSatisfy(\.isHexDigit) }
        && groups[groups.count - 1].allSatisfy { $0.isHexDigit || $0 == "." }
      : false
  }

  private static func isNumeric(_ address: some StringProtocol) -> Bool {
    address.contains(":")
      ? isSixthVersion(address) : address.allSatisfy { isDigit($0) || $0 == "." }
  }

  private static func isWord(_ word: some StringProtocol, of words: [String]) -> Bool {
    func plain(_ word: some StringProtocol) -> String {
      word.lowercased().filter { $0.isLetter || $0.isNumber }
    }
    return words.contains { plain($0) == plain(word) }
  }

  /// A path that begins at a known place, or ends as files do that belong there. A password or a key
  /// that somebody has put in its place does neither.
  private static func isPath(_ path: String) -> Bool {
    guard allowsFile(path), !path.contains("\\"), !path.contains("--") else { return false }
    if path == "system" { return true }
    let ending = path.split(separator: "/").last.map { $0.split(separator: ".") } ?? []
    let endings = ["crt", "cer", "pem", "key", "crl", "conf", "pgpass"]
    let isFile = ending.count > 1 && endings.contains(ending.last?.lowercased() ?? "")
    guard "/~.".contains(path.first ?? " ") || isFile else { return false }
    return !isLump(path.filter { $0 != "/" }) || path.count < 40
      ? !path.split(separator: "/").contains(where: isLump) : false
  }

  /// The name of a file that stands behind a word that says so, such as `sqlite:`. The sign between
  /// a user and a password, and one between a word and its value, stand in few paths and in many
  /// secrets.
  public static func allowsFile(_ path: String) -> Bool {
    !path.contains { ":=".contains($0) || $0.isNewline } && !path.contains("\0")
  }

  /// Letters of both kinds and digits without a stop, as a key has them in base64.
  private static func isLump(_ text: some StringProtocol) -> Bool {
    text.count >= 24 && text.allSatisfy { $0.isASCII && ($0.isLetter || isDigit($0) || $0 == "+") }
      && text.contains(where: isDigit) && text.contains(where: \.isUppercase)
      && text.contains(where: \.isLowercase)
  }

  /// Of a role or a program. What people put between a user and a password is no part of it.
  private static func isName(_ name: some StringProtocol) -> Bool {
    name.count <= 128 && !isLump(name)
      && name.allSatisfy { character in
        character.isLetter || character.isNumber || "._-$".contains(character)
          || character.unicodeScalars.contains { !$0.isASCII && !$0.properties.isWhitespace }
      }
  }

  /// Where a setting stands behind the name, as in `bank&sslmode=require`, it may be shown if the
  /// setting may. A single sign at the end is shown, so that somebody can see it.
  private static func isDatabase(_ name: String) -> Bool {
    let last = name.last.map { ",;/&=.)".contains($0) } ?? false
    let pieces = (last ? name.dropLast() : name[...]).split(
      omittingEmptySubsequences: false, whereSeparator: { "&;,".contains($0) })
    guard let first = pieces.first, isName(first) else { return false }
    return pieces.dropFirst().allSatisfy { piece in
      let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return halves.count == 2 && allows(String(halves[1]), of: String(halves[0]))
    }
  }

  /// `-c name=value` and `--name=value` with a plain value, and no name that speaks of a secret.
  private static func isOptions(_ options: String) -> Bool {
    options.split(separator: " ").allSatisfy { word in
      if word == "-c" { return true }
      let bare: Substring = word.hasPrefix("-c") ? word.dropFirst(2) : word.drop { $0 == "-" }
      guard let equals = bare.firstIndex(of: "=") else { return false }
      let (name, value) = (bare[..<equals], bare[bare.index(after: equals)...])
      return name.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "_" || $0 == "-") }
        && !speaksOfSecret(name)
        && value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.,-".contains($0)) }
    }
  }

  private static func speaksOfSecret(_ name: some StringProtocol) -> Bool {
    let name = name.lowercased()
    return ["pass", "pw", "secret", "token", "key", "cred"].contains { name.contains($0) }
  }

  /// `host=…`, `password = …`: a word of libpq, or one that speaks of a secret, with a value.
  private static func hasAssignment(_ text: some StringProtocol) -> Bool {
    var rest = Substring(text)
    while let equals = rest.firstIndex(of: "=") {
      let before = rest[..<equals].reversed().drop(while: \.isWhitespace)
      let word = String(before.prefix { $0.isLetter || $0 == "_" }.reversed())
      if ConnectionKeyword.named(word) != nil || !word.isEmpty && speaksOfSecret(word) {
        return true
      }
      rest = rest[rest.index(after: equals)...]
    }
    return false
  }
}
