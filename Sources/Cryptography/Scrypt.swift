internal import CLibCrypto

/// scrypt (RFC 7914): makes a key of a secret that a person can remember, at a price that whoever
/// tries many secrets has to pay for each of them.
public enum Scrypt {
  /// The price, kept beside whatever was made with it.
  public struct Cost: Hashable, Sendable {
    /// *N*: a power of two above 1. Time and memory grow with it.
    public let rounds: UInt64
    /// *r*: memory grows with it, and time.
    public let blockSize: UInt64
    /// *p*: time grows with it.
    public let parallelism: UInt64

    /// Takes any numbers; `key` throws for those that scrypt does not know.
    public init(rounds: UInt64, blockSize: UInt64, parallelism: UInt64) {
      self.rounds = rounds
      self.blockSize = blockSize
      self.parallelism = parallelism
    }
  }

  /// The key that belongs to a secret.
  ///
  /// - Parameters:
  ///   - byteCount: how long the key is to be, at least 1.
  ///   - memoryLimitBytes: the cost may come from a place that others can write to; more than this
  ///     is not taken. scrypt needs a little more than 128 · N · r bytes.
  /// - Throws: `CryptographyFault.library` for a cost that scrypt does not know, one beyond the
  ///   memory limit, and where the memory is not there.
  public static func key(
    from secret: [UInt8], salt: [UInt8], cost: Cost, byteCount: Int,
    memoryLimitBytes: UInt64 = 64 << 20
  ) throws(CryptographyFault) -> [UInt8] {
    guard byteCount > 0 else { throw .length("key", byteCount) }
    var key = [UInt8](repeating: 0, count: byteCount)
    try LibCrypto.require("scrypt") { context in
      secret.withUnsafeBytes { secret in
        EVP_PBE_scrypt_ex(
          secret.baseAddress?.assumingMemoryBound(to: CChar.self), secret.count, salt, salt.count,
          cost.rounds, cost.blockSize, cost.parallelism, memoryLimitBytes, &key, byteCount,
          context, nil)
      }
    }
    return key
  }
}
