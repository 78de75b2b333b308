import Glibc

/// `.pgpass`, read as libpq reads it (`passwordFromFile` in its fe-connect.c), byte by byte.
struct PasswordFile {
  enum Reading {
    case file(PasswordFile)
    case missing
    case notPlain
    /// Others may read it.
    case tooOpen
    case unreadable
  }

  /// With its number, counted from 1.
  private let lines: [(number: Int, bytes: [UInt8])]

  static func read(_ path: String) -> Reading {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return .missing }
    guard facts.st_mode & S_IFMT == S_IFREG else { return .notPlain }
    guard facts.st_mode & 0o077 == 0 else { return .tooOpen }
    switch LineFile.read(path) {
    case .lines(let lines): return .file(PasswordFile(lines))
    case .missing: return .missing
    case .notPlain: return .notPlain
    case .unreadable: return .unreadable
    }
  }

  /// A zero byte hides the end of its line from libpq: the next line is read as a part of it.
  private init(_ raw: [ArraySlice<UInt8>]) {
    var lines: [(number: Int, bytes: [UInt8])] = []
    var open: (number: Int, bytes: [UInt8])?
    for (index, line) in raw.enumerated() {
      let isLast = index == raw.count - 1
      let shown = line.prefix { $0 != 0 }
      // Behind the last line end there is nothing, not even an empty line.
      if isLast, line.isEmpty { break }
      let whole = (open?.number ?? index + 1, (open?.bytes ?? []) + shown)
      guard isLast || shown.count == line.count else {
        open = whole
        continue
      }
      open = nil
      lines.append(whole)
    }
    self.lines = lines
  }

  /// The first line whose fields are those or `*`, with its number and its password; whether the
  /// password ends at a colon that was meant as a part of it.
  func password(for wanted: [String]) -> (line: Int, password: String, isCut: Bool)? {
    for (number, line) in lines where line.first != UInt8(ascii: "#") {
      let end = line.lastIndex { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
      var rest: ArraySlice<UInt8>? = line[..<(end.map { $0 + 1 } ?? 0)]
      for field in wanted { rest = rest.flatMap { Self.behind(Array(field.utf8), in: $0) } }
      guard let rest else { continue }
      let (password, isCut) = Self.password(rest)
      return (number, password, isCut)
    }
    return nil
  }

  /// What stands behind a field and its colon; nil where another value stands there. A backslash
  /// makes a colon, a star or itself a part of the field.
  private static func behind(
    _ field: [UInt8], in line: ArraySlice<UInt8>
  ) -> ArraySlice<UInt8>? {
    if line.starts(with: "*:".utf8) { return line.dropFirst(2) }
    var (line, field) = (line, field[...])
    while let byte = line.first {
      if byte == UInt8(ascii: ":"), field.isEmpty { return line.dropFirst() }
      if byte == UInt8(ascii: "\\") { line = line.dropFirst() }
      guard let wanted = field.popFirst(), line.popFirst() == wanted else { return nil }
    }
    return nil
  }

  private static func password(_ rest: ArraySlice<UInt8>) -> (String, isCut: Bool) {
    var password: [UInt8] = []
    var rest = rest
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: ":") { return (String(decoding: password, as: UTF8.self), true) }
      if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
        password.append(escaped)
      } else {
        password.append(byte)
      }
    }
    return (String(decoding: password, as: UTF8.self), false)
  }
}
