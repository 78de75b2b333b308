import Files
import Foundation
import Testing

@Suite("Writing all of the bytes")
struct WriteAllTests {
  /// Without care the signal would end this process, and with it every test.
  @Test("a pipe whose reader is gone is an error, and no signal")
  func brokenPipe() {
    let pipe = Pipe()
    try? pipe.fileHandleForReading.close()
    for _ in 0..<3 {
      let error = [UInt8(ascii: "x")].withUnsafeBytes {
        writeAll($0, toPipe: pipe.fileHandleForWriting.fileDescriptor)
      }
      #expect(error == EPIPE)
    }
    var pending = sigset_t()
    sigpending(&pending)
    #expect(sigismember(&pending, SIGPIPE) == 0)
  }
}
