import Cryptography
import Testing

@Suite("scrypt")
struct ScryptTests {
  private func cost(_ rounds: UInt64, _ blockSize: UInt64, _ parallelism: UInt64) -> Scrypt.Cost {
    Scrypt.Cost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
  }

  /// The fourth of them needs a gigabyte, and shows nothing that these do not.
  @Test("The test vectors of RFC 7914, section 12")
  func standard() throws {
    let vectors: [(String, String, Scrypt.Cost, String)] = [
      (
        "", "", cost(16, 1, 1),
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
          + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
      ),
      (
        "password", "NaCl", cost(1_024, 8, 16),
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
          + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
      ),
      (
        "pleaseletmein", "SodiumChloride", cost(16_384, 8, 1),
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
          + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
      ),
    ]
    for (secret, salt, cost, expected) in vectors {
      let key = try Scrypt.key(
        from: Array(secret.utf8), salt: Array(salt.utf8), cost: cost, byteCount: 64)
      #expect(hexadecimal(key) == expected)
    }
  }

  @Test("A cost that scrypt does not know, or that takes too much memory, is an error and no trap")
  func refused() {
    let costs = [
      cost(0, 8, 1), cost(1, 8, 1), cost(1_000, 8, 1), cost(16, 0, 1), cost(16, 8, 0),
      cost(1 << 20, 8, 1), cost(1 << 63, 8, 1), cost(.max, .max, .max), cost(16, .max, 1),
      cost(16, 8, .max), cost(16, 1 << 15, 1 << 15),
    ]
    for cost in costs {
      #expect(throws: CryptographyFault.self, "\(cost)") {
        try Scrypt.key(from: [1], salt: [2], cost: cost, byteCount: 32)
      }
    }
    for count in [0, -1, .min] {
      #expect(throws: CryptographyFault.length("key", count)) {
        try Scrypt.key(from: [1], salt: [2], cost: cost(16, 1, 1), byteCount: count)
      }
    }
  }

  @Test("The memory limit decides, and not the library's own")
  func memory() throws {
    // 128 · N · r are 64 MiB, twice of what libcrypto allows by itself.
    let large = cost(1 << 16, 8, 1)
    #expect(throws: CryptographyFault.self) {
      try Scrypt.key(from: [1], salt: [2], cost: large, byteCount: 32)
    }
    let key = try Scrypt.key(
      from: [1], salt: [2], cost: large, byteCount: 32, memoryLimitBytes: 80 << 20)
    #expect(key.count == 32)
  }
}
