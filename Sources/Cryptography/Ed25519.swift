internal import CLibCrypto

/// Signatures with Ed25519 (RFC 8032), without a context and without hashing first.
public enum Ed25519 {
  /// Bytes of a seed, and of a public key.
  public static let keyByteCount = 32

  /// Bytes of a signature.
  public static let signatureByteCount = 64

  /// What signs. It cannot be copied, and its memory is overwritten when it goes.
  public struct SigningKey: ~Copyable, @unchecked Sendable {
    // Unchecked: libcrypto only reads a key that is made, and counts its users by itself.
    private let key: OpaquePointer

    /// The key of 32 secret bytes, which have to be random.
    ///
    /// - Throws: `CryptographyFault`, `length` for another number of bytes.
    public init(seed: [UInt8]) throws(CryptographyFault) {
      guard seed.count == keyByteCount else { throw .length("seed", seed.count) }
      key = try LibCrypto.make("signing key") {
        EVP_PKEY_new_raw_private_key_ex($0, "ED25519", nil, seed, seed.count)
      }
    }

    deinit { EVP_PKEY_free(key) }

    /// The 32 bytes that let anybody check what this key signs.
    ///
    /// - Throws: `CryptographyFault`.
    public func publicKey() throws(CryptographyFault) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: keyByteCount)
      var count = keyByteCount
      try LibCrypto.require("public key") { _ in
        EVP_PKEY_get_raw_public_key(key, &bytes, &count)
      }
      return bytes
    }

    /// The 64 bytes of the signature of a message, the same each time.
    ///
    /// - Throws: `CryptographyFault`.
    public func signature(of message: [UInt8]) throws(CryptographyFault) -> [UInt8] {
      let signing = try LibCrypto.make("signature") { _ in EVP_MD_CTX_new() }
      defer { EVP_MD_CTX_free(signing) }
      var signature = [UInt8](repeating: 0, count: signatureByteCount)
      var count = signatureByteCount
      try LibCrypto.require("signature") { context in
        let began = EVP_DigestSignInit_ex(signing, nil, nil, context, nil, key, nil)
        guard began == 1 else { return began }
        return EVP_DigestSign(signing, &signature, &count, message, message.count)
      }
      return signature
    }
  }

  /// Whether the signature of the message was made with the key behind this public key. A signature
  /// of a wrong length was not.
  ///
  /// - Throws: `CryptographyFault`, `length` for a public key that is not of 32 bytes.
  public static func isValid(
    _ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]
  ) throws(CryptographyFault) -> Bool {
    guard publicKey.count == keyByteCount else { throw .length("public key", publicKey.count) }
    guard signature.count == signatureByteCount else { return false }
    let key = try LibCrypto.make("public key") {
      EVP_PKEY_new_raw_public_key_ex($0, "ED25519", nil, publicKey, publicKey.count)
    }
    defer { EVP_PKEY_free(key) }
    let checking = try LibCrypto.make("check of a signature") { _ in EVP_MD_CTX_new() }
    defer { EVP_MD_CTX_free(checking) }
    try LibCrypto.require("check of a signature") {
      EVP_DigestVerifyInit_ex(checking, nil, nil, $0, nil, key, nil)
    }
    // Bytes that are no point of the curve are no public key, and fail here like any other.
    return LibCrypto.answer {
      EVP_DigestVerify(checking, signature, signature.count, message, message.count)
    } == 1
  }
}
