/// How the bytes of an imported file become text.
///
/// Bytes that mean nothing in the encoding are an error, never a replacement character: a name
/// that is stored wrong cannot be told from a right one later.
public enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  case ascii = "ascii"
  case latin1 = "iso-8859-1"
  case latin2 = "iso-8859-2"
  case windows1250 = "windows-1250"
  case windows1252 = "windows-1252"

  /// - Throws: `UndecodableText`, which names the first byte that is wrong.
  func text(_ bytes: ArraySlice<UInt8>) throws(UndecodableText) -> String {
    guard let foreign = bytes.first(where: { $0 >= 0x80 }) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    if self == .utf8 {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw UndecodableText(encoding: self, byte: nil)
      }
      return text
    }
    guard let upperHalf else { throw UndecodableText(encoding: self, byte: foreign) }
    var text = String.UnicodeScalarView()
    for byte in bytes {
      guard byte >= 0x80 else {
        text.append(Unicode.Scalar(byte))
        continue
      }
      let scalar = upperHalf[Int(byte) - 0x80]
      guard scalar != Self.undefined else { throw UndecodableText(encoding: self, byte: byte) }
      text.append(scalar)
    }
    return String(text)
  }

  /// What the bytes from 0x80 mean; nil where they mean nothing or depend on one another.
  private var upperHalf: [Unicode.Scalar]? {
    switch self {
    case .utf8, .ascii: nil
    case .latin1: Self.latin1UpperHalf
    case .latin2: Self.latin2UpperHalf
    case .windows1250: Self.windows1250UpperHalf
    case .windows1252: Self.windows1252UpperHalf
    }
  }

  private static let undefined: Unicode.Scalar = "\u{FFFD}"

  /// The 32 control characters of the ISO 8859 family count as undefined: in bank data they mean
  /// that the file is really in a Windows code page.
  private static let noControls = Array(repeating: undefined, count: 32)

  private static let latin1UpperHalf: [Unicode.Scalar] =
    noControls + (UInt8(0xA0)...0xFF).map { Unicode.Scalar($0) }

  // ISO/IEC 8859-2:1999.
  private static let latin2UpperHalf: [Unicode.Scalar] =
    noControls
    + Array(
      """
      \u{A0}Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u{AD}ŽŻ°ą˛ł´ľśˇ¸šşťź˝žż\
      ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙
      """.unicodeScalars)

  // Microsoft code page 1250, as registered with IANA.
  private static let windows1250UpperHalf: [Unicode.Scalar] = Array(
    """
    €\u{FFFD}‚\u{FFFD}„…†‡\u{FFFD}‰Š‹ŚŤŽŹ\u{FFFD}‘’“”•–—\u{FFFD}™š›śťžź\
    \u{A0}ˇ˘Ł¤Ą¦§¨©Ş«¬\u{AD}®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż\
    ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙
    """.unicodeScalars)

  // Microsoft code page 1252, as registered with IANA.
  private static let windows1252UpperHalf: [Unicode.Scalar] =
    Array(
      """
      €\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ
      """.unicodeScalars) + latin1UpperHalf.dropFirst(32)
}

/// Bytes that are no text in the encoding that the rules name.
struct UndecodableText: Error, Hashable {
  let encoding: TextEncoding
  /// Nil where a sequence of bytes is wrong rather than a single one.
  let byte: UInt8?

  var text: String {
    guard let byte else { return "is not valid \(encoding.rawValue.uppercased())" }
    let hexadecimal = String(byte, radix: 16, uppercase: true)
    return "has the byte 0x\(hexadecimal), which means nothing in \(encoding.rawValue)"
  }
}
