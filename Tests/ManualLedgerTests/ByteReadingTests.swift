import Testing

@testable import ManualLedger

@Suite("Bytes read eight at a time")
struct ByteReadingTests {
  @Test("Every byte in every place of eight digits: lower-case hexadecimal, and nothing else")
  func hexadecimal() {
    for place in 0..<8 {
      for byte in UInt8.min...UInt8.max {
        var digits = Array("0123abcf".utf8)
        digits[place] = byte
        let text = String(decoding: digits, as: UTF8.self)
        let isDigit = "0123456789abcdef".utf8.contains(byte)
        let value = digits.withUnsafeBytes { HexadecimalDigits.eight($0, at: 0) }
        #expect(value == (isDigit ? UInt32(text, radix: 16) : nil), "\(byte) at \(place)")
        #expect(digits.withUnsafeBytes { HexadecimalDigits.eight($0, at: 0, and: 4) } == value)
      }
    }
  }

  @Test("Every byte in every place of a string ends it, is refused, or is passed over")
  func strings() throws {
    for place in 0..<24 {
      for byte in UInt8.min..<0x80 where byte != 0x5C {
        var inside = [UInt8](repeating: 0x61, count: 24)
        inside[place] = byte
        let json = Array(#"{"a":""#.utf8) + inside + Array(#""}"#.utf8)
        var scanner = JSONScanner()
        let fault = json.withUnsafeBytes { bytes -> JSONFault? in
          do throws(JSONFault) {
            try scanner.scan(bytes)
            return nil
          } catch {
            return error
          }
        }
        switch byte {
        case ..<0x20: #expect(fault == .unexpectedByte(at: 6 + place))
        case 0x22: #expect(fault == .unexpectedByte(at: 7 + place))
        default: #expect(fault == nil && scanner.nodes[2].end == 30, "\(byte) at \(place)")
        }
      }
    }
  }
}
