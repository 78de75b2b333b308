import Cryptography
import Testing

@Suite("Ed25519")
struct Ed25519Tests {
  private struct Vector {
    let seed: String
    let publicKey: String
    let message: String
    let signature: String
  }

  /// Of RFC 8032, section 7.1: TEST 1, 2, 3 and SHA(abc).
  private let vectors = [
    Vector(
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    Vector(
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
        + "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    Vector(
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
        + "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    Vector(
      seed: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      publicKey: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      message: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      signature: "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b5890"
        + "9351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"),
  ]

  @Test("The test vectors of RFC 8032, section 7.1")
  func standard() throws {
    for vector in vectors {
      let key = try Ed25519.SigningKey(seed: bytes(vector.seed))
      let publicKey = try key.publicKey()
      let signature = try key.signature(of: bytes(vector.message))
      #expect(hexadecimal(publicKey) == vector.publicKey)
      #expect(hexadecimal(signature) == vector.signature)
      #expect(try Ed25519.isValid(signature, of: bytes(vector.message), by: publicKey))
    }
  }

  @Test("One other bit in message, signature or public key, and it is not valid")
  func forged() throws {
    let vector = vectors[3]
    let whole = (bytes(vector.message), bytes(vector.signature), bytes(vector.publicKey))
    for bit in 0..<512 {
      var (message, signature, publicKey) = whole
      message[bit / 8] ^= 1 << (bit % 8)
      #expect(try !Ed25519.isValid(whole.1, of: message, by: whole.2), "message, bit \(bit)")
      signature[bit / 8] ^= 1 << (bit % 8)
      #expect(try !Ed25519.isValid(signature, of: whole.0, by: whole.2), "signature, bit \(bit)")
      guard bit < 256 else { continue }
      publicKey[bit / 8] ^= 1 << (bit % 8)
      #expect(try !Ed25519.isValid(whole.1, of: whole.0, by: publicKey), "public key, bit \(bit)")
    }
  }

  @Test("Wrong lengths are errors, and a signature of a wrong length is not valid")
  func lengths() throws {
    let vector = vectors[1]
    let publicKey = bytes(vector.publicKey)
    for count in [0, 1, 31, 33, 64] {
      let wrong = [UInt8](repeating: 7, count: count)
      #expect(throws: CryptographyFault.length("seed", count)) {
        _ = try Ed25519.SigningKey(seed: wrong)
      }
      #expect(throws: CryptographyFault.length("public key", count)) {
        try Ed25519.isValid(bytes(vector.signature), of: bytes(vector.message), by: wrong)
      }
    }
    for count in [0, 63, 65] {
      let wrong = Array((bytes(vector.signature) + [0]).prefix(count))
      #expect(try !Ed25519.isValid(wrong, of: bytes(vector.message), by: publicKey))
    }
  }

  @Test("Random keys sign random messages; no other key has signed them")
  func random() throws {
    func random(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8.random(in: .min ... .max) }
    }
    for _ in 0..<100 {
      let ours = try Ed25519.SigningKey(seed: random(32))
      let theirs = try Ed25519.SigningKey(seed: random(32))
      let message = random(.random(in: 0...500))
      let signature = try ours.signature(of: message)
      let right = try ours.publicKey()
      let wrong = try theirs.publicKey()
      #expect(try Ed25519.isValid(signature, of: message, by: right))
      #expect(try !Ed25519.isValid(signature, of: message, by: wrong))
    }
  }
}
