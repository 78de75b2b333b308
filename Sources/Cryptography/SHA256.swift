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
}
