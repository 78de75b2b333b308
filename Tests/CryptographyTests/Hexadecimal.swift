/// The bytes that a text of hexadecimal digits writes down.
func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = Array(hexadecimal.utf8)
  return stride(from: 0, to: digits.count, by: 2).map { place in
    UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)!
  }
}

/// The bytes in hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
