import Glibc

/// A port that accepts connections and never says a word, like a server that is frozen.
public enum SilentListener {
  /// - Returns: the descriptor to close, and the port.
  public static func open() throws -> (descriptor: Int32, port: UInt16) {
    let port = try FreePort.find()
    let (descriptor, bound) = FreePort.bindLoopback(port)
    guard bound, listen(descriptor, 8) == 0 else { throw RealPartFault("cannot listen at \(port)") }
    return (descriptor, port)
  }

  /// The same at another address of this machine, such as `127.0.0.9`.
  public static func open(at address: String, _ port: UInt16) throws -> Int32 {
    let (descriptor, bound) = FreePort.bindLoopback(port, at: address)
    guard bound, listen(descriptor, 8) == 0 else { throw RealPartFault("cannot listen there") }
    return descriptor
  }

  public static func close(_ descriptor: Int32) { Glibc.close(descriptor) }
}
