import Foundation

/// What the form of a password says about how it got where it is. Nothing of the password is in it.
public enum PasswordForm: Sendable, Equatable {
  case quoted, lineEnd, blank, placeholder, json, encoded, percent, address, comment, masked
  case invisible, cutAtColon

  /// Nil for a password that looks as it should.
  init?(_ password: String, in place: PasswordSource.Place) {
    let scalars = password.unicodeScalars
    guard let first = scalars.first, let last = scalars.last else { return nil }
    let trimmed = password.trimmingCharacters(in: .whitespacesAndNewlines)
    if scalars.count > 1, first == last, "\"'`".unicodeScalars.contains(first) {
      self = .quoted
    } else if last == "\n" || last == "\r" {
      self = .lineEnd
    } else if trimmed != password {
      self = .blank
    } else if scalars.contains(where: { Self.isInvisible($0) }) {
      self = .invisible
    } else if Self.isPlaceholder(password) {
      self = .placeholder
    } else if password.hasPrefix("{"), password.hasSuffix("}") {
      self = .json
    } else if password.contains("://") || password.lowercased().hasPrefix("password=") {
      self = .address
    } else if password.count > 2, password.allSatisfy({ "*•xX".contains($0) }) {
      self = .masked
    } else if place.isFile, password.contains(" #") {
      self = .comment
    } else if place != .address, password.contains(/%[0-9A-Fa-f]{2}/) {
      self = .percent
    } else if Self.isEncoded(password) {
      self = .encoded
    } else {
      return nil
    }
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    [.format, .control, .lineSeparator].contains(scalar.properties.generalCategory)
      || scalar == "\u{A0}"
  }

  /// `${NAME}`, `$(command)`, `{{ name }}`, `<password>`, `%NAME%`
  private static func isPlaceholder(_ text: String) -> Bool {
    [("${", "}"), ("$(", ")"), ("{{", "}}"), ("<", ">"), ("%", "%")].contains {
      text.count > 2 && text.hasPrefix($0.0) && text.hasSuffix($0.1)
    } || text.wholeMatch(of: /\$[A-Z_][A-Z0-9_]+/) != nil
  }

  /// Base64 of plain text: hardly any other password of eight letters and more decodes to one.
  private static func isEncoded(_ text: String) -> Bool {
    guard text.utf8.count >= 8, let data = Data(base64Encoded: text) else { return false }
    return data.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0A }
  }

  /// For a sentence about the password.
  public var words: String {
    switch self {
    case .quoted: "it stands in quotation marks, which count as a part of it"
    case .lineEnd: "it ends with a line end, which counts as a part of it"
    case .blank: "it begins or ends with a blank, which counts as a part of it"
    case .placeholder: "it looks like a placeholder that nobody has filled in"
    case .json: "it looks like JSON: only the password itself belongs there"
    case .encoded: "it looks like base64, which nobody decodes on the way"
    case .percent: "it has a % with two digits: that is decoded in postgres:// addresses only"
    case .address: "it holds a whole address or setting: only the password itself belongs there"
    case .comment: "it holds ' #': there are no comments behind a value"
    case .masked: "it looks like a mask that was copied"
    case .invisible: "it has an invisible character in it"
    case .cutAtColon: "it ends at its first colon: a colon in it is written \\:"
    }
  }
}

extension PasswordSource.Place {
  var isFile: Bool { if case .file = self { true } else { false } }
}
