internal import CLibCrypto

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
  /// A digest as it is printed, first byte first.
  public typealias Digest = InlineArray<32, UInt8>

  /// The digest of the bytes. It cannot fail.
  public static func digest(of bytes: UnsafeRawBufferPointer) -> Digest {
    var digest = Digest(repeating: 0)
    var octets = digest.mutableSpan
    octets.withUnsafeMutableBufferPointer {
      CRYPTOsha256(bytes.baseAddress, bytes.count, $0.baseAddress)
    }
    return digest
  }

  /// The digest of a text in UTF-8, in 64 lower-case hexadecimal digits.
  public static func hexadecimal(of text: String) -> String {
    let octets = Array(text.utf8).withUnsafeBytes { digest(of: $0) }
    let digits = Array("0123456789abcdef".utf8)
    var written: [UInt8] = []
    for index in octets.indices {
      written.append(digits[Int(octets[index] >> 4)])
      written.append(digits[Int(octets[index] & 0xF)])
    }
    return String(decoding: written, as: UTF8.self)
  }
}
